/**
 * Runs the first command of README.md exactly as it stands, looks whether it does its job, and ends it as a person would.
 *
 *     node scripts/try-out.mjs
 */
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { get } from 'node:http';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
/** Longest time until it serves, installation included, and until it has ended. */
const PATIENCE_MS = 300_000;
const END_MS = 30_000;

const command = /^```sh\n(.*)$/m.exec(readFileSync(join(root, 'README.md'), 'utf8'))?.[1] ?? '';
if (!command.endsWith('npm start')) throw new Error(`README.md begins with "${command}".`);

const health = () =>
  new Promise((resolve) => {
    get('http://localhost:8200/v1/sys/health', (answer) => {
      answer.resume();
      resolve(answer.statusCode);
    }).once('error', () => resolve(0));
  });

console.log(`$ ${command}`);
// A group of its own, so that the end reaches whatever npm started, as Ctrl-C on a terminal does.
const child = spawn('sh', ['-c', command], { cwd: root, detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
let output = '';
for (const stream of [child.stdout, child.stderr])
  stream.on('data', (text) => {
    output += text;
    process.stdout.write(text);
  });
const ended = new Promise((resolve) => child.once('exit', (code, signal) => resolve(code ?? signal)));
const end = (signal) => {
  try {
    process.kill(-child.pid, signal);
  } catch {
    // It is gone already.
  }
};

const served = (async () => {
  const last = Date.now() + PATIENCE_MS;
  while (Date.now() < last && child.exitCode === null) {
    if (output.includes('Ctrl-C ends it') && (await health()) === 200) return true;
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
  return false;
})();

const problems = [];
if (!(await served)) problems.push('it did not come to serve');
for (const expected of ['Taken in as porch/home: 45 new', 'mqtt-password', 'gold: controls the home', 'heatpump_token'])
  if (!output.includes(expected)) problems.push(`it did not say "${expected}"`);
end('SIGINT');
const timer = setTimeout(() => end('SIGKILL'), END_MS);
await ended;
clearTimeout(timer);
for (let tries = 0; (await health()) !== 0; tries++) {
  if (tries === 40) {
    problems.push('it still serves after its end');
    break;
  }
  await new Promise((resolve) => setTimeout(resolve, 250));
}
console.log(problems.length === 0 ? 'The try-out did its job.' : `The try-out failed: ${problems.join('; ')}.`);
process.exit(problems.length === 0 ? 0 : 1);
