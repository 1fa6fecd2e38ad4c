import assert from 'node:assert/strict';
import { Secret, CredentialPath } from '#kernel';
import { type ListEntries, listEntries, redactEntries, showEntry } from '#ledger';
import { writeVersion } from '#secrets';
import { forEachEngine } from './engines.ts';
import { openRooms } from './rooms.ts';

forEachEngine('entries are narrowed by every column, by place as segments, and paged downwards', async (_t, engine) => {
  const house = await openRooms(engine);
  for (const name of ['a', 'b', 'c'])
    await writeVersion(house.secrets, house.owner, {
      path: CredentialPath.of('porch', name === 'c' ? 'prod' : 'home', name),
      value: Secret.fromText(`{"value":"secret-${name}-long"}`),
      leaves: 'all',
      provenance: { how: 'entered', from: null, scopes: [] },
    });
  const list = async (more: Partial<ListEntries>, own: string | null = null) =>
    (await house.deeds.perform(listEntries(own), house.owner, { before: null, limit: 100, ...more })).output;
  const paths = async (more: Partial<ListEntries>) =>
    (await list({ action: 'credential.write', ...more })).map(({ personal }) => personal!.path);
  assert.deepEqual(await paths({}), ['porch/prod/c', 'porch/home/b', 'porch/home/a']);
  assert.deepEqual(await paths({ project: 'porch', environment: 'home' }), ['porch/home/b', 'porch/home/a']);
  assert.deepEqual(await paths({ project: 'porc' }), []);
  assert.deepEqual(await paths({ limit: 1 }), ['porch/prod/c']);
  const [newest] = await list({ action: 'credential.write' });
  assert.deepEqual(await paths({ before: newest!.index }), ['porch/home/b', 'porch/home/a']);
  assert.deepEqual(await paths({ outcome: 'denied' }), []);
  assert.deepEqual(await paths({ from: house.clock.now() + 60_000 }), []);
  assert.deepEqual(await paths({ address: 'local', caller: house.owner.identity }), [
    'porch/prod/c',
    'porch/home/b',
    'porch/home/a',
  ]);
  assert.ok((await list({}, house.owner.identity)).every(({ personal }) => personal?.caller === house.owner.identity));

  await house.deeds.perform(redactEntries, house.owner, { identity: house.owner.identity, reason: 'test' });
  const { output } = await house.deeds.perform(showEntry(null), house.owner, { index: newest!.index });
  assert.equal(output.personal, null);
  assert.equal(output.public.action, 'credential.write');
  await assert.rejects(house.deeds.perform(showEntry(house.owner.identity), house.owner, { index: newest!.index }), {
    code: 'ledger.absent',
  });
});
