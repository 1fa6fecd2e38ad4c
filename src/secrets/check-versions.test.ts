import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import fc from 'fast-check';
import { CredentialPath, Secret } from '#kernel';
import { systemClock } from '#kernel/node';
import { type CredentialPlace, credentialPlacesAfter } from '#inventory';
import { type BoundVersion, allBindings } from '#ledger';
import { destroyVersions, writeVersion } from '#secrets';
import { openSqlite } from '#storage';
import { temporaryFolder } from '../../test/engines.ts';
import { type Rooms, openRooms } from '../../test/rooms.ts';
import { checkCredential } from './check-versions.ts';
import { type VersionRow, versionsOf } from './tables.ts';
import { REMOVED_HASH, bindingFor } from './version.ts';

/** Cases tried; the whole must stay below twenty seconds. */
const RUNS = Number(process.env['CHATELAINE_FUZZ_RUNS'] ?? 5_000);

type Story = {
  readonly place: CredentialPlace;
  readonly rows: readonly VersionRow[];
  readonly bindings: ReadonlyMap<number, BoundVersion>;
  /** Rows that were there once, until they were among the newest ten no more. */
  readonly removed: readonly VersionRow[];
};
type Damage =
  | { readonly kind: 'flip'; readonly at: number }
  | { readonly kind: 'cut'; readonly at: number }
  | { readonly kind: 'extend'; readonly by: number }
  | { readonly kind: 'swap'; readonly other: number }
  | { readonly kind: 'copy'; readonly other: number }
  | { readonly kind: 'move'; readonly other: number }
  | { readonly kind: 'remove' }
  | { readonly kind: 'put back'; readonly which: number }
  | { readonly kind: 'destroy' };

const damage: fc.Arbitrary<Damage> = fc.oneof(
  fc.record({ kind: fc.constant('flip' as const), at: fc.nat() }),
  fc.record({ kind: fc.constant('cut' as const), at: fc.nat() }),
  fc.record({ kind: fc.constant('extend' as const), by: fc.integer({ min: 1, max: 40 }) }),
  fc.record({ kind: fc.constant('swap' as const), other: fc.nat() }),
  fc.record({ kind: fc.constant('copy' as const), other: fc.nat() }),
  fc.record({ kind: fc.constant('move' as const), other: fc.nat() }),
  fc.constant({ kind: 'remove' as const }),
  fc.record({ kind: fc.constant('put back' as const), which: fc.nat() }),
  fc.constant({ kind: 'destroy' as const }),
);

/** How many versions each credential had: those beyond ten are pruned. */
const WRITTEN = [5, 13, 11, 12];

const tell = async (house: Rooms): Promise<readonly Story[]> => {
  const write = (path: string, text: string) =>
    writeVersion(house.secrets, house.owner, {
      path: CredentialPath.parse(path),
      value: Secret.fromText(JSON.stringify({ value: text })),
      leaves: 'all',
      provenance: { how: 'entered', from: null, scopes: [] },
    });
  const once = new Map<string, VersionRow>();
  for (const [credential, count] of WRITTEN.entries())
    for (let version = 1; version <= count; version++) {
      const path = `porch/home/c${credential}`;
      const written = await write(path, `value ${credential} ${version}`.padEnd(12 + version));
      const rows = await house.engine.read((tx) => tx.all(versionsOf, { credential: written.credential }));
      for (const row of rows) once.set(`${row.credential} ${row.serial}`, row);
    }
  await destroyVersions(house.secrets, house.owner, { path: CredentialPath.parse('porch/home/c3'), versions: [5] });
  return house.engine.snapshot(async (tx) => {
    const all = await allBindings(tx, REMOVED_HASH);
    const places = await tx.all(credentialPlacesAfter, { after: '', count: 100 });
    return Promise.all(
      places.map(async (place) => {
        const rows = await tx.all(versionsOf, { credential: place.id });
        const kept = new Set(rows.map(({ serial }) => serial));
        const removed = [...once.values()].filter((row) => row.credential === place.id && !kept.has(row.serial));
        return { place, rows, bindings: all.get(place.id)!, removed };
      }),
    );
  });
};

