import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import { PROGRAM } from '../program/program.ts';
import { type LiveHouse, openLiveHouse } from './house.ts';

/** What a person answers where a command leaves a word open. */
const ANSWERS: readonly (readonly [RegExp, string])[] = [
  [/ NAME$/, ' Ada'],
  [/ TEXT$/, ' "opens the door"'],
];
const MOST_STEPS = 250;

suite('what is said to do next', () => {
  let house: LiveHouse;
  let folder: string;
  before(async () => {
    house = await openLiveHouse();
    folder = house.copyPorch('porch');
    mkdirSync(join(house.root, 'bin'));
    writeFileSync(join(house.root, 'bin/chatelaine'), `#!/bin/sh\nexec '${PROGRAM}' "$@"\n`);
    chmodSync(join(house.root, 'bin/chatelaine'), 0o755);
  });
  after(() => house.close());

  const succeed = async (...args: readonly string[]) => {
    const said = await house.run(args, { cwd: folder });
    assert.equal(said.exit, 0, `${args.join(' ')}: ${said.err}`);
    return said.out;
  };
  /** A printed line, as a person pastes it into a shell. */
  const paste = (line: string, input = '') => {
    const { status, stderr, stdout } = spawnSync('sh', ['-c', line], {
      cwd: folder,
      input,
      encoding: 'utf8',
      env: { ...house.env, PATH: `${join(house.root, 'bin')}:${house.env['PATH']}` },
    });
    assert.equal(status, 0, `${line}: ${stderr}`);
    return stdout;
  };
  /** The commands of an answer, without what is said beside them. */
  const commandsIn = (out: string): readonly string[] =>
    Array.from(out.matchAll(/^ {2}((?:chatelaine|git|patch) .*?)(?: {2,}.*)?$/gm), ([, line]) => line!);

  test('by adopt is true: every command that it prints works, and so does each that these print', async () => {
    const printed = commandsIn(await succeed('adopt', '.'));
    assert.deepEqual(printed, ['chatelaine next', 'chatelaine adopt --rewrite', 'chatelaine render']);
    const check = await house.run(['render', '--check'], { cwd: folder });
    assert.equal(check.exit, 1);
    assert.match(check.err, /up to date, but others on this machine may read them/);
    const further = printed.flatMap((line) => commandsIn(paste(line)).filter((one) => !/next$|NAME$|PATH$/.test(one)));
    const rewriting = further.filter((one) => /^patch|render|--confirm/.test(one));
    assert.equal(rewriting.length, 3, rewriting.join('\n'));
    for (const line of rewriting) paste(line);
    assert.equal((await house.run(['render', '--check'], { cwd: folder })).exit, 0);
    await succeed('adopt', '.');
  });

  test('by next leads, command by command, to where nothing is left', async () => {
    const done: string[] = [];
    for (; done.length < MOST_STEPS;) {
      const { step } = JSON.parse(await succeed('next', '--json')) as {
        step: { id: string; command: string } | null;
      };
      if (step === null) break;
      assert.ok(!done.includes(step.command), `${step.command} is said again, after it was done`);
      done.push(step.command);
      let line = step.command;
      for (const [open, answer] of ANSWERS) line = line.replace(open, answer);
      if (step.id === 'missing') line += ' --stdin';
      if (line.startsWith('chatelaine retire ')) line += ' --reason "nothing asks for it"';
      paste(line, 'Found-Again-4711\n');
    }
    assert.match(await succeed('next'), /Nothing needs doing/);
    assert.equal(done[0], 'chatelaine kit create --out ~/chatelaine-kit.txt');
    assert.equal(done[1], 'chatelaine kit confirm');
    assert.ok(existsSync(join(house.env['HOME']!, 'chatelaine-kit.txt')));
    assert.ok(done.some((line) => line.startsWith('chatelaine set porch/home/heatpump_token')));
    assert.ok(done.some((line) => line.startsWith('chatelaine retire porch/home/ifttt-key')));
    assert.ok(
      !done.some((line) => /CLIENT_ID|ifttt_key/.test(line)),
      'no name of a file, and nothing that is no secret',
    );
  });

  test('render then writes the name that was missing, without what was retired', async () => {
    await succeed('render');
    const file = join(folder, 'homeassistant/secrets.yaml');
    const text = readFileSync(file, 'utf8');
    assert.match(text, /^heatpump_token: "?Found-Again-4711"?$/m);
    assert.doesNotMatch(text, /ifttt_key/);
    assert.match(text, /^mqtt_password: /m);
    assert.equal(statSync(file).mode & 0o777, 0o600);
    assert.equal((await house.run(['render', '--check'], { cwd: folder })).exit, 0);
    await succeed('adopt', '.');
    // The credential that was made meanwhile is known now, and a person is asked about it.
    await succeed('set', 'porch/home/heatpump_token', '--owner', 'Ada', '--purpose', 'asks the heat pump');
    assert.match(await succeed('next'), /Nothing needs doing/);
    assert.match(await succeed('adopt', '.'), /Nothing changed since/);
  });

  test('list, from a folder that was not adopted, names what there is', async () => {
    const said = await house.run(['list']);
    assert.equal(said.exit, 0, said.err);
    assert.match(said.err, /This folder was not adopted\. There is:\n {2}chatelaine list porch\/home/);
    assert.equal((await house.run(['list', 'nowhere/home'])).exit, 3, 'a name that was given is missed');
  });
});
