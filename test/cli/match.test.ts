import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import { openClient } from '#client';
import { httpTransport, signInAsOsUser } from '#client/node';
import { canaryOf, openWatch } from '../program/canary.ts';
import { type Answer, type LiveHouse, openLiveHouse } from './house.ts';

/** Made for this test; broken up, so that this file holds none. */
const VALUE = ['gR7kPw', '2vTz9', 'mQ4x'].join('');
const OTHER = ['Ht5mQz', '8wLc3', 'nV7r'].join('');
const leak = (value: string): string => `mqtt:\n  broker: 10.0.0.2\n  username: porch\n  password: ${value}\n`;

let house: LiveHouse;
before(async () => {
  house = await openLiveHouse();
  await made('project', 'create', 'porch');
  await made('project', 'environment', 'porch', 'prod', '--production');
  await keep('porch/prod/mqtt', VALUE);
  await made('set', 'porch/prod/mqtt', '--owner', 'ada', '--purpose', 'the broker');
});
after(() => house.close());

const made = async (...args: readonly string[]): Promise<Answer> => {
  const answer = await house.run(args);
  assert.equal(answer.exit, 0, answer.err);
  return answer;
};
const keep = async (path: string, value: string): Promise<void> => {
  const { exit, err } = await house.run(['set', path, '--stdin'], { input: value });
  assert.equal(exit, 0, err);
};
const folder = (name: string, files: Readonly<Record<string, string>>): string => {
  const path = join(house.root, name);
  mkdirSync(path, { recursive: true });
  for (const [file, text] of Object.entries(files)) writeFileSync(join(path, file), text);
  return path;
};

type Finding = {
  readonly confidence: string;
  readonly managed?: {
    readonly path: string;
    readonly version: number;
    readonly live: boolean;
    readonly owner: string;
  };
};
const scan = async (cwd: string, ...args: readonly string[]) => {
  const { exit, out, err } = await house.run(['scan', '--json', ...args], { cwd });
  assert.ok(out !== '', err);
  return { exit, err, findings: (JSON.parse(out) as { findings: readonly Finding[] }).findings };
};
type InStore = { readonly place: string; readonly summary: string };
const leaks = async (state = 'open'): Promise<readonly InStore[]> => {
  const { out } = await made('findings', '--project', 'porch', '--rule', 'leaked', '--state', state, '--json');
  return JSON.parse(out) as readonly InStore[];
};

/** A document without its texts: names, lists, numbers. */
const shapeOf = (value: unknown): unknown =>
  Array.isArray(value)
    ? value.map(shapeOf)
    : typeof value === 'object' && value !== null
      ? Object.fromEntries(Object.entries(value).map(([name, one]) => [name, shapeOf(one)]))
      : typeof value;

