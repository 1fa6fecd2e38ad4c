import assert from 'node:assert/strict';
import { CredentialPath, Secret } from '#kernel';
import { deleteVersions, destroyVersions, readVersion, writeVersion } from '#secrets';
import { entriesFrom } from '../../src/ledger/tables.ts';
import { forEachEngine } from '../engines.ts';
import type { Rooms } from '../rooms.ts';
import { foundHouse } from './cast.ts';

const at = (i: number) => CredentialPath.parse(`porch/home/racing/${i}`);

const write = (house: Rooms, path: CredentialPath, password: string) =>
  writeVersion(house.secrets, house.owner, {
    path,
    value: Secret.fromText(JSON.stringify({ password })),
    leaves: 'all',
    provenance: { how: 'entered', from: null, scopes: [] },
  });
const read = (house: Rooms, path: CredentialPath) => readVersion(house.secrets, house.owner, { path, version: 0 });

/** Reads begun in one turn with what ends them, some before it and some after it. */
const race = async (house: Rooms, path: CredentialPath, action: string, end: () => Promise<unknown>): Promise<void> => {
  const early = Array.from({ length: 3 }, () => read(house, path));
  const ending = end();
  const late = Array.from({ length: 3 }, () => read(house, path));
  await ending;
  const entries = await house.engine.read((tx) => tx.all(entriesFrom, { from: 0, count: 10_000 }));
  const ended = entries.findLast((entry) => entry.action === action && entry.path === path.toString());
  for (const { receipt, value } of await Promise.all([...early, ...late]))
    assert.equal(value === null, receipt.index > ended!.idx, `entry ${receipt.index}, ended by entry ${ended!.idx}`);
};

forEachEngine(
  'no entry after the one that destroys a version reveals it, however early the read began',
  async (_t, engine) => {
    const house = await foundHouse(engine);
    for (let i = 0; i < 10; i++) {
      await write(house, at(i), `value number ${i}`);
      await race(house, at(i), 'credential.destroy', () =>
        destroyVersions(house.secrets, house.owner, { path: at(i), versions: [1] }),
      );
    }
  },
);

forEachEngine('no entry after the one that deletes a version reveals it', async (_t, engine) => {
  const house = await foundHouse(engine);
  for (let i = 0; i < 10; i++) {
    await write(house, at(i), `value number ${i}`);
    await race(house, at(i), 'credential.delete', () =>
      house.deeds.perform(deleteVersions, house.owner, { path: at(i), versions: [1] }),
    );
  }
});

forEachEngine('reads among many writes of the same credential raise no false alarm', async (_t, engine) => {
  const house = await foundHouse(engine);
  await write(house, at(0), 'value number 0');
  const work = Array.from({ length: 40 }, (_, i) => i).flatMap((i) => [
    write(house, at(0), `another value ${i}`),
    read(house, at(0)),
    read(house, at(0)),
  ]);
  for (const outcome of await Promise.allSettled(work))
    assert.equal(outcome.status, 'fulfilled', JSON.stringify(outcome));
});

forEachEngine(
  'of one check-and-set asked for many times at once, one is done and the others told why not',
  async (_t, engine) => {
    const house = await foundHouse(engine);
    await write(house, at(0), 'the first value');
    const tries = await Promise.allSettled(
      Array.from({ length: 12 }, (_, i) =>
        writeVersion(house.secrets, house.owner, {
          path: at(0),
          value: Secret.fromText(JSON.stringify({ password: `value number ${i}` })),
          leaves: 'all',
          provenance: { how: 'entered', from: null, scopes: [] },
          checkAndSet: 1,
        }),
      ),
    );
    const codes = tries.flatMap((each) => (each.status === 'rejected' ? [(each.reason as { code: string }).code] : []));
    assert.deepEqual(codes, Array<string>(11).fill('secrets.version_conflict'));
  },
);
