/**
 * Opens the rooms and performs random deeds until it is killed or has done enough, and tells of each on a line of its
 * own once it is acknowledged. Waits for its orders as one line of JSON on stdin; see `Orders`.
 */
import { writeSync } from 'node:fs';
import { exit, stdin } from 'node:process';
import { createInterface } from 'node:readline/promises';
import type { Line } from './acknowledgement.ts';
import { openCast, openHouse } from './cast.ts';
import { openMix } from './deed-mix.ts';
import { type CrashPlace, openPlace } from './place.ts';
import { seeded } from './seeded.ts';
import { nameOf, work } from './workers.ts';

export type Orders = {
  readonly place: CrashPlace;
  readonly seed: readonly number[];
  /** Names what this run makes. */
  readonly run: string;
  /** Deeds under way at any time. */
  readonly inFlight: number;
  /** Deeds after which it ends by itself; without, it goes on until it is killed. */
  readonly enough?: number;
};

/** A pipe that is full, because the parent is busy starting a server, is waited for. A line this short is whole or not there. */
const tell = (line: Line): void => {
  for (;;)
    try {
      writeSync(1, `${JSON.stringify(line)}\n`);
      return;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5);
    }
};

// Loaded while there is time: it is large, and the first deed needs it.
await import('@cedar-policy/cedar-wasm/nodejs');

const lines = createInterface({ input: stdin });
const first = await lines[Symbol.asyncIterator]().next();
if (first.done === true) exit(0);
const { place, seed, run, inFlight, enough = Infinity } = JSON.parse(first.value) as Orders;

const open = async () => {
  const engine = await openPlace(place, () => tell({ error: 'fatal', deed: 'onFatal', path: '' }));
  const house = await openHouse(engine);
  return { house, cast: await openCast(house) };
};

try {
  const { house, cast } = await open();
  tell({ ready: true });
  await work(openMix(house, cast, seeded(...seed), run), inFlight, enough, tell);
} catch (error) {
  tell({ error: nameOf(error), deed: 'open', path: '' });
}
exit(0);