suite('scan --match', () => {
  test('says which finding is a live credential of ours, first, in every report, and never its value', async () => {
    const path = folder('match', { 'configuration.yaml': leak(VALUE), 'other.yaml': leak(OTHER) });
    const { exit, findings, err } = await scan(path, '--match');
    assert.equal(exit, 1);
    assert.deepEqual(
      findings.map(({ managed }) => managed && [managed.path, managed.version, managed.live, managed.owner]),
      [['porch/prod/mqtt', 1, true, 'ada'], undefined],
      err,
    );
    assert.equal(findings[0]!.confidence, 'certain');
    const page = await house.run(['scan', '--match'], { cwd: path });
    assert.match(page.out, /this is porch\/prod\/mqtt, version 1, live, used by nobody who is known, owned by ada/);
    for (const format of ['sarif', 'junit', 'html']) {
      const { out } = await house.run(['scan', '--match', '--format', format], { cwd: path });
      assert.match(out, /this is porch\/prod\/mqtt, version 1, live/, format);
      assert.ok(!out.includes(VALUE.slice(0, 6)), format);
    }
    const sarif = JSON.parse((await house.run(['scan', '--match', '--format', 'sarif'], { cwd: path })).out) as {
      runs: [{ results: readonly { rank?: number; properties?: { managed: { path: string } } }[] }];
    };
    const [first, second] = sarif.runs[0].results;
    assert.deepEqual([first!.rank, first!.properties?.managed.path], [100, 'porch/prod/mqtt']);
    assert.equal(second!.properties, undefined);
  });

  test('enters the leak once, and ends it with the proof that the place was looked through again', async () => {
    const path = folder('proof', { 'configuration.yaml': leak(VALUE), 'b.yaml': 'a: 1\n' });
    rmSync(join(house.root, 'match'), { recursive: true });
    const [known] = await leaks();
    assert.match(known!.summary, /^version 1, in configuration\.yaml:4 of [^ ]+\/match$/);
    await scan(path, '--match');
    assert.equal((await leaks()).length, 1, 'one credential, one finding');
    writeFileSync(join(path, 'configuration.yaml'), 'mqtt: {}\n');
    await scan(path, '--match', '--exclude', 'b.yaml');
    await scan(path, '--match', 'b.yaml');
    assert.equal((await leaks())[0]!.summary.includes('1 more place'), true, 'neither was a whole look');
    await scan(path, '--match');
    assert.match((await leaks())[0]!.summary, /\/match$/, 'the other folder was not looked at');
    folder('match', {});
    await scan(join(house.root, 'match'), '--match');
    assert.deepEqual(await leaks(), []);
    assert.match((await leaks('closed'))[0]!.summary, /looked through again/);
  });

  test('a value that was replaced is told as such, and ends its finding', async () => {
    const path = folder('replaced', { 'configuration.yaml': leak(VALUE) });
    await scan(path, '--match');
    assert.equal((await leaks()).length, 1);
    await keep('porch/prod/mqtt', 'another-password-of-the-broker');
    await made('findings', '--look', '-p', 'porch', '-e', 'prod');
    assert.deepEqual(await leaks(), []);
    assert.match((await leaks('closed'))[0]!.summary, /version 1 was replaced by version 2/);
    const page = await house.run(['scan', '--match'], { cwd: path });
    assert.match(page.out, /version 1, replaced since: make sure that the system refuses it/);
  });

  test('history is a source of its own', async () => {
    await keep('porch/home/history', OTHER);
    const path = folder('history', { 'configuration.yaml': leak(OTHER) });
    const git = (...args: readonly string[]) =>
      execFileSync('git', ['-c', 'user.name=Ada', '-c', 'user.email=ada@example.org', ...args], {
        cwd: path,
        stdio: 'pipe',
      });
    git('init', '-q', '-b', 'main');
    git('remote', 'add', 'origin', 'https://ada:not-to-be-told@git.example.org/ada/porch.git');
    git('add', '.');
    git('commit', '-q', '-m', 'first');
    writeFileSync(join(path, 'configuration.yaml'), 'mqtt: {}\n');
    git('commit', '-q', '-am', 'second');
    assert.equal((await scan(path, '--match')).exit, 0);
    const { findings } = await scan(path, '--git', '--match');
    assert.equal(findings[0]!.managed?.path, 'porch/home/history');
    const [finding] = await leaks();
    assert.equal(finding!.summary, 'version 1, in configuration.yaml:4 of history of git.example.org/ada/porch');
    await scan(path, '--match');
    assert.equal((await leaks()).length, 1, 'the tree proves nothing of the history');
  });

  test('the match key lies in no file, no log and no report, and what is sent names no value', async () => {
    const path = folder('quiet', { 'configuration.yaml': leak(OTHER) });
    const socket = join(house.data, 'chatelaine.sock');
    const client = openClient({ transport: httpTransport({ place: { socket }, agent: 'test' }) });
    await signInAsOsUser(client, { socket, session: false });
    const watch = openWatch();
    const at = { project: 'porch', environment: 'home' };
    const { key } = await client.call('match-keys.create', { params: at, body: {} });
    client.close();
    watch.add(canaryOf('match-key', Buffer.from(key, 'base64')));
    const page = await house.run(['scan', '--match', '--output', join(house.root, 'report'), '--format', 'html'], {
      cwd: path,
    });
    watch.look('what the scan said', page.out + page.err);
    watch.look('what the server said', house.said());
    assert.ok(watch.lookThrough(house.root) > 5);
    assert.deepEqual(watch.leaks, []);
  });

  test('in an adopted home a value is no leak where it belongs, and is one anywhere else', async () => {
    const attic = house.copyPorch('attic');
    await house.run(['adopt', '.'], { cwd: attic });
    const inAttic = async (): Promise<readonly InStore[]> =>
      JSON.parse((await made('findings', '-p', 'attic', '--rule', 'leaked', '--json')).out) as readonly InStore[];
    const page = await house.run(['scan', '--match', '-p', 'attic'], { cwd: attic });
    assert.match(page.out, /credentials in .* of them are live in the store/);
    assert.deepEqual(await inAttic(), []);
    const secrets = readFileSync(join(attic, 'homeassistant/secrets.yaml'), 'utf8');
    writeFileSync(join(attic, 'notes.yaml'), secrets);
    await house.run(['scan', '--match', '-p', 'attic'], { cwd: attic });
    const found = await inAttic();
    assert.ok(found.length > 3, `${found.length}`);
    for (const { summary } of found) assert.match(summary, /^version 1, in notes\.yaml:\d+ of [^ ]+\/attic$/);
  });

  test('without a server it says what to do before it scans; --match-less scans need none', async () => {
    const path = folder('alone', { 'configuration.yaml': leak(OTHER) });
    const env = { CHATELAINE_DATA: join(house.root, 'nowhere') };
    for (const flag of ['--match', '--adopt']) {
      const { exit, err, out } = await house.run(['scan', flag], { cwd: path, env });
      assert.deepEqual([exit, out], [5, '']);
      assert.match(err, /chatelaine up.*--server.*without --match/s);
    }
    assert.equal((await house.run(['scan'], { cwd: path, env })).exit, 1);
    assert.equal((await house.run(['scan', '-p', 'porch'], { cwd: path })).exit, 2);
    const nowhere = await house.run(['scan', '--match', '-p', 'no-such-project'], { cwd: path });
    assert.equal(nowhere.exit, 3);
    assert.match(nowhere.err, /chatelaine project list/);
  });

  test('--adopt takes in what nobody keeps, once; never examples, nor what the baseline accepts', async () => {
    const fresh = (i: number): string => [`Zk${i}vRt`, '6yBn1', 'pW9s'].join('');
    const path = folder('adopted', { 'configuration.yaml': leak(fresh(1)), 'accepted.yaml': leak(fresh(2)) });
    folder('adopted/examples', { 'configuration.yaml': leak(fresh(3)) });
    const until = new Date(Date.now() + 30 * 86_400_000).toISOString().slice(0, 10);
    await house.run(['scan', 'accepted.yaml', '--accept', 'a test', '--until', until, '--owner', 'ada'], { cwd: path });
    const first = await house.run(['scan', '--adopt', '-p', 'porch', '-e', 'home'], { cwd: path });
    assert.match(first.err, /1 credential taken into porch\/home: found\//, first.err);
    assert.match(first.out, /this is porch\/home\/found\//);
    writeFileSync(join(path, 'short.yaml'), 'alarm_control_panel:\n  - platform: manual\n    code: "4711"\n');
    const again = await house.run(['scan', '--adopt', '-p', 'porch', '-e', 'home'], { cwd: path });
    assert.match(again.err, /Nothing to take in/);
    const { out } = await made('list', '-p', 'porch', '-e', 'home', '--json');
    assert.equal(out.match(/"porch\/home\/found\//g)?.length, 1, out);
    assert.ok(readdirSync(path).includes('configuration.yaml'));
    assert.ok(readFileSync(join(path, 'configuration.yaml'), 'utf8').includes(fresh(1)), 'no file is touched');
  });

  test('a password is told where the store keeps the whole address or header that it stands in', async () => {
    const [first, second, third] = ['Qa', 'Rb', 'Sc'].map((start) => [start, 'x7Lm', '4tWz', '9pKv'].join(''));
    const address = `postgresql+asyncpg://hub:${first}@db.porch.lan:5432/home?ssl=1`;
    const header = `Basic ${Buffer.from(`hub:${second}`).toString('base64')}`;
    await keep('porch/prod/db-url', address);
    await keep('porch/prod/lamp-header', header);
    await keep('porch/prod/camera', `rtsp://hub:${third}@cam.porch.lan/1`);
    const path = folder('whole', {
      '.env': `DATABASE_URL=${address}\n`,
      'lamp.sh': `curl -H "Authorization: ${header}" http://lamp.porch.lan/\n`,
      'configuration.yaml': `camera:\n  - platform: ffmpeg\n    input: -i rtsp://hub:${third}@cam.porch.lan/1\n`,
    });
    const { err, findings } = await scan(path, '--match', '-e', 'prod');
    assert.deepEqual(
      findings.map(({ managed }) => managed?.path).toSorted((a = '', b = '') => (a < b ? -1 : 1)),
      ['porch/prod/camera', 'porch/prod/db-url', 'porch/prod/lamp-header'],
      err,
    );
    for (const value of [first!, second!, third!]) assert.ok(!JSON.stringify(findings).includes(value));
    rmSync(path, { recursive: true });
  });

  test('a copy to show, looked through again, holds nothing that is kept; reports and settings in it still parse', async () => {
    const home = house.copyPorch('shown');
    await house.run(['adopt', '.'], { cwd: home });
    for (const format of ['json', 'sarif'])
      await house.run(['scan', '--format', format, '--output', `scan.${format}.json`], { cwd: home });
    const token = readFileSync(join(home, 'homeassistant/secrets.yaml'), 'utf8').match(/mqtt_password: (\S+)/)![1]!;
    const report = {
      results: [{ message: `sent ${token} to mqtt://hub:${encodeURIComponent(`${token}/&`)}@porch.lan` }],
    };
    writeFileSync(join(home, 'debug.json'), JSON.stringify(report));
    const before = await scan(home, '--match', '-p', 'shown');
    assert.ok(before.findings.filter(({ managed }) => managed !== undefined).length > 20);
    const shared = await made('share-copy', home, '--output', join(house.root, 'to-show'), '--json');
    const after = await scan(join(house.root, 'to-show'), '--match', '-p', 'shown');
    assert.deepEqual(
      after.findings.filter(({ managed }) => managed !== undefined),
      [],
    );
    assert.ok(after.findings.length > 20, 'fakes look like what they stand for');
    const copies = readdirSync(join(house.root, 'to-show'), { recursive: true, encoding: 'utf8' });
    for (const name of ['scan.json.json', 'scan.sarif.json', 'debug.json'])
      assert.ok(copies.includes(name), shared.out);
    for (const name of copies.filter((one) => one.endsWith('.json'))) {
      const text = readFileSync(join(house.root, 'to-show', name), 'utf8');
      const original = readFileSync(join(home, name), 'utf8');
      assert.deepEqual(shapeOf(JSON.parse(text)), shapeOf(JSON.parse(original)), name);
      assert.ok(!text.includes(token), name);
    }
  });
});
