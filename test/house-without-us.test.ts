import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, globSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, suite, test } from 'node:test';
import { type Survey, programValues, survey } from '#formats';
import { readFolder } from '../src/cli/folder.ts';
import { NO_PROGRESS } from '../src/cli/progress.ts';
import { type Place, call, makePlace, startServer } from './program/program.ts';

const PORCH = join(import.meta.dirname, '../examples/porch');

type Home = { readonly place: Place; readonly folder: string; stop(): Promise<number | null> };

/** A copy of the example home, adopted, rewritten and rendered. */
const adoptPorch = async (t: TestContext): Promise<Home> => {
  const place = await makePlace(t, { CHATELAINE_LOG_LEVEL: 'error' });
  const { stop } = await startServer(t, place);
  const folder = join(place.root, 'cabin');
  cpSync(PORCH, folder, { recursive: true });
  await succeed(place, ['adopt', folder, '--rewrite', '--in-place']);
  await succeed(place, ['render', folder]);
  return { place, folder, stop };
};

const succeed = async (place: Place, args: readonly string[], cwd = place.root): Promise<string> => {
  const { exit, out, err } = await call(place, args, { cwd });
  assert.equal(exit, 0, `${args.join(' ')}: ${err}`);
  return out;
};

const surveyOf = (folder: string): Survey =>
  survey(readFolder(folder, NO_PROGRESS, new AbortController().signal).files);

/** Every value of every file as its program reads it: file, key path and type, then the value. */
const valuesOf = (folder: string): ReadonlyMap<string, readonly string[]> =>
  new Map(
    Map.groupBy(programValues(surveyOf(folder)), ({ file, keyPath, typed }) => `${file} ${keyPath.join('.')} ${typed}`)
      .entries()
      .map(([at, values]) => [at, values.map(({ value }) => value.revealText())]),
  );

/** Values that no file of the home can hold: GitHub keeps those of its workflows itself. */
const ELSEWHERE = /^\.github\//;

const assertSameValues = (folder: string): void => {
  const now = valuesOf(folder);
  const before = [...valuesOf(PORCH)].filter(([at]) => !ELSEWHERE.test(at));
  assert.ok(before.length > 150, `${before.length} places`);
  for (const [at, values] of before) assert.deepEqual(now.get(at), values, at);
};

const filesIn = (folder: string): readonly string[] =>
  globSync(['**/*', '**/.*', '**/.*/**/*'], { cwd: folder, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));

/** The server and everything it keeps are gone. */
const forgetUs = async ({ place, stop }: Home): Promise<void> => {
  assert.equal(await stop(), 0);
  for (const folder of [
    place.data,
    place.backups,
    join(place.root, 'keys'),
    join(place.root, 'anchor'),
    place.env['HOME']!,
  ])
    rmSync(folder, { recursive: true, force: true });
};

suite('the house without us', () => {
  test('after render, with the server stopped and its folders deleted, every program reads what it read before', async (t) => {
    const home = await adoptPorch(t);
    await forgetUs(home);
    assert.deepEqual(readdirSync(home.place.root).toSorted(), ['cabin', 'temporary']);
    assertSameValues(home.folder);
    // And the rewrite was real: plain values left the files that are shared.
    const old = /mqtt_password: (.+)/.exec(readFileSync(join(PORCH, 'homeassistant/secrets.yaml'), 'utf8'))![1]!;
    assert.ok(!readFileSync(join(home.folder, 'nodered/settings.js'), 'utf8').includes(old));
    assert.match(readFileSync(join(home.folder, 'esphome/gate.yaml'), 'utf8'), /!secret /);
  });

  test('nothing in the home names us, asks us, or needs us to start', async (t) => {
    const { folder, place } = await adoptPorch(t);
    const ours = new RegExp(`chatelaine|chtl_|:${place.port}\\b|:8200\\b|${place.data}`, 'i');
    for (const file of filesIn(folder)) {
      if (file.endsWith('.gitignore')) continue;
      const text = readFileSync(file, 'utf8');
      const original = join(PORCH, file.slice(folder.length + 1));
      if (existsSync(original) && ours.test(readFileSync(original, 'utf8'))) continue;
      assert.doesNotMatch(text, ours, file);
    }
    const lost = surveyOf(folder).missing.filter(({ held }) => held === 'nowhere');
    assert.deepEqual(
      lost.map(({ name }) => name),
      ['heatpump_token'],
      'every reference leads where it led',
    );
  });

  test('leave writes everything back from the same state, says so, and what it wrote holds without us', async (t) => {
    const home = await adoptPorch(t);
    const said = await succeed(home.place, ['leave'], home.folder);
    assert.match(said, /every one is there/);
    await forgetUs(home);
    assertSameValues(home.folder);
    const rest = JSON.parse(readFileSync(join(home.folder, 'chatelaine-rest.json'), 'utf8')) as Record<
      string,
      { value: string }
    >;
    const token = /ghp_\w+/.exec(readFileSync(join(PORCH, '.github/workflows/deploy.yml'), 'utf8'))![0];
    assert.ok(
      Object.values(rest).some(({ value }) => value === token),
      'what no file can hold is in a file of its own',
    );
  });
});

