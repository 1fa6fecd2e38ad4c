import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { appendFileSync, existsSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, beforeEach, suite, test } from 'node:test';
import { type LiveHouse, openLiveHouse } from './house.ts';

const git = (folder: string, ...args: readonly string[]): string => {
  const { status, stdout, stderr } = spawnSync(
    'git',
    ['-c', 'user.name=t', '-c', 'user.email=t@example.org', ...args],
    {
      cwd: folder,
      encoding: 'utf8',
    },
  );
  assert.equal(status, 0, stderr);
  return stdout;
};

suite('leaving', () => {
  let house: LiveHouse;
  let folder: string;
  let homes = 0;
  before(async () => {
    house = await openLiveHouse();
  });
  after(() => house.close());
  const run = (...args: readonly string[]) => house.run(args, { cwd: folder });
  const succeed = async (...args: readonly string[]) => {
    const said = await run(...args);
    assert.equal(said.exit, 0, `${args.join(' ')}: ${said.err}`);
    return said.out;
  };
  const set = async (name: string, input: string) => {
    const said = await house.run(['set', name, '--stdin'], { cwd: folder, input });
    assert.equal(said.exit, 0, said.err);
  };
  const restOf = () =>
    JSON.parse(readFileSync(join(folder, 'chatelaine-rest.json'), 'utf8')) as Record<string, unknown>;

  beforeEach(async () => {
    folder = house.copyPorch(`home-${(homes += 1)}`);
  });

  test('does not count what is suspended: it is named, and the exit code says that not all is there', async () => {
    await succeed('adopt', '.');
    await set('garage-code', 'Open-Sesame-7741');
    await succeed('suspend', 'garage-code', '--reason', 'lost phone');
    const refused = await run('leave');
    assert.equal(refused.exit, 1, refused.err);
    assert.match(refused.out, /Not handed out, so in no file: garage-code/);
    assert.doesNotMatch(refused.out, /every one is there|Goodbye/);
    assert.ok(!existsSync(join(folder, 'chatelaine-rest.json')) || !('garage-code' in restOf()));
    rmSync(join(folder, 'chatelaine-rest.json'), { force: true });
    await succeed('resume', 'garage-code', '--reason', 'found it');
    assert.match(await succeed('leave'), /every one is there[^]*Goodbye/);
    assert.deepEqual(restOf()['garage-code'], { value: 'Open-Sesame-7741' });
  });

  test('keeps the file of the rest out of git before it holds anything', async () => {
    git(folder, 'init', '-q');
    git(folder, 'add', '-A');
    git(folder, 'commit', '-qm', 'one');
    await succeed('adopt', '.');
    await set('garage-code', 'Open-Sesame-7742');
    assert.match(await succeed('leave'), /\.gitignore names it now/);
    assert.equal(git(folder, 'check-ignore', 'chatelaine-rest.json').trim(), 'chatelaine-rest.json');
    git(folder, 'add', '-A');
    assert.ok(!git(folder, 'ls-files').includes('chatelaine-rest'));
    assert.equal(statSync(join(folder, 'chatelaine-rest.json')).mode & 0o777, 0o600);
    assert.deepEqual(restOf()['garage-code'], { value: 'Open-Sesame-7742' });

    const odd = '#rest [1]*.json';
    await succeed('leave', '--rest', odd);
    assert.equal(spawnSync('git', ['check-ignore', '-q', '--', odd], { cwd: folder }).status, 0);
    const again = await run('leave', '--rest', odd);
    assert.equal(again.exit, 1);
    assert.match(again.err, /is there already/);
  });

  test('compares place by place: a value that stands elsewhere does not excuse a place that has another', async () => {
    await succeed('adopt', '.', '--rewrite', '--in-place');
    const file = join(folder, 'esphome/gate.yaml');
    const text = readFileSync(file, 'utf8');
    const [, name] = /\bpassword: !secret (\S+)/.exec(text)!;
    writeFileSync(file, text.replace(`password: !secret ${name}`, 'password: "Some-Other-55512"'));
    const said = await succeed('leave');
    assert.match(said, /Carry another value than the store[^]*esphome\/gate\.yaml: \S*password/);
    assert.doesNotMatch(said, /Some-Other/);
    rmSync(join(folder, 'chatelaine-rest.json'));
    writeFileSync(file, text);
    assert.doesNotMatch(await succeed('leave'), /Carry another value/);
  });

  test('sees a file that still holds the value of before, and does not call that the rest', async () => {
    await succeed('adopt', '.');
    await set('mqtt-password', 'A-Newer-Value-8812');
    assert.match(await succeed('leave'), /Carry another value than the store[^]*mqtt-password/);
    rmSync(join(folder, 'chatelaine-rest.json'), { force: true });
    await succeed('adopt', '.', '--rewrite', '--in-place');
    await succeed('leave');
    assert.match(readFileSync(join(folder, 'homeassistant/secrets.yaml'), 'utf8'), /A-Newer-Value-8812/);
  });

  test('puts what stands in a note by chance into the rest: no place asks for it there', async () => {
    await succeed('adopt', '.');
    await set('garage-code', 'Open-Sesame-7743');
    appendFileSync(join(folder, 'homeassistant/configuration.yaml'), '\n# note\nnote_password: Open-Sesame-7743\n');
    await succeed('leave');
    assert.deepEqual(restOf()['garage-code'], { value: 'Open-Sesame-7743' });
  });
});
