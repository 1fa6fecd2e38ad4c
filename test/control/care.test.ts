import assert from 'node:assert/strict';
import { statSync } from 'node:fs';
import { test } from 'node:test';
import { Secret } from '#kernel';
import { systemClock } from '#kernel/node';
import { parseVerifierKey } from '#ledger';
import { checkBackup } from '../../src/server/backup/restore.ts';
import { readKitText } from '../../src/server/kit-page.ts';
import { temporaryFolder } from '../engines.ts';
import { openControlHouse, refusal } from './control-house.ts';

test('an owner makes kit and backup of a running house, and the kit opens the backup and the locked house', async (t) => {
  const house = await openControlHouse(t, { backups: temporaryFolder() });
  const owner = house.as('session');
  await refusal(owner.call('backup.create', { body: {} }), 'sealing.no_kit');
  const { page, html } = await owner.call('kit.create', { body: {} });
  const kit = readKitText(Secret.fromText(page));
  for (const part of [kit.recoveryToken!, kit.recoveryKey!, kit.backupIdentity!])
    assert.ok(html.includes(part.revealText()));
  assert.ok(html.includes(kit.verifierKey!) && !/<script|src=|href=/.test(html));
  const { file, sha256 } = await owner.call('backup.create', { body: {} });
  assert.equal(statSync(file).mode & 0o777, 0o600);
  const { bad, proven } = await checkBackup({
    file,
    identity: kit.backupIdentity!,
    key: parseVerifierKey(kit.verifierKey!),
    clock: systemClock,
  });
  assert.deepEqual([bad, proven], [false, true]);
  const { items } = await owner.call('ledger.list', { query: { action: 'installation.backed-up' } });
  assert.match(items[0]?.note ?? '', new RegExp(sha256));
  const seen = await owner.call('doctor.run', { body: {} });
  assert.equal(seen.bad, 0);
  assert.ok(seen.checks.some(({ id, state }) => id === 'versions' && state === 'good'));

  await owner.call('lock.do', { body: {} });
  await refusal(house.local().call('unlock.do', { body: { recoveryKey: '0000' } }), 'sealing.malformed_key');
  const { state } = await house
    .local()
    .call('unlock.do', { body: { recoveryKey: kit.recoveryKey!.revealText().toLowerCase() } });
  assert.equal(state, 'unlocked');
  const logged = house.logged();
  for (const secret of [kit.recoveryKey!, kit.backupIdentity!, kit.recoveryToken!])
    assert.equal(logged.includes(secret.revealText()), false);
});

test('only who runs the installation may back it up, examine it, or make a kit', async (t) => {
  const house = await openControlHouse(t, { backups: temporaryFolder() });
  for (const role of ['service', 'auditor'] as const) {
    await refusal(house.as(role).call('kit.create', { body: {} }), 'deeds.denied');
    await refusal(house.as(role).call('backup.create', { body: {} }), 'deeds.denied');
  }
  await refusal(house.as('service').call('doctor.run', { body: {} }), 'deeds.denied');
});
