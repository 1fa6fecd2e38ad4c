import assert from 'node:assert/strict';
import { CredentialPath, toHex } from '#kernel';
import { systemClock } from '#kernel/node';
import { readHeadRow } from '#ledger';
import { readVersion } from '#secrets';
import type { Engine, ReadTx } from '#storage';
import { encodeEntry } from '../../src/ledger/entry.ts';
import { openRow } from '../../src/ledger/read-entries.ts';
import { type EntryRow, entriesFrom } from '../../src/ledger/tables.ts';
import { EMPTY_FRONTIER, type Frontier, extendFrontier } from '../../src/ledger/tree/frontier.ts';
import { leafHash } from '../../src/ledger/tree/merkle.ts';
import { verifyLog } from '../../src/ledger/tree/verify.ts';
import { type VerifierKey, verifierKey } from '../../src/ledger/tree/verifier-key.ts';
import { doctor } from '../../src/server/doctor/doctor.ts';
import type { Rooms } from '../rooms.ts';
import { type Acknowledgement, type Line, hashOfValue } from './acknowledgement.ts';
import { openCast, openHouse } from './cast.ts';
import { compareStory, query } from './compare-story.ts';
import { emptyStory, tell } from './replay.ts';

/** What may be answered in a house under load, and, with a server, while that is away. */
const ALLOWED_ERRORS =
  /^(?:deeds\.denied|inventory\.(?:no_credential|changed_meanwhile|name_differs_by_case|name_taken|illegal_transition)|policy\.grant_absent|secrets\.(?:version_conflict|not_in_this_state|no_version|shared_across_environments))$/;
const SERVER_ERRORS = /^storage\.(?:connection_lost|unreachable|unknown_outcome|busy)$/;

/** Hears what the children say, looks at what is on disk, and remembers both from one run to the next. */
export type Witness = {
  /**
   * Checks everything after a crash. `everything` also looks again at what earlier checks have seen; errors of deeds
   * are those of a house in order, and those of `alsoAllowed`.
   */
  check(engine: Engine, lines: readonly Line[], everything: boolean, alsoAllowed?: RegExp): Promise<void>;
  acknowledged(): number;
  entries(): number;
};