const hasPyYaml = (): string | false =>
  spawnSync('python3', ['-c', 'import yaml'], { stdio: 'ignore' }).status === 0 ? false : 'PyYAML is not installed';

suite('programs of the home read what was rendered', () => {
  const needs = (command: string): string | false => {
    const { status, error } = spawnSync(command, ['--help'], { stdio: 'ignore' });
    const isThere = error === undefined && status !== null;
    if (!isThere && process.env['CHATELAINE_REQUIRE'] === '1') throw new Error(`${command} is missing`);
    return isThere ? false : `${command} is not installed`;
  };

  test('Mosquitto starts with its files and knows the password', { skip: needs('mosquitto') }, async (t) => {
    const home = await adoptPorch(t);
    await forgetUs(home);
    await mosquittoTakes(t, home);
  });

  test('PyYAML reads every YAML file', { skip: hasPyYaml() }, async (t) => {
    const { folder } = await adoptPorch(t);
    const files = filesIn(folder).filter((file) => /\.ya?ml$/.test(file));
    assert.ok(files.length > 15);
    const { status, stderr, stdout } = spawnSync('python3', ['-c', READ_YAML, ...files], { encoding: 'utf8' });
    assert.equal(status, 0, stderr);
    const secrets = JSON.parse(stdout) as Record<string, Record<string, unknown>>;
    const own = secrets[join(folder, 'homeassistant/secrets.yaml')]!;
    assert.equal(
      own['mqtt_password'],
      /mqtt_password: (.+)/.exec(readFileSync(join(PORCH, 'homeassistant/secrets.yaml'), 'utf8'))![1],
    );
  });
});

/** Loads as Home Assistant and ESPHome do: their own tags are known, and anything else is an error. */
const READ_YAML = `
import json, sys, yaml
class Loader(yaml.SafeLoader): pass
def tagged(loader, suffix, node):
    return None
Loader.add_multi_constructor('!', tagged)
print(json.dumps({p: yaml.load(open(p, encoding='utf-8'), Loader) if p.endswith('secrets.yaml') else (list(yaml.load_all(open(p, encoding='utf-8'), Loader)) and {}) for p in sys.argv[1:]}, default=str))
`;

/** Starts the real broker on its own configuration, on a port of ours, and signs in as the home's programs would. */
const mosquittoTakes = async (t: TestContext, { folder, place }: Home): Promise<void> => {
  const { spawn } = await import('node:child_process');
  const { writeFileSync, chmodSync } = await import('node:fs');
  const { connect } = await import('node:net');
  const config = join(folder, 'mosquitto/mosquitto.conf');
  const text = readFileSync(config, 'utf8')
    .replace(/^(?:listener|port).*$/gm, '')
    .replace(
      /^(password_file|acl_file) .*\/(\S+)$/gm,
      (_line, key: string, name: string) => `${key} ${join(folder, 'mosquitto', name)}`,
    )
    .replace(/^(?:persistence\w*|log_dest|pid_file|user)\b.*$/gm, '');
  const file = join(place.temporary, 'mosquitto.conf');
  writeFileSync(file, `listener ${place.port} 127.0.0.1\nuser root\n${text}`);
  chmodSync(join(folder, 'mosquitto/passwd'), 0o600);
  const broker = spawn('mosquitto', ['-c', file], { stdio: ['ignore', 'ignore', 'pipe'] });
  t.after(() => broker.kill('SIGKILL'));
  let said = '';
  broker.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()));
  const password = /mqtt_password: (.+)/.exec(readFileSync(join(folder, 'homeassistant/secrets.yaml'), 'utf8'))![1]!;
  const user = /^(\w+):/m.exec(readFileSync(join(folder, 'mosquitto/passwd'), 'utf8'))![1]!;
  const answer = async (secret: string): Promise<number> => {
    for (let tries = 0; ; tries++) {
      const code = await new Promise<number>((resolve) => {
        const socket = connect(place.port, '127.0.0.1', () => socket.write(connectPacket(user, secret)));
        socket.once('data', (chunk: Buffer) => {
          resolve(chunk[3]!);
          socket.destroy();
        });
        socket.once('error', () => resolve(-1));
      });
      if (code >= 0 || tries > 100) return code;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  };
  assert.equal(await answer(password), 0, said);
  assert.equal(await answer(`${password}x`), 5, 'a wrong password is refused');
};

/** CONNECT of MQTT 3.1.1 (section 3.1) with a user name and a password. */
const connectPacket = (user: string, password: string): Buffer => {
  const field = (text: string) => {
    const bytes = Buffer.from(text);
    return Buffer.concat([Buffer.from([bytes.length >> 8, bytes.length & 255]), bytes]);
  };
  const rest = Buffer.concat([
    field('MQTT'),
    Buffer.from([4, 0xc2, 0, 30]),
    field('test'),
    field(user),
    field(password),
  ]);
  return Buffer.concat([Buffer.from([0x10, rest.length]), rest]);
};
