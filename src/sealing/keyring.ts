import { type Random, Secret, timingSafeEqual } from '#kernel';
import type { ReadTx, WriteTx } from '#storage';
import { openEnvelope, sealEnvelope } from './envelope.ts';
import { sealingError } from './errors.ts';
import type { RootKey } from './root-key.ts';
import { type KeyringRow, insertKeyring, keyringRows, keyringTerms, rewrapKeyring } from './tables.ts';

/** Scope of the keys that belong to the installation rather than to one project. */
export const SYSTEM = 'system';

/**
 * What a key is for. A key serves one purpose.
 * `wrap` wraps data keys and seals a project's blobs; `token` finds tokens; `row` authenticates rows;
 * `fingerprint` finds equal values; `ledger` is the seed of the checkpoint's Ed25519 key; `index` hides values in the ledger.
 */
export type Purpose = 'wrap' | 'token' | 'row' | 'fingerprint' | 'ledger' | 'index';

export const SYSTEM_PURPOSES: readonly Purpose[] = ['wrap', 'token', 'row', 'fingerprint', 'ledger', 'index'];

export type KeyTerm = { readonly term: number; readonly key: Secret };

/** The keys below one root key: loaded whole at unlock, kept in memory until lock. */
export type Keyring = {
  readonly root: RootKey;
  /** All terms of a purpose, the one in force first. Errors: `sealing.damaged` when there is none. */
  terms(tx: ReadTx, scope: string, purpose: Purpose): Promise<readonly KeyTerm[]>;
  /** The system's keys, at once. */
  systemTerms(purpose: Purpose): readonly KeyTerm[];
  /** Unwraps a row, from memory when it was unwrapped before. */
  unwrap(row: Omit<KeyringRow, 'created_at'>): Secret;
  forget(): void;
};

export const openKeyring = async (tx: ReadTx, root: RootKey): Promise<Keyring> => {
  // Keyed by place, compared by wrapped bytes: a row rolled back and written anew is another key.
  const opened = new Map<string, { wrapped: Uint8Array; key: Secret }>();

  let ended = false;

  const unwrap = (row: Omit<KeyringRow, 'created_at'>): Secret => {
    // Somebody who began before a rekey or a lock and goes on after it, or reads rows newer than these keys.
    if (ended || row.root_term > root.term)
      throw sealingError('rekeyed', 'The keys in use are not those of this row any more.');
    const place = `${row.scope}/${row.purpose}/${row.term}`;
    const known = opened.get(place);
    if (known !== undefined && timingSafeEqual(known.wrapped, row.wrapped)) return known.key;
    const key = openEnvelope(root.key, row.wrapped, binding(row), `the key ${place}`);
    opened.set(place, { wrapped: row.wrapped, key });
    return key;
  };

  const system = new Map<Purpose, KeyTerm[]>();
  const rows = (await tx.all(keyringRows, {})).toSorted((a, b) => b.term - a.term);
  for (const row of rows.filter(({ scope }) => scope === SYSTEM)) {
    const terms = system.get(row.purpose as Purpose) ?? [];
    terms.push({ term: row.term, key: unwrap(row) });
    system.set(row.purpose as Purpose, terms);
  }

  return {
    root,
    unwrap,
    async terms(tx, scope, purpose) {
      const rows = await tx.all(keyringTerms, { scope, purpose });
      if (rows.length === 0) throw noKey(`${scope}/${purpose}`);
      return rows.map((row) => ({ term: row.term, key: unwrap(row) }));
    },
    systemTerms(purpose) {
      const terms = system.get(purpose);
      if (terms === undefined) throw noKey(`${SYSTEM}/${purpose}`);
      return terms;
    },
    forget() {
      ended = true;
      for (const { key } of opened.values()) key.wipe();
      root.key.wipe();
      opened.clear();
      system.clear();
    },
  };
};

/** Adds a fresh key, in force from this commit on. */
export const addKey = async (
  tx: WriteTx,
  root: RootKey,
  scope: string,
  purpose: Purpose,
  now: number,
  random: Random,
): Promise<KeyTerm> => {
  const newest = (await tx.all(keyringTerms, { scope, purpose }))[0];
  const place = { scope, purpose, term: (newest?.term ?? 0) + 1 };
  const key = Secret.fromBytes(random.bytes(32));
  const wrapped = sealEnvelope(root.key, key.reveal(), binding(place), random);
  await tx.run(insertKeyring, { ...place, root_term: root.term, wrapped, created_at: now });
  return { term: place.term, key };
};

/** Wraps every key anew under the next root key. Gives how many. */
export const rewrapAll = async (tx: WriteTx, keyring: Keyring, next: RootKey, random: Random): Promise<number> => {
  const rows = await tx.all(keyringRows, {});
  for (const row of rows) {
    const wrapped = sealEnvelope(next.key, keyring.unwrap(row).reveal(), binding(row), random);
    await tx.run(rewrapKeyring, {
      scope: row.scope,
      purpose: row.purpose,
      term: row.term,
      root_term: next.term,
      wrapped,
    });
  }
  return rows.length;
};

const binding = ({ scope, purpose, term }: { scope: string; purpose: string; term: number }) => [
  'key',
  scope,
  purpose,
  term,
];

const noKey = (place: string) => sealingError('damaged', `The keyring has no key ${place}.`, { what: `key ${place}` });