export const openWitness = (): Witness => {
  const story = emptyStory();
  const commitments = new Map<number, string>();
  /** `credential version` → hash of the value, as acknowledged. */
  const values = new Map<string, string>();
  /** The same → the line that acknowledged it, to say so when it was not true. */
  const writes = new Map<string, string>();
  const opened = new Map<string, string>();
  const counted = new Map<string, number>();
  let frontier: Frontier = EMPTY_FRONTIER;
  let checkpoint: string | undefined;
  let total = 0;

  const hear = (lines: readonly Line[], allowed: readonly RegExp[]): Acknowledgement[] => {
    const heard: Acknowledgement[] = [];
    for (const line of lines) {
      if ('ready' in line) continue;
      if ('error' in line)
        assert.ok(
          allowed.some((each) => each.test(line.error)),
          JSON.stringify(line),
        );
      else heard.push(line);
    }
    total += heard.length;
    return heard;
  };

  const verify = async (tx: ReadTx, key: VerifierKey, everything: boolean): Promise<EntryRow[]> => {
    const head = (await readHeadRow(tx))!;
    const entries: EntryRow[] = [];
    for (let from = story.size; from < head.size;) {
      const some = await tx.all(entriesFrom, { from, count: 5_000 });
      if (some.length === 0) break;
      entries.push(...some);
      from += some.length;
    }
    for (const row of entries) openRow(row);
    const published = entries.map((row) => encodeEntry(row.commitment));
    const all = everything
      ? (await query<{ commitment: Uint8Array }>(tx, 'SELECT commitment FROM ledger_entry ORDER BY idx')).map((row) =>
          encodeEntry(row.commitment),
        )
      : published;
    const report = await verifyLog({
      checkpointNote: head.checkpoint,
      verifierKey: key,
      entries: all,
      ...(everything ? {} : { start: frontier }),
      ...(checkpoint !== undefined && { previousCheckpoint: checkpoint }),
    });
    assert.ok(report.ok, JSON.stringify(report.faults));
    frontier = extendFrontier(frontier, published.map(leafHash)).frontier;
    checkpoint = head.checkpoint;
    return entries;
  };

  const checkAcknowledged = (heard: readonly Acknowledgement[]): void => {
    for (const line of heard) {
      const { action, commitment, credential, index, path, version, hash, checkAndSet } = line;
      const where = JSON.stringify(line);
      if (index !== undefined)
        assert.equal(commitments.get(index), commitment, `the entry acknowledged is another or none: ${where}`);
      const key = `${action} ${path}`;
      counted.set(key, (counted.get(key) ?? 0) + 1);
      assert.ok((story.done.get(key) ?? 0) >= counted.get(key)!, `acknowledged more often than entered: ${where}`);
      if (checkAndSet !== undefined) assert.equal(version, checkAndSet + 1, where);
      if (
        action === 'credential.write' &&
        credential !== undefined &&
        typeof version === 'number' &&
        typeof hash === 'string'
      ) {
        values.set(`${credential} ${version}`, hash);
        writes.set(`${credential} ${version}`, where);
      }
    }
    for (const line of heard) {
      const { action, credential, index, version, hash } = line;
      if (action !== 'credential.read' || typeof hash !== 'string') continue;
      const destroyed = story.credentials.get(credential ?? '')?.destroyed.get(version ?? 0) ?? Infinity;
      assert.ok(index! < destroyed, `read after entry ${destroyed} destroyed it: ${JSON.stringify(line)}`);
      const written = values.get(`${credential} ${version}`);
      if (written !== undefined)
        assert.equal(
          hash,
          written,
          `another value was read than written: ${JSON.stringify(line)}, ${writes.get(`${credential} ${version}`)}`,
        );
    }
  };

  /** Opens every version that can be, and compares with what was acknowledged. Its own reads are entries, too. */
  const openValues = async (house: Rooms, engine: Engine): Promise<void> => {
    const rows = await engine.read((tx) =>
      query<{ credential: string; number: number; path: string; hash: Uint8Array }>(
        tx,
        `SELECT v.credential, v.number, v.hash, 'porch/' || e.name || '/' || c.name AS path FROM version v
          JOIN credential c ON c.id = v.credential JOIN environment e ON e.id = c.environment
          WHERE v.envelope IS NOT NULL AND v.number IS NOT NULL AND v.deleted_at IS NULL AND c.state = 'active'`,
      ),
    );
    const fresh = rows.filter(({ credential, number, hash }) => opened.get(`${credential} ${number}`) !== toHex(hash));
    await Promise.all(
      fresh.map(async ({ credential, number, path, hash }) => {
        const { value } = await readVersion(house.secrets, house.owner, {
          path: CredentialPath.parse(path),
          version: number,
        });
        const key = `${credential} ${number}`;
        opened.set(key, toHex(hash));
        const written = values.get(key);
        if (written !== undefined)
          assert.equal(
            value === null ? null : hashOfValue(value),
            written,
            `${path} version ${number} is not the value acknowledged`,
          );
      }),
    );
  };

  return {
    async check(engine, lines, everything, alsoAllowed) {
      const heard = hear(lines, [
        ALLOWED_ERRORS,
        ...(engine.kind === 'postgres' ? [SERVER_ERRORS] : []),
        ...(alsoAllowed === undefined ? [] : [alsoAllowed]),
      ]);
      const house = await openHouse(engine);
      const { origin } = house.installation();
      const key = verifierKey(origin, house.sealing.signer(origin).publicKey);
      const { developer } = await openCast(house);
      await openValues(house, engine);
      if (everything) {
        const checks = await doctor({ engine, clock: systemClock, sealing: house.sealing });
        assert.deepEqual(
          checks.filter(({ state }) => state === 'bad'),
          [],
        );
      }
      await engine.snapshot(async (tx) => {
        for (const entry of await verify(tx, key, everything)) {
          commitments.set(entry.idx, toHex(entry.commitment));
          const contradiction = tell(story, entry, developer.identity);
          if (contradiction !== null) assert.fail(contradiction);
        }
        checkAcknowledged(heard);
        assert.deepEqual(await compareStory(tx, story, everything), []);
        story.touched.clear();
        if (everything && engine.kind === 'sqlite')
          assert.deepEqual(
            (await query<object>(tx, 'PRAGMA integrity_check')).map((row) => ({ ...row })),
            [{ integrity_check: 'ok' }],
          );
      });
    },
    acknowledged: () => total,
    entries: () => story.size,
  };
};
