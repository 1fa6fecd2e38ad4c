import assert from 'node:assert/strict';
import { createProject } from '#inventory';
import { hasCode } from '#kernel';
import { systemClock, systemRandom } from '#kernel/node';
import { statement } from '#storage';
import { compose } from '../src/server/compose.ts';
import { forEachEngine } from './engines.ts';
import { knownProvider, openRooms } from './rooms.ts';

type Tables = { ledger_entry: { idx: number; action: string } };
const unlocks = statement<Tables, Record<never, never>, { idx: number }>((db) =>
  db.selectFrom('ledger_entry').select('idx').where('action', '=', 'installation.unlock'),
);

forEachEngine(
  'nobody writes between the keys and the look at the anchor, and two who unlock at once are one',
  async (_t, engine) => {
    const { owner } = await openRooms(engine);
    const asked = Promise.withResolvers<void>();
    const looked = Promise.withResolvers<undefined>();
    let isHeld = true;
    const house = compose({
      engine,
      clock: systemClock,
      random: systemRandom,
      provider: knownProvider(),
      version: '0.0.0-test',
      anchor: {
        read() {
          asked.resolve();
          return isHeld ? looked.promise : Promise.resolve(undefined);
        },
        write: async () => {},
      },
      onCommit: () => {},
      health: async () => ({}),
    });
    await house.look();
    const both = [house.seal.unlock(undefined, 'local'), house.seal.unlock(undefined, 'local')];
    await asked.promise;
    assert.equal(house.seal.state(), 'locked');
    const make = () =>
      house.deeds.perform(createProject(house.sealing, house.random), owner, {
        name: 'meanwhile',
        posture: 'home',
        environments: [],
      });
    await assert.rejects(make(), (error) => hasCode(error, 'sealing.locked'));
    isHeld = false;
    looked.resolve(undefined);
    await Promise.all(both);
    assert.equal(house.seal.state(), 'unlocked');
    await make();
    assert.equal((await engine.read((tx) => tx.all(unlocks, {}))).length, 1);
  },
);