test('a moved, swapped, copied, cut, extended, flipped, removed or put back row is found, and the version is named', async () => {
  const engine = openSqlite({ folder: temporaryFolder() });
  const house = await openRooms(engine, { clock: systemClock });
  const stories = await tell(house);
  const chains = new Map(
    await Promise.all(
      stories.map(
        async ({ place }) => [place.id, await engine.read((tx) => house.sealing.chain(tx, place.id))] as const,
      ),
    ),
  );
  const opens = async (place: CredentialPlace, row: VersionRow & { readonly envelope: Uint8Array }): Promise<boolean> =>
    house.sealing.authenticates({
      chain: chains.get(place.id)!,
      envelope: row.envelope,
      binding: bindingFor(place, row.serial),
      what: 'it',
    });
  const everyRow = stories.flatMap(({ rows }) => rows).filter(({ envelope }) => envelope !== null);
  const faultsOf = async ({ place, rows, bindings }: Story, keys: boolean) =>
    (await checkCredential(place, rows, bindings, keys ? opens : undefined)).faults;

  for (const story of stories) assert.deepEqual(await faultsOf(story, true), []);
  assert.deepEqual(
    stories.map(({ removed }) => removed.map(({ number }) => number)).toSorted((a, b) => a.length - b.length),
    [[], [1], [1, 2], [1, 2, 3]],
  );

  const found = new Map<string, number>();
  await fc.assert(
    fc.asyncProperty(
      fc.nat(),
      fc.nat(),
      damage,
      fc.boolean(),
      fc.boolean(),
      async (which, index, what, rehash, keys) => {
        const story = stories[which % stories.length]!;
        const victim = story.rows[index % story.rows.length]!;
        if (victim.envelope === null) return;
        if (what.kind === 'put back') {
          if (story.removed.length === 0) return;
          const row = story.removed[what.which % story.removed.length]!;
          const [fault, ...others] = await faultsOf({ ...story, rows: [row, ...story.rows] }, keys);
          assert.match(fault ?? '', new RegExp(` version ${row.number}: removed by entry \\d+ and put back$`));
          assert.deepEqual(others, []);
          found.set(what.kind, (found.get(what.kind) ?? 0) + 1);
          return;
        }
        const changed = apply(victim, what, everyRow, rehash);
        if (changed !== null && same(changed, victim)) return;
        const rows = story.rows.flatMap((row) => (row === victim ? (changed === null ? [] : [changed]) : [row]));
        // A table holds one row for each number and serial; what would break that is no corruption it can have.
        if (new Set(rows.map(({ number }) => number)).size !== rows.length) return;
        const faults = await faultsOf({ ...story, rows }, keys);
        assert.ok(faults.length > 0, `${JSON.stringify(what)} on version ${victim.number} of ${story.place.name}`);
        assert.ok(
          faults.every((fault) => fault.startsWith(`porch/home/${story.place.name}`)),
          faults.join(),
        );
        found.set(what.kind, (found.get(what.kind) ?? 0) + 1);
      },
    ),
    { numRuns: RUNS },
  );
  for (const kind of ['flip', 'cut', 'extend', 'swap', 'copy', 'move', 'remove', 'put back', 'destroy'])
    assert.ok((found.get(kind) ?? 0) > RUNS / 100, `${kind} was tried`);
  await engine.close();
});

/** What becomes of the row; with `rehash`, by somebody who knows how to make its hash fit. */
const apply = (
  row: VersionRow,
  what: Exclude<Damage, { readonly kind: 'put back' }>,
  others: readonly VersionRow[],
  rehash: boolean,
): VersionRow | null => {
  const envelope = row.envelope!;
  const withEnvelope = (bytes: Uint8Array): VersionRow => ({
    ...row,
    envelope: bytes,
    hash: rehash ? createHash('sha256').update(bytes).digest() : row.hash,
  });
  switch (what.kind) {
    case 'flip': {
      const flipped = Uint8Array.from(envelope);
      flipped[what.at % flipped.length]! ^= 1 << (what.at % 8);
      return withEnvelope(flipped);
    }
    case 'cut':
      return withEnvelope(envelope.subarray(0, what.at % envelope.length));
    case 'extend':
      return withEnvelope(Buffer.concat([envelope, new Uint8Array(what.by)]));
    case 'swap':
      return withEnvelope(others[what.other % others.length]!.envelope!);
    case 'copy': {
      const other = others[what.other % others.length]!;
      return { ...row, envelope: other.envelope, hash: other.hash, created_at: other.created_at };
    }
    case 'move':
      return { ...row, number: 1 + (what.other % 16) };
    case 'remove':
      return null;
    case 'destroy':
      break;
  }
  return { ...row, envelope: null, hash: new Uint8Array(32), destroyed_at: 1 };
};

const same = (a: VersionRow, b: VersionRow): boolean =>
  a.number === b.number && a.envelope !== null && b.envelope !== null && Buffer.compare(a.envelope, b.envelope) === 0;
