import assert from 'node:assert/strict';
import { statSync } from 'node:fs';
import { test } from 'node:test';
import { Secret } from '#kernel';
import { systemClock } from '#kernel/node';
import { parseVerifierKey } from '#ledger';
import { checkBackup } from '../../src/server/backup/restore.ts';
import { readKitText } from '../../src/server/kit-page.ts';
import { temporaryFolder } from '../engines.ts';
import { sessionFor, somebody } from '../house.ts';
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

test('one kit is in force: another owner’s ends only when that is said, and whole', async (t) => {
  const house = await openControlHouse(t, { backups: temporaryFolder() });
  const { rooms } = house;
  const ada = house.as('session');
  assert.equal((await ada.call('kit.show', {})).kit, null);
  const first = readKitText(Secret.fromText((await ada.call('kit.create', { body: {} })).page));
  await ada.call('kit.confirm', { body: {} });
  const id = await somebody(rooms, 'grace', 'owner', { project: null, environment: null, prefix: null });
  const grace = house.with(await sessionFor(rooms, id));
  const { kit } = await grace.call('kit.show', {});
  assert.ok(kit !== null && kit.owner?.name === 'ada' && kit.signsIn && kit.confirmedAt !== null);
  const told = await refusal(grace.call('kit.create', { body: {} }), 'server.kit_of_another');
  assert.match(`${told.message} ${told.hint}`, /The kit of ada.* a new one ends it.* --replace/);
  assert.equal((await grace.call('kit.show', {})).kit?.owner?.name, 'ada', 'nothing was changed');

  const second = readKitText(Secret.fromText((await grace.call('kit.create', { body: { replace: true } })).page));
  const next = (await ada.call('kit.show', {})).kit;
  assert.ok(next?.owner?.name === 'grace' && next.confirmedAt === null, 'reminders begin again');
  const breakGlass = (token: Secret) =>
    house.with(undefined).call('sign-in.kit', { body: { kit: token.revealText() } });
  await assert.rejects(breakGlass(first.recoveryToken!), 'the page in ada’s drawer signs nobody in');
  await ada.call('lock.do', { body: {} });
  const unlock = (key: Secret) => house.local().call('unlock.do', { body: { recoveryKey: key.revealText() } });
  await refusal(unlock(first.recoveryKey!), 'sealing.wrong_key');
  assert.equal((await unlock(second.recoveryKey!)).state, 'unlocked');

  const { token } = await breakGlass(second.recoveryToken!);
  assert.equal((await house.with(token).call('kit.show', {})).kit?.signsIn, false, 'it was used');
});

test('a kit whose page went astray is revoked: it signs nobody in, unlocks nothing, and backups wait for another', async (t) => {
  const house = await openControlHouse(t, { backups: temporaryFolder() });
  const owner = house.as('session');
  await refusal(owner.call('kit.revoke', {}), 'server.no_kit');
  const kit = readKitText(Secret.fromText((await owner.call('kit.create', { body: {} })).page));
  await refusal(house.as('owner').call('kit.revoke', {}), 'deeds.denied');
  await refusal(house.as('maintainer').call('kit.revoke', {}), 'deeds.denied');
  await owner.call('kit.revoke', {});
  assert.equal((await owner.call('kit.show', {})).kit, null);
  await assert.rejects(house.with(undefined).call('sign-in.kit', { body: { kit: kit.recoveryToken!.revealText() } }));
  await refusal(owner.call('backup.create', { body: {} }), 'sealing.no_kit');
  assert.equal((await owner.call('doctor.run', { body: {} })).bad, 0);
  await owner.call('lock.do', { body: {} });
  const recovery = { recoveryKey: kit.recoveryKey!.revealText() };
  await refusal(house.local().call('unlock.do', { body: recovery }), 'sealing.no_kit');
  assert.equal((await house.local().call('unlock.do', { body: {} })).state, 'unlocked');
});
