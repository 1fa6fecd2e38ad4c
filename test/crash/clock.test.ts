import { systemClock } from '#kernel/node';
import { forEachEngine } from '../engines.ts';
import { reopenRooms } from '../rooms.ts';
import type { Line } from './acknowledgement.ts';
import { foundHouse, openCast } from './cast.ts';
import { openMix } from './deed-mix.ts';
import { seeded } from './seeded.ts';
import { openWitness } from './witness.ts';
import { work } from './workers.ts';

const HOUR_MS = 3_600_000;
/** A board without a clock starts in 1970; one that was set wrongly may come from the future. */
const STEPS_MS = [-HOUR_MS, HOUR_MS, -1, -24 * HOUR_MS, 24 * HOUR_MS, -systemClock.now()];

forEachEngine(
  'a clock that jumps back and forth harms neither the ledger nor what was acknowledged',
  async (t, engine) => {
    const chance = seeded(20_260_101);
    let step = 0;
    const jumping = {
      now: () => {
        if (chance.next() < 0.05) step = chance.pick(STEPS_MS);
        return Math.max(0, systemClock.now() + step);
      },
      monotonic: () => systemClock.monotonic(),
    };
    await foundHouse(engine);
    const house = await reopenRooms(engine, { clock: jumping });
    const lines: Line[] = [];
    await work(openMix(house, await openCast(house), chance, 'clock'), 16, 500, (line) => lines.push(line));
    const witness = openWitness();
    await witness.check(engine, lines, true);
    t.diagnostic(`${witness.acknowledged()} acknowledged deeds, ${witness.entries()} entries`);
  },
);
