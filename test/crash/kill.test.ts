import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, after, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { type PostgresServer, startPostgres, whyNoPostgres } from '../postgres-server.ts';
import type { Line } from './acknowledgement.ts';
import { foundHouse } from './cast.ts';
import { spawnChild } from './child.ts';
import { type CrashPlace, openPlace } from './place.ts';
import { type Seeded, seeded } from './seeded.ts';
import { type Witness, openWitness } from './witness.ts';

/** Kills per engine; 200 in CI. */
const KILLS = Number(process.env['CHATELAINE_KILLS'] ?? (process.env['CI'] === 'true' ? 200 : 15));
const SEED = Number(process.env['CHATELAINE_SEED'] ?? Math.floor(Math.random() * 2 ** 31));
/** Kills after which the whole history is verified again, not only what is new. */
const WHOLE = 25;
/** Deeds told of, and milliseconds after them, before a kill. */
const MOST_DEEDS = 240;
const MOST_MS = 25;
const HOW = `CHATELAINE_SEED=${SEED} CHATELAINE_KILLS=${KILLS} node --test test/crash/kill.test.ts`;

/** Names the seed when it fails, and says what was seen when it does not. */
const witnessed = async (t: TestContext, run: (witness: Witness, chance: Seeded) => Promise<number>): Promise<void> => {
  const witness = openWitness();
  try {
    const kills = await run(witness, seeded(SEED));
    t.diagnostic(
      `${kills} kills, ${witness.acknowledged()} acknowledged deeds, ${witness.entries()} entries; seed ${SEED}`,
    );
    assert.ok(kills >= KILLS && witness.acknowledged() > 10 * KILLS, 'there was something to lose');
  } catch (error) {
    t.diagnostic(`To see it again: ${HOW}`);
    throw error;
  }
};

test(
  'SQLite: whenever the process is killed, what was acknowledged is there and nothing is half done',
  { timeout: 1_200_000 },
  (t) =>
    witnessed(t, async (witness, chance) => {
      const folder = mkdtempSync(join(tmpdir(), 'chatelaine-crash-'));
      const place: CrashPlace = { kind: 'sqlite', folder: join(folder, 'data') };
      t.after(() => rmSync(folder, { recursive: true, force: true }));
      const first = await openPlace(place);
      await foundHouse(first);
      await first.close();
      let next = spawnChild();
      t.after(() => next.kill());
      for (let kill = 1; kill <= KILLS; kill++) {
        const child = next;
        child.start({ place, seed: [SEED, kill], run: `r${kill}`, inFlight: chance.between(16, 64) });
        // Now and then while it is still opening the folder.
        await child.said(chance.next() < 0.9 ? chance.between(1, MOST_DEEDS) : 0);
        await sleep(chance.between(0, MOST_MS));
        const lines = await child.kill();
        next = spawnChild();
        const engine = await openPlace(place);
        try {
          await witness.check(engine, lines, kill % WHOLE === 0 || kill === KILLS);
        } finally {
          await engine.close();
        }
      }
      return KILLS;
    }),
);

const missing = whyNoPostgres();
if (missing !== undefined && process.env['CHATELAINE_REQUIRE'] === '1') throw new Error(missing);

describe('PostgreSQL', { skip: missing ?? false }, () => {
  let server: PostgresServer | undefined;
  after(() => server?.stop());

  test(
    'whoever is killed, one of two processes or the server itself, what was acknowledged is there and nothing is half done',
    { timeout: 1_200_000 },
    (t) =>
      witnessed(t, async (witness, chance) => {
        const started = await startPostgres();
        server = started;
        const place: CrashPlace = { kind: 'postgres', url: started.url, schema: 'crash' };
        const engine = await openPlace(place);
        t.after(() => engine.close());
        await foundHouse(engine);
        let pair = [spawnChild(), spawnChild()] as const;
        t.after(() => Promise.all(pair.map((child) => child.kill())));
        let kills = 0;
        for (let round = 1; kills < KILLS; round++) {
          const children = pair;
          for (const [i, child] of children.entries())
            child.start({ place, seed: [SEED, round, i], run: `r${round}-${i}`, inFlight: chance.between(8, 32) });
          const [before, between, pause] = [
            chance.between(1, MOST_DEEDS / 2),
            chance.between(0, MOST_DEEDS / 2),
            chance.between(0, MOST_MS),
          ];
          await Promise.all(children.map((child) => child.said(before)));
          await sleep(pause);
          const disturbance = chance.pick(['server', 'sessions', 'none'] as const);
          if (disturbance === 'server') {
            await started.kill();
            await started.start();
            kills++;
          } else if (disturbance === 'sessions') await endSessions(started, chance);
          await children[0].said(before + between);
          const said: Line[] = [...(await children[0].kill())];
          // The other goes on alone for a while.
          await sleep(chance.between(0, MOST_MS));
          said.push(...(await children[1].kill()));
          kills += 2;
          pair = [spawnChild(), spawnChild()];
          await witness.check(engine, said, round % WHOLE === 0 || kills >= KILLS);
        }
        return kills;
      }),
  );
});

/** Ends some sessions of the children, writers and readers alike, as an administrator or a failing network would. */
const endSessions = (server: PostgresServer, chance: Seeded): Promise<unknown[]> =>
  server.sql(
    `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
      WHERE application_name = 'chatelaine' AND pid % 2 = ${chance.between(0, 1)}`,
  );
