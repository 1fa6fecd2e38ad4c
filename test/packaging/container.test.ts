import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { cpSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, test } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import { parse } from 'yaml';
import { readSettings } from '../../src/server/read-settings.ts';
import { ROOT, isThere, readText } from '../docs/repository.ts';
import { temporaryFolder } from '../engines.ts';
import { copiedFromContext, environmentOf, stagesOf, textsOf } from './containerfile.ts';

const stages = stagesOf(readText('packaging/Containerfile'));
const [packages, image] = stages as [(typeof stages)[0], (typeof stages)[0]];
const settingsOf = (environment: Record<string, string>) => readSettings({ flags: {}, environment, file: undefined });

describe('packaging/Containerfile', () => {
  test('is built on Debian by name, in two stages, and keeps neither npm nor Debian’s Node', () => {
    assert.equal(stages.length, 2);
    for (const stage of stages)
      assert.match(textsOf(stage, 'FROM')[0]!, /^docker\.io\/library\/debian:[a-z]+-slim(?: AS [a-z]+)?$/);
    assert.doesNotMatch(textsOf(image, 'RUN').join('\n'), /\b(?:nodejs|npm|curl|wget)\b/);
  });

  test('installs what the lock file names, runs no script of a package, and fetches nothing else', () => {
    const install = textsOf(packages, 'RUN').filter((text) => text.includes('npm '));
    assert.equal(install.at(-1), 'npm install --no-save --omit=dev --ignore-scripts');
    assert.deepEqual(copiedFromContext(packages)[0]?.sources, ['package.json', 'package-lock.json', '.npmrc']);
    assert.doesNotMatch(textsOf(packages, 'RUN').join('\n'), /https?:|curl|wget/);
  });

  test('runs as a user without rights who exists, and holds no secret', () => {
    const user = textsOf(image, 'USER').at(-1)!;
    assert.match(user, /^[1-9]\d{3,}:[1-9]\d{3,}$/);
    assert.match(textsOf(image, 'RUN').join('\n'), new RegExp(`useradd .*--uid ${user.split(':')[0]} `));
    for (const name of Object.keys(environmentOf(image)))
      assert.doesNotMatch(name, /TOKEN$|PASSWORD|SECRET|PASSPHRASE/);
    for (const stage of stages) assert.deepEqual(textsOf(stage, 'ARG'), []);
  });

  test('gives settings that the program has, inside volumes', () => {
    const settings = settingsOf(environmentOf(image));
    const volumes = JSON.parse(textsOf(image, 'VOLUME')[0]!) as string[];
    assert.ok(volumes.includes('/data') && volumes.includes('/run/secrets'));
    for (const name of ['data', 'anchor-file', 'backup-folder', 'key-file'] as const) {
      const place = settings[name]!;
      assert.ok(
        volumes.some((volume) => place === volume || place.startsWith(`${volume}/`)),
        `${name}: ${place}`,
      );
    }
  });

  test('copies what is there', () => {
    for (const stage of stages)
      for (const { sources } of copiedFromContext(stage))
        for (const source of sources) assert.ok(isThere(source), source);
  });

  test('what it copies is enough: the program serves from it, the health check sees it, and it stops in order', async () => {
    const { root, environment } = unpack();
    const check = (...args: string[]) =>
      spawnSync(process.execPath, [join(root, 'scripts', 'healthcheck.mjs'), ...args], {
        env: environment,
        encoding: 'utf8',
      });
    assert.equal(check().status, 1, 'nobody serves yet');

    const child = spawn(join(root, 'chatelaine'), ['up'], { env: environment, stdio: ['ignore', 'pipe', 'pipe'] });
    const ended = once(child, 'exit');
    let said = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (bytes: Buffer) => (said += bytes.toString()));
    try {
      for (let tries = 0; check('/readyz').status !== 0; tries++) {
        assert.ok(tries < 100 && child.exitCode === null, said.replaceAll(/chtl_\w+/g, '…'));
        await setTimeout(100);
      }
      assert.equal(check().status, 0);
      assert.match(check('/nowhere').stderr, /answered 404/);
    } finally {
      child.kill('SIGTERM');
    }
    assert.deepEqual(await ended, [0, null]);
    assert.equal(check().status, 1, 'nobody serves any more');
  });
});

/** The image's tree, as its COPY lines make it, in a folder of its own; with its environment. */
const unpack = (): { root: string; environment: Record<string, string> } => {
  const top = temporaryFolder();
  const root = join(top, 'opt');
  mkdirSync(root);
  symlinkSync(join(ROOT, 'node_modules'), join(root, 'node_modules'));
  for (const { sources, target } of copiedFromContext(image))
    for (const source of sources)
      cpSync(join(ROOT, source), join(root, target, target.endsWith('/') ? basename(source) : ''), { recursive: true });
  mkdirSync(join(top, 'run', 'secrets'), { recursive: true });
  const given = environmentOf(image);
  writeFileSync(join(top, given['CHATELAINE_KEY_FILE']!), `${randomBytes(32).toString('hex')}\n`, { mode: 0o600 });
  const placed = Object.entries(given).map(([name, value]) => [name, value.startsWith('/') ? join(top, value) : value]);
  const environment = {
    ...Object.fromEntries(placed),
    CHATELAINE_LISTEN: '127.0.0.1:0',
    PATH: process.env['PATH'] ?? '',
    HOME: top,
  };
  return { root, environment };
};

type Compose = {
  readonly services: Record<string, Service>;
  readonly volumes: Record<string, null>;
  readonly secrets: Record<string, { file: string }>;
};
type Service = {
  readonly build: { context: string; dockerfile: string };
  readonly image: string;
  readonly ports: readonly string[];
  readonly environment: Record<string, string>;
  readonly secrets: readonly string[];
  readonly volumes: readonly string[];
  readonly cap_drop: readonly string[];
  readonly security_opt: readonly string[];
  readonly read_only: boolean;
  readonly ulimits: { core: number };
};

describe('packaging/compose.yaml', () => {
  const compose = parse(readText('packaging/compose.yaml')) as Compose;
  const service = compose.services['chatelaine']!;

  test('builds the image from its file, under the version of the program', () => {
    assert.ok(isThere(join('packaging', service.build.context, service.build.dockerfile)));
    assert.equal(service.image, `chatelaine:${(JSON.parse(readText('package.json')) as { version: string }).version}`);
  });

  test('serves this machine only as long as it is plain HTTP', () => {
    const settings = settingsOf({ ...environmentOf(image), ...service.environment });
    assert.equal(settings['allow-plain-http'], true);
    for (const port of service.ports) assert.match(port, /^127\.0\.0\.1:\d+:8200$/);
  });

  test('mounts what the image expects, and gives the process nothing that it does not need', () => {
    const mounted = new Set([...service.volumes.map((volume) => volume.split(':')[1]!), '/run/secrets']);
    assert.deepEqual([...mounted].toSorted(), (JSON.parse(textsOf(image, 'VOLUME')[0]!) as string[]).toSorted());
    assert.deepEqual(
      service.volumes.map((volume) => volume.split(':')[0]),
      Object.keys(compose.volumes),
    );
    assert.equal(environmentOf(image)['CHATELAINE_KEY_FILE'], `/run/secrets/${service.secrets[0]}`);
    assert.deepEqual(Object.keys(compose.secrets), service.secrets);
    assert.deepEqual([service.cap_drop, service.read_only, service.ulimits.core], [['ALL'], true, 0]);
    assert.deepEqual(service.security_opt, ['no-new-privileges:true']);
  });
});
