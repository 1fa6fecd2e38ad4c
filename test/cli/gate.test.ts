import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import { parse } from 'yaml';
import { type LiveHouse, openLiveHouse } from './house.ts';

const ROOT = join(import.meta.dirname, '../..');

let house: LiveHouse;
let folder: string;
before(async () => {
  house = await openLiveHouse();
  folder = join(house.root, 'attic');
  mkdirSync(folder);
  write('configuration.yaml', 'mqtt:\n  password: !secret mqtt_password\n');
  write('secrets.yaml', 'mqtt_password: Fine-And-Long-12\n');
  write('.gitignore', 'secrets.yaml\n');
  git('init', '-q', '-b', 'main');
  git('add', '-A');
  assert.equal(git('commit', '-qm', 'one').status, 0);
  assert.equal((await house.run(['adopt', folder])).exit, 0);
});
after(() => house.close());

const write = (name: string, text: string): void => writeFileSync(join(folder, name), text);
const git = (...args: readonly string[]) => {
  const { status, stdout, stderr } = spawnSync(
    'git',
    ['-c', 'user.name=Ada', '-c', 'user.email=ada@example.org', ...args],
    { cwd: folder, encoding: 'utf8', env: house.env },
  );
  return { status, said: `${stdout}${stderr}` };
};
const commit = () => {
  git('add', '-A');
  return git('commit', '-qm', 'more');
};
const run = (...args: readonly string[]) => house.run(args, { cwd: folder });

let pasted = 0;
/** As a person would paste it, with a value of its own where one is asked for. */
const paste = async (line: string) => {
  const [program, ...args] = line.split(' ');
  assert.equal(program, 'chatelaine');
  const answer = await house.run(args[0] === 'set' ? [...args, '--stdin'] : args, {
    cwd: folder,
    input: args[0] === 'set' ? `Made-For-This-Test-${++pasted}\n` : '',
  });
  return answer;
};

type Uses = {
  readonly uses: readonly {
    readonly name: string;
    readonly result: string;
    readonly elsewhere: readonly string[];
    readonly remedies: readonly { readonly run: string | null }[];
  }[];
};
const usesOf = async (): Promise<Uses['uses']> => (JSON.parse((await run('check', '--json')).out) as Uses).uses;

