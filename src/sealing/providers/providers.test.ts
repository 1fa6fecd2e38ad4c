import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { Secret, hasCode } from '#kernel';
import { systemRandom } from '#kernel/node';
import { keyFileProvider } from './key-file.ts';
import { passphraseProvider } from './passphrase.ts';
import { CREDENTIAL_NAME, systemdCredentialProvider } from './systemd-credential.ts';

const folderFor = (t: TestContext): string => {
  const folder = mkdtempSync(join(tmpdir(), 'chatelaine-keys-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
};

test('a key file is made once, mode 0600, and gives the same key again', async (t) => {
  const folder = folderFor(t);
  const file = join(folder, 'keys', 'root.key');
  const provider = keyFileProvider({ file, dataFolder: join(folder, 'data') });
  const { key, parameters } = await provider.create(systemRandom);
  assert.equal(statSync(file).mode & 0o777, 0o600);
  assert.ok(key.equals(await provider.obtain(parameters)));
  assert.ok(key.equals((await provider.create(systemRandom)).key), 'an existing key is used, never overwritten');
});

test('a key file inside the data folder, missing, malformed or open to others is refused with a way out', async (t) => {
  const folder = folderFor(t);
  const file = join(folder, 'root.key');
  const inside = keyFileProvider({ file, dataFolder: folder });
  await assert.rejects(inside.create(systemRandom), (error) => hasCode(error, 'sealing.key_inside'));
  const provider = keyFileProvider({ file, dataFolder: join(folder, 'data') });
  await assert.rejects(
    provider.obtain({}),
    (error) => hasCode(error, 'sealing.key_missing') && /Put the key file back/.test(error.hint ?? ''),
  );
  writeFileSync(file, 'not a key', { mode: 0o600 });
  await assert.rejects(provider.obtain({}), (error) => hasCode(error, 'sealing.wrong_key'));
  writeFileSync(file, 'ab'.repeat(32));
  chmodSync(file, 0o644);
  await assert.rejects(
    provider.obtain({}),
    (error) => hasCode(error, 'sealing.key_unsafe') && /chmod 600/.test(error.hint ?? ''),
  );
});

test('a passphrase gives the same key again; another, a short one and changed parameters do not', async () => {
  const { key, parameters } = await passphraseProvider(Secret.fromText('correct horse battery')).create(systemRandom);
  assert.ok(key.equals(await passphraseProvider(Secret.fromText('correct horse battery')).obtain(parameters)));
  assert.ok(!key.equals(await passphraseProvider(Secret.fromText('correct horse battery!')).obtain(parameters)));
  await assert.rejects(passphraseProvider(Secret.fromText('short')).create(systemRandom), (error) =>
    hasCode(error, 'sealing.weak_passphrase'),
  );
  await assert.rejects(
    passphraseProvider(Secret.fromText('correct horse battery')).obtain({ ...parameters, memory: 1e9 }),
    (error) => hasCode(error, 'sealing.damaged'),
  );
});

test('a credential of systemd is read from its folder', async (t) => {
  const folder = folderFor(t);
  mkdirSync(folder, { recursive: true });
  const provider = systemdCredentialProvider(folder);
  await assert.rejects(provider.obtain({}), (error) => hasCode(error, 'sealing.key_missing'));
  writeFileSync(join(folder, CREDENTIAL_NAME), `${'0f'.repeat(32)}\n`);
  assert.deepEqual((await provider.obtain({})).reveal(), new Uint8Array(32).fill(0x0f));
});
