import assert from 'node:assert/strict';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { Secret, hasCode } from '#kernel';
import { offlineOperations } from '../src/server/operate.ts';
import { up } from '../src/server/up.ts';
import { temporaryFolder } from './engines.ts';

const nobody = { askSecret: async () => undefined };
const code = (expected: string) => (error: unknown) => hasCode(error, expected);

test('kit, backup, check, restore, refused start, accepted rollback and doctor, as an operator does them', async () => {
  const home = temporaryFolder();
  const flags = {
    data: join(home, 'data'),
    'key-file': join(home, 'root.key'),
    'anchor-file': join(home, 'anchor'),
    'backup-folder': join(home, 'backups'),
    listen: '127.0.0.1:0',
    'log-level': 'silent',
  };
  const operations = offlineOperations({}, '0.0.0-test');
  await assert.rejects(operations.doctor(flags, nobody), code('server.no_folder'));
  const running = await up(flags, {}, '0.0.0-test', nobody);
  await assert.rejects(operations.backup(undefined, flags, nobody), code('storage.folder_in_use'));
  await running.stop('test');

  await assert.rejects(operations.backup(undefined, flags, nobody), code('sealing.no_kit'));
  const kit = Secret.fromText(await operations.createKit(flags, nobody));
  const { file } = await operations.backup(undefined, flags, nobody);
  assert.ok(typeof file === 'string' && file.startsWith(flags['backup-folder']));
  const checked = await operations.restore(file, flags, kit, true);
  assert.deepEqual([checked['bad'], checked['proven']], [false, true]);
  const identityAlone = Secret.fromText(/AGE-SECRET-KEY-\S+/.exec(kit.revealText())![0]);
  assert.equal((await operations.restore(file, flags, identityAlone, true))['proven'], false);
  await assert.rejects(
    operations.restore(file, flags, Secret.fromText('no kit at all'), true),
    code('server.no_kit_inside'),
  );
  await assert.rejects(operations.restore(file, flags, kit, false), code('server.folder_not_empty'));

  const again = await up(flags, {}, '0.0.0-test', nobody);
  await again.stop('test');
  rmSync(flags.data, { recursive: true });
  await operations.restore(file, flags, kit, false);
  await assert.rejects(up(flags, {}, '0.0.0-test', nobody), code('ledger.rolled_back'));
  assert.ok((await operations.doctor(flags, nobody)).some(({ id, state }) => id === 'anchor' && state === 'bad'));
  await operations.acceptRollback('the data folder was lost', flags, nobody);
  const back = await up(flags, {}, '0.0.0-test', nobody);
  await back.stop('test');
  assert.deepEqual(
    (await operations.doctor(flags, nobody)).filter(({ state }) => state === 'bad'),
    [],
  );
  writeFileSync(flags['key-file'], `${'0'.repeat(64)}\n`);
  const keyless = await operations.doctor(flags, nobody);
  assert.match(keyless.find(({ id }) => id === 'rights')?.detail ?? '', /no key is at hand/);
});
