import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { readSettings } from '../../src/server/read-settings.ts';
import { CREDENTIAL_NAME } from '#sealing';
import { ROOT, readText } from '../docs/repository.ts';
import { temporaryFolder } from '../engines.ts';
import { whyNot } from './needs.ts';

const unit = readText('packaging/chatelaine.service');

/** Every value of a key, in order, as the unit file gives them. */
const values = (key: string): string[] =>
  unit
    .split('\n')
    .filter((line) => line.startsWith(`${key}=`))
    .map((line) => line.slice(key.length + 1));

/** What the unit would start, here. */
const unitOfThisTree = (): string => {
  const file = join(temporaryFolder(), 'chatelaine.service');
  writeFileSync(file, unit.replaceAll('/opt/chatelaine', ROOT));
  return file;
};

describe('packaging/chatelaine.service', () => {
  const skip = whyNot('systemd-analyze');

  test('is a unit without faults', { skip }, () => {
    const { status, stderr, stdout } = spawnSync('systemd-analyze', ['verify', '--man=no', unitOfThisTree()], {
      encoding: 'utf8',
    });
    assert.equal(`${stdout}${stderr}`.trim(), '');
    assert.equal(status, 0);
  });

  test('exposes little: at most 1.5 of 10 as systemd counts', { skip }, () => {
    const analysis = ['security', '--offline=true', '--threshold=15', '--no-pager', unitOfThisTree()];
    const { status, stdout } = spawnSync('systemd-analyze', analysis, { encoding: 'utf8' });
    assert.equal(status, 0, stdout);
  });

  test('gives settings that the program has, and the credential by the name that it looks for', () => {
    const given = Object.fromEntries(
      values('Environment').map((pair) => pair.split(/=(.*)/s).slice(0, 2) as [string, string]),
    );
    const settings = readSettings({ flags: {}, environment: given, file: undefined });
    const folders = values('StateDirectory')[0]!
      .split(' ')
      .map((name) => `/var/lib/${name}`);
    for (const place of Object.values(settings))
      assert.ok(
        folders.some((folder) => String(place).startsWith(`${folder}/`) || place === folder),
        String(place),
      );
    assert.equal(values('LoadCredentialEncrypted')[0]?.split(':')[0], CREDENTIAL_NAME);
  });

  test('keeps memory off the disk, and leaves V8 its compiler', () => {
    assert.deepEqual(values('LimitCORE'), ['0']);
    assert.deepEqual(values('MemorySwapMax'), ['0']);
    assert.deepEqual(values('MemoryDenyWriteExecute'), []);
  });

  test(
    'allows every system call and kind of socket that a start, a first commit and a stop make',
    { skip: whyNot('systemd-analyze', 'strace') },
    async () => {
      const { calls, families, credential } = await traceStart();
      assert.ok(calls.size > 30, `only ${calls.size} calls were seen`);
      assert.ok(credential, 'the root key came from the credential');
      const allowed = allowedCalls(values('SystemCallFilter'));
      // As root, SQLite gives its files to the owner of their folder; the unit's user is not root.
      const ofRoot = process.getuid?.() === 0 ? ['fchown'] : [];
      assert.deepEqual(
        [...calls].filter((call) => !allowed.has(call) && !ofRoot.includes(call)),
        [],
      );
      const permitted = new Set(values('RestrictAddressFamilies')[0]!.split(' '));
      assert.deepEqual(
        [...families].filter((family) => !permitted.has(family)),
        [],
      );
    },
  );
});

/** Starts the program under strace as the unit would, with a credential of systemd, and stops it once it serves. */
const traceStart = async () => {
  const folder = temporaryFolder();
  const [trace, credentials, data] = [join(folder, 'trace'), join(folder, 'credentials'), join(folder, 'data')];
  mkdirSync(credentials);
  writeFileSync(join(credentials, CREDENTIAL_NAME), randomBytes(32).toString('hex'), { mode: 0o600 });
  const program = [join(ROOT, 'chatelaine'), 'up', '--listen', '127.0.0.1:0', '--data', data];
  const places = [
    '--anchor-file',
    join(folder, 'anchor'),
    '--backup-folder',
    join(folder, 'backups'),
    '--key-file',
    join(folder, 'none'),
  ];
  const child = spawn('strace', ['-D', '-f', '-qq', '-o', trace, ...program, ...places], {
    env: { PATH: process.env['PATH'], HOME: folder, CREDENTIALS_DIRECTORY: credentials },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (bytes: Buffer) => (said += bytes.toString()));
  const ended = once(child, 'exit');
  const served = new Promise<void>((resolve) => {
    const look = setInterval(() => {
      if (!said.includes(' serves on ')) return;
      clearInterval(look);
      resolve();
    }, 50);
    void ended.then(() => clearInterval(look));
  });
  await Promise.race([served, ended]);
  child.kill('SIGTERM');
  const [code] = (await ended) as [number | null];
  assert.equal(code, 0, said.replaceAll(/chtl_\w+/g, '…'));
  const lines = readFileSync(trace, 'utf8').split('\n');
  return {
    calls: new Set(lines.flatMap((line) => /^\d+ +([a-z]\w*)\(/.exec(line)?.[1] ?? [])),
    families: new Set(lines.flatMap((line) => /\bsocket\((AF_\w+)/.exec(line)?.[1] ?? [])),
    credential: !existsSync(join(folder, 'none')),
  };
};

/** The calls that lines of SystemCallFilter leave; every allow list includes `@default` (systemd.exec(5)). */
const allowedCalls = (filters: readonly string[]): ReadonlySet<string> => {
  const groups = callGroups();
  const members = (name: string): string[] => (name.startsWith('@') ? groups.get(name)!.flatMap(members) : [name]);
  const allowed = new Set(members('@default'));
  for (const filter of filters)
    for (const name of filter.replace(/^~/, '').split(' '))
      for (const call of members(name))
        if (filter.startsWith('~')) allowed.delete(call);
        else allowed.add(call);
  for (const call of members('@default')) allowed.add(call);
  return allowed;
};

const callGroups = (): ReadonlyMap<string, string[]> => {
  const { stdout } = spawnSync('systemd-analyze', ['syscall-filter', '--no-pager'], {
    encoding: 'utf8',
    env: { ...process.env, SYSTEMD_COLORS: '0' },
  });
  const groups = new Map<string, string[]>();
  let current: string[] = [];
  for (const line of stdout.split('\n')) {
    const name = line.trim();
    if (line.startsWith('@')) groups.set(name, (current = []));
    else if (name !== '' && !name.startsWith('#')) current.push(name);
  }
  return groups;
};