suite('the gate', () => {
  test('the hook stops a commit that asks for what is not registered, and lets through what is', async () => {
    assert.equal((await run('scan', '--install-hook')).exit, 0);
    write('index.ts', 'serve(process.env.PORT, process.env.GITHUB_TOKEN, process.env.TOKEN_FILE);\n');
    assert.equal(commit().status, 0, 'ordinary variables are let through');
    write('index.ts', 'pay(process.env.STRIPE_SECRET_KEY);\n');
    const stopped = commit();
    assert.equal(stopped.status, 1);
    assert.match(stopped.said, /STRIPE_SECRET_KEY.*not registered/s);
    // The commands that it printed, in their order, until the commit passes.
    const done: string[] = [];
    for (let i = 0; i < 4 && git('diff', '--cached', '--quiet').status !== 0; i++) {
      const wrong = (await usesOf()).find(({ remedies }) => remedies.length > 0);
      const line = wrong?.remedies[0]?.run;
      assert.ok(typeof line === 'string', JSON.stringify(wrong));
      assert.notEqual((await paste(line)).exit, 2, line);
      done.push(line);
      commit();
    }
    assert.deepEqual(done, ['chatelaine set attic/home/stripe-secret-key', 'chatelaine check --declare']);
    assert.equal(git('status', '--porcelain').said, '');
  });

  test('a name that another environment has is told with it, and the commands for either case work', async () => {
    assert.equal((await run('project', 'environment', 'attic', 'prod')).exit, 0);
    assert.equal((await paste('chatelaine set attic/prod/push_token')).exit, 0);
    write('index.ts', 'pay(process.env.STRIPE_SECRET_KEY, process.env.PUSH_TOKEN);\n');
    const use = (await usesOf()).find(({ name }) => name === 'PUSH_TOKEN')!;
    assert.deepEqual([use.result, use.elsewhere], ['not registered', ['attic/prod/push_token']]);
    const lines = use.remedies.map((remedy) => remedy.run!);
    assert.ok(lines.includes('chatelaine check -p attic -e prod'), lines.join('\n'));
    const there = await run('check', '-p', 'attic', '-e', 'prod');
    assert.match(there.out, /PUSH_TOKEN.*not declared/);
    const own = lines.find((line) => line.startsWith('chatelaine set attic/home/'));
    assert.equal((await paste(own!)).exit, 0);
    assert.equal((await usesOf()).find(({ name }) => name === 'PUSH_TOKEN')!.result, 'not declared');
  });

  test('the action judges what a range asks for anew, and before a deployment all of it', async () => {
    const action = parse(readFileSync(join(ROOT, 'action.yml'), 'utf8')) as {
      readonly runs: {
        readonly steps: readonly {
          readonly name: string;
          readonly run: string;
          readonly env: Record<string, string>;
        }[];
      };
    };
    const step = action.runs.steps.find(({ name }) => name === 'Check')!;
    assert.ok(!step.run.includes('${{'), 'an expression in a command line would be run');
    const summary = join(house.root, 'summary.md');
    const act = (given: Readonly<Record<string, string>>) => {
      const values: Readonly<Record<string, string>> = {
        '${{ github.action_path }}': ROOT,
        '${{ inputs.path }}': '.',
        '${{ inputs.place }}': 'attic/home',
        '${{ inputs.range }}': '',
        '${{ inputs.deployment }}': 'false',
        ...given,
      };
      const env = Object.fromEntries(Object.entries(step.env).map(([name, text]) => [name, values[text]!]));
      const { status, stdout } = spawnSync('sh', ['-e', '-c', step.run], {
        cwd: folder,
        encoding: 'utf8',
        env: { ...house.env, ...env, GITHUB_STEP_SUMMARY: summary },
      });
      return { status, said: stdout };
    };
    git('commit', '-qam', 'push', '--no-verify');
    const range = { '${{ inputs.range }}': 'HEAD~1..HEAD' };
    const stopped = act(range);
    assert.equal(stopped.status, 1, stopped.said);
    assert.match(stopped.said, /PUSH_TOKEN/);
    assert.doesNotMatch(stopped.said, /STRIPE_SECRET_KEY/, 'only what is new');
    assert.match(readFileSync(summary, 'utf8'), /^## Chatelaine check of attic\/home\n\n {4}.*PUSH_TOKEN/ms);
    assert.equal((await run('check', '--declare')).exit, 0);
    assert.equal(act(range).status, 0);
    assert.equal(act({ ...range, '${{ inputs.place }}': 'attic/nowhere' }).status === 0, false);
    assert.equal((await run('suspend', 'attic/home/stripe-secret-key', '--reason', 'it leaked')).exit, 0);
    assert.equal(act(range).status, 0, 'the range asks for nothing of it anew');
    const deployed = act({ ...range, '${{ inputs.deployment }}': 'true' });
    assert.equal(deployed.status, 1);
    assert.match(deployed.said, /STRIPE_SECRET_KEY.*not in force/s);
  });

  test('a hook waits for no server unless it was told to', async () => {
    await house.stop();
    write('index.ts', 'ask(process.env.FRESH_API_TOKEN);\n');
    git('add', '-A');
    assert.equal((await run('check', '--diff', 'HEAD')).exit, 5);
    const passed = commit();
    assert.equal(passed.status, 0, passed.said);
    assert.match(passed.said, /Not judged against attic\/home: No server/);
    assert.equal((await run('scan', '--install-hook', '--require-server')).exit, 0);
    write('index.ts', 'ask(process.env.FRESHER_API_TOKEN);\n');
    assert.notEqual(commit().status, 0);
    await house.start();
    assert.equal((await run('lock')).exit, 0);
    assert.notEqual(commit().status, 0, 'a locked one judges nothing either');
    assert.equal((await run('check', '--diff', 'HEAD', '--if-served')).exit, 0);
  });
});
