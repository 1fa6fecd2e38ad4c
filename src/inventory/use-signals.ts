import type { Clock } from '#kernel';
import { type ReadTx, type WriteTx, statement } from '#storage';

type UseRow = {
  readonly credential: string;
  readonly identity: string;
  readonly last_at: number;
  /** JSON: `[hour since 1970, uses][]`, the newest first. */
  readonly counts: string;
};
type Tables = { use_signal: UseRow; credential: { readonly id: string } };

/** Hours with their counts that a row keeps: a row stays below a kilobyte, however often it is used. */
const MOST_HOURS = 24;
/** Pairs of credential and identity that wait for the next writing. */
const MOST_WAITING = 10_000;
/** Identities told of at once, the latest first. */
const MOST_TOLD = 100;
const HOUR_MS = 3_600_000;

/** How often somebody was told that a credential is as he knows it. */
export type UseSignal = {
  readonly identity: string;
  /** Milliseconds since 1970. */
  readonly lastAt: number;
  /** Per hour with any, the newest first. */
  readonly hours: readonly { readonly hour: number; readonly uses: number }[];
};

/**
 * Uses of credentials that revealed nothing, counted rather than entered: one row for each credential and identity.
 * Counts wait in memory for the next `flush`; a crash loses those of the last minute, and nothing else.
 */
export type UseSignals = {
  /** False when too many wait: who cannot be counted is to be entered. */
  count(credential: string, identity: string): boolean;
  flush(): Promise<void>;
};

export type UseSignalPorts = {
  readonly clock: Clock;
  /** Commits work, alone among all processes. */
  readonly write: (work: (tx: WriteTx) => Promise<void>) => Promise<void>;
};

type Waiting = { readonly credential: string; readonly identity: string; lastAt: number; hours: Map<number, number> };

export const openUseSignals = ({ clock, write }: UseSignalPorts): UseSignals => {
  let waiting = new Map<string, Waiting>();
  return {
    count(credential, identity) {
      const now = clock.now();
      const hour = Math.floor(now / HOUR_MS);
      const key = `${credential} ${identity}`;
      const known = waiting.get(key);
      if (known === undefined) {
        if (waiting.size >= MOST_WAITING) return false;
        waiting.set(key, { credential, identity, lastAt: now, hours: new Map([[hour, 1]]) });
        return true;
      }
      known.lastAt = now;
      known.hours.set(hour, (known.hours.get(hour) ?? 0) + 1);
      return true;
    },
    async flush() {
      if (waiting.size === 0) return;
      const taken = waiting;
      waiting = new Map();
      try {
        await write(async (tx) => {
          for (const one of taken.values()) await add(tx, one);
        });
      } catch (error) {
        for (const [key, one] of taken) waiting.set(key, merge(waiting.get(key), one));
        throw error;
      }
    },
  };
};

/** Who used a credential without reading it. */
export const useSignalsOf = async (tx: ReadTx, credential: string): Promise<readonly UseSignal[]> =>
  (await tx.all(rowsOf, { credential })).map(({ identity, last_at, counts }) => ({
    identity,
    lastAt: last_at,
    hours: parseCounts(counts).map(([hour, uses]) => ({ hour, uses })),
  }));

const add = async (tx: WriteTx, { credential, identity, lastAt, hours }: Waiting): Promise<void> => {
  // Destroyed and forgotten meanwhile.
  if ((await tx.one(credentialThere, { credential })) === undefined) return;
  const before = await tx.one(rowOf, { credential, identity });
  const counts = new Map(parseCounts(before?.counts ?? '[]'));
  for (const [hour, uses] of hours) counts.set(hour, (counts.get(hour) ?? 0) + uses);
  await tx.run(putRow, {
    credential,
    identity,
    last_at: Math.max(lastAt, before?.last_at ?? 0),
    counts: JSON.stringify([...counts].toSorted(([a], [b]) => b - a).slice(0, MOST_HOURS)),
  });
};

const merge = (newer: Waiting | undefined, older: Waiting): Waiting => {
  if (newer === undefined) return older;
  const hours = new Map(older.hours);
  for (const [hour, uses] of newer.hours) hours.set(hour, (hours.get(hour) ?? 0) + uses);
  return { ...newer, hours };
};

const parseCounts = (text: string): readonly (readonly [number, number])[] =>
  JSON.parse(text) as readonly (readonly [number, number])[];

const rowOf = statement<Tables, { credential: string; identity: string }, UseRow>((db, { credential, identity }) =>
  db.selectFrom('use_signal').selectAll().where('credential', '=', credential).where('identity', '=', identity),
);

const rowsOf = statement<Tables, { credential: string }, UseRow>((db, { credential }) =>
  db
    .selectFrom('use_signal')
    .selectAll()
    .where('credential', '=', credential)
    .orderBy('last_at', 'desc')
    .limit(MOST_TOLD),
);

const credentialThere = statement<Tables, { credential: string }, { id: string }>((db, { credential }) =>
  db.selectFrom('credential').select('id').where('id', '=', credential),
);

const putRow = statement<Tables, UseRow>((db, row) =>
  db
    .insertInto('use_signal')
    .values({ credential: row.credential, identity: row.identity, last_at: row.last_at, counts: row.counts })
    .onConflict((conflict) =>
      conflict.columns(['credential', 'identity']).doUpdateSet({ last_at: row.last_at, counts: row.counts }),
    ),
);
