import { createHash } from 'node:crypto';
import { type Mac, type Random, type Receipt, type Secret, type Signer, hasCode, timingSafeEqual } from '#kernel';
import { ed25519Signer, hmac } from '#kernel/node';
import { type Engine, type ReadTx, type WriteTx, isStorageError } from '#storage';
import { checkDataKeys, checkKeyring } from './check-keys.ts';
import { openDataKeys } from './data-key.ts';
import { type Binding, openEnvelope, sealEnvelope } from './envelope.ts';
import { sealingError } from './errors.ts';
import { deriveMatchKey } from './match-key.ts';
import { type Kit, type PreparedKit, dropKit, keepKit, prepareKit, readKit, wrapForKit } from './kit.ts';
import {
  type KeyTerm,
  type Keyring,
  type Purpose,
  SYSTEM,
  SYSTEM_PURPOSES,
  addKey,
  openKeyring,
  rewrapAll,
} from './keyring.ts';
import type { SealProvider } from './providers/provider.ts';
import { type PreparedRoot, type RootKey, currentRootRow, obtainRoot, prepareRoot, rowFor } from './root-key.ts';
import { type SharedLock, readSharedLock, writeSharedLock } from './shared-lock.ts';
import { type DataKeyChain, deleteRootKeysBelow, insertRootKey } from './tables.ts';

export type SealState = 'uninitialised' | 'locked' | 'unlocked';

/** A sealed version with everything that opening it takes; worthless without a receipt for its resource. */
export type SealedValue = {
  readonly resource: string;
  readonly chain: DataKeyChain;
  readonly envelope: Uint8Array;
  readonly binding: Binding;
  /** For error messages: `porch/home/mqtt version 3`. */
  readonly what: string;
};

/** Something sealed under a scope's own key: rendering plans, kept originals, kept answers. */
export type SealedBlob = {
  readonly resource: string;
  readonly scope: string;
  readonly bytes: Uint8Array;
  readonly binding: Binding;
  readonly what: string;
};

export type Rekeyed = {
  /** How many keys were wrapped anew. */
  readonly rewrapped: number;
  readonly fingerprint: Mac;
};

export type Sealing = {
  state(): SealState;
  /** Reads whether there is a root key; called once at start. */
  look(tx: ReadTx): Promise<SealState>;
  /** Makes the first root key; `storeFirst` keeps it with the system's keys in the commit of the first deed. */
  prepareFirst(provider: SealProvider): Promise<PreparedRoot>;
  storeFirst(tx: WriteTx, prepared: PreparedRoot, now: number): Promise<void>;
  unlock(engine: Engine, provider: SealProvider): Promise<void>;
  lock(): void;

  mac(purpose: Purpose): Mac;
  /** Every term, the one in force first: what was made under an older term is still found. */
  macs(purpose: Purpose): readonly Mac[];
  /** The checkpoint's signer. `name` is the origin of the ledger. */
  signer(name: string): Signer;

  /** A project's own key; called by the deed that creates the project. */
  addScope(tx: WriteTx, scope: string, now: number): Promise<void>;
  /** Seals a version under its credential's key. `hash` is what the ledger's head binds. */
  seal(
    tx: WriteTx,
    credential: { readonly id: string; readonly scope: string },
    plaintext: Secret,
    binding: Binding,
  ): Promise<{ readonly envelope: Uint8Array; readonly hash: Uint8Array }>;
  chain(tx: ReadTx, credential: string): Promise<DataKeyChain>;
  /** Opens what was sealed, for a deed that is durably recorded. Errors: `sealing.damaged`, `sealing.locked`. */
  open(receipt: Receipt, sealed: SealedValue): Secret;
  /** Whether it would open, without releasing anything: for `doctor`, which has no receipt. */
  authenticates(sealed: Omit<SealedValue, 'resource'>): boolean;
  /** Makes every version of a credential unreadable at once. */
  destroy(tx: WriteTx, credential: string): Promise<void>;

  sealBlob(tx: ReadTx, scope: string, plaintext: Secret, binding: Binding): Promise<Uint8Array>;
  openBlob(tx: ReadTx, receipt: Receipt, blob: SealedBlob): Promise<Secret>;

  /** Names values of a project as scans do; see `match-key.ts`. */
  matchMac(tx: ReadTx, scope: string): Promise<Mac>;
  /** That key itself, for who scans. `resource` is what the deed that hands it out is about. */
  openMatchKey(tx: ReadTx, receipt: Receipt, resource: string, scope: string): Promise<Secret>;

  /**
   * A fresh root key under the provider, every key wrapped anew, and a further fingerprint key, under which whoever
   * keeps fingerprints makes them anew in the same commit.
   */
  prepareRekey(provider: SealProvider): Promise<PreparedRoot>;
  storeRekey(tx: WriteTx, prepared: PreparedRoot, now: number): Promise<Rekeyed>;
  /**
   * Takes up the root key in force where another rekey, of this process or of another, put it there; locks where that
   * cannot be opened without a person. Does nothing when the keys in use are those in force.
   */
  follow(engine: Engine, provider: SealProvider | undefined): Promise<void>;

  /** Whether the installation is locked for all its processes, as the row says it. Errors: `sealing.locked`. */
  sharedLock(tx: ReadTx): Promise<SharedLock>;
  /** Locks or opens for all processes; what it gives is to be bound in the ledger by the same commit. */
  storeSharedLock(tx: WriteTx, state: Pick<SharedLock, 'serial' | 'locked'>, now: number): Promise<SharedLock>;

  /** The secrets of a new recovery kit, and what `storeKit` keeps of it: public halves and the wrapped root key. */
  prepareKit(): Promise<PreparedKit>;
  /** Puts a kit in force; the one before ends. `token` is the accessor of what breaks the glass. */
  storeKit(
    tx: WriteTx,
    prepared: PreparedKit,
    token: string,
    stamp: { readonly now: number; readonly by: string },
  ): Promise<void>;
  /** Ends the kit in force. False where there was none. */
  endKit(tx: WriteTx): Promise<boolean>;
  /** The kit in force. Errors: `sealing.damaged` when its row was changed, `sealing.locked`. */
  kit(tx: ReadTx): Promise<Kit | undefined>;

  /** What is wrong with the keys, as sentences that name them; while locked only what can be seen without keys. */
  check(tx: ReadTx, scopes: readonly string[]): Promise<readonly string[]>;
};

/** Projects whose match key is remembered. */
const MOST_SCOPES = 1_000;

export const openSealing = (random: Random): Sealing => {
  let state: SealState = 'uninitialised';
  let keyring: Keyring | undefined;
  const dataKeys = openDataKeys(random);
  let macs = new Map<Purpose, readonly Mac[]>();
  let signer: Signer | undefined;
  /** By scope. */
  const matchMacs = new Map<string, Mac>();
  /** The root key that a rekey of this process is about to put in force, or just did. */
  let coming: PreparedRoot | undefined;

  const unlocked = (): Keyring => {
    if (keyring !== undefined) return keyring;
    if (state === 'uninitialised') throw sealingError('not_initialised', 'There is no data folder yet.');
    throw sealingError('locked', 'The keys are locked.');
  };

  const load = async (engine: Engine, root: RootKey): Promise<void> => {
    const next = await engine.read((tx) => openKeyring(tx, root));
    forget();
    keyring = next;
    state = 'unlocked';
  };

  const forget = (): void => {
    dataKeys.forget();
    keyring?.forget();
    keyring = undefined;
    signer = undefined;
    macs = new Map();
    matchMacs.clear();
  };

  const lock = (): void => {
    forget();
    coming = undefined;
    if (state === 'unlocked') state = 'locked';
  };

  /** For after a wait, in which a rekey or a lock may have wiped the keys: an error that can be tried again. */
  const requireCurrent = (ring: Keyring): void => {
    if (ring !== keyring) throw sealingError('rekeyed', 'The keys were changed while they were in use.');
  };

  return {
    state: () => state,
    async look(tx) {
      if (state === 'uninitialised' && (await currentRootRow(tx)) !== undefined) state = 'locked';
      return state;
    },
    prepareFirst: (provider) => prepareRoot(provider, 1, random),
    async storeFirst(tx, { root, row }, now) {
      await tx.run(insertRootKey, { ...row, created_at: now });
      for (const purpose of SYSTEM_PURPOSES) await addKey(tx, root, SYSTEM, purpose, now, random);
      forget();
      keyring = await openKeyring(tx, root);
      state = 'unlocked';
    },
    async unlock(engine, provider) {
      const row = await engine.read((tx) => rowFor(tx, provider.id));
      await load(engine, await obtainRoot(row, provider));
    },
    lock,

    mac: (purpose) => requireMacs(purpose)[0]!,
    macs: (purpose) => requireMacs(purpose),
    signer(name) {
      signer ??= ed25519Signer(name, unlocked().systemTerms('ledger')[0]!.key);
      return signer;
    },

    async addScope(tx, scope, now) {
      await addKey(tx, unlocked().root, scope, 'wrap', now, random);
    },
    async seal(tx, { id, scope }, plaintext, binding) {
      const ring = unlocked();
      const key = await dataKeys.obtain(tx, ring, id, scope);
      requireCurrent(ring);
      const envelope = sealEnvelope(key, plaintext.reveal(), binding, random);
      return { envelope, hash: createHash('sha256').update(envelope).digest() };
    },
    chain: (tx, credential) => dataKeys.chain(tx, credential),
    open(receipt, { resource, chain, envelope, binding, what }) {
      requireReceipt(receipt, resource);
      return openEnvelope(dataKeys.open(unlocked(), chain), envelope, binding, what);
    },
    authenticates({ chain, envelope, binding, what }) {
      try {
        openEnvelope(dataKeys.open(unlocked(), chain), envelope, binding, what).wipe();
        return true;
      } catch (error) {
        if (hasCode(error, 'sealing.damaged')) return false;
        throw error;
      }
    },
    destroy: (tx, credential) => dataKeys.destroy(tx, credential),

    async sealBlob(tx, scope, plaintext, binding) {
      const ring = unlocked();
      const [current] = await ring.terms(tx, scope, 'wrap');
      requireCurrent(ring);
      return sealEnvelope(current!.key, plaintext.reveal(), ['blob', scope, ...binding], random);
    },
    async openBlob(tx, receipt, { resource, scope, bytes, binding, what }) {
      requireReceipt(receipt, resource);
      const ring = unlocked();
      const terms = await ring.terms(tx, scope, 'wrap');
      requireCurrent(ring);
      return openUnderAny(terms, bytes, ['blob', scope, ...binding], what);
    },

    async matchMac(tx, scope) {
      const known = matchMacs.get(scope);
      if (known !== undefined) return known;
      const mac = hmac(await matchKey(tx, scope));
      if (matchMacs.size >= MOST_SCOPES) matchMacs.clear();
      matchMacs.set(scope, mac);
      return mac;
    },
    async openMatchKey(tx, receipt, resource, scope) {
      requireReceipt(receipt, resource);
      return matchKey(tx, scope);
    },

    prepareRekey: (provider) => prepareRoot(provider, unlocked().root.term + 1, random),
    async storeRekey(tx, prepared, now) {
      const { root, row } = prepared;
      coming = prepared;
      await tx.run(insertRootKey, { ...row, created_at: now });
      const rewrapped = await rewrapAll(tx, unlocked(), root, random);
      await wrapForKit(tx, requireMacs('row'), root, now, random);
      await tx.run(deleteRootKeysBelow, { term: root.term });
      const { key } = await addKey(tx, root, SYSTEM, 'fingerprint', now, random);
      return { rewrapped, fingerprint: hmac(key) };
    },
    async follow(engine, provider) {
      const row = await engine.read(currentRootRow);
      if (keyring === undefined || row === undefined || row.term === keyring.root.term) return;
      const own = coming !== undefined && timingSafeEqual(coming.row.wrapped, row.wrapped) ? coming.root : undefined;
      try {
        if (own === undefined && provider === undefined) throw sealingError('locked', 'The keys were changed.');
        await load(engine, own ?? (await obtainRoot(row, provider!)));
        coming = undefined;
      } catch (error) {
        // A database that does not answer says nothing of the keys: no commit goes on without an answer, and the next asks.
        if (isStorageError(error)) throw error;
        // Going on with keys that are no longer in force would write what nobody can read.
        lock();
        if (!hasCode(error, 'sealing.locked')) throw error;
      }
    },

    sharedLock: (tx) => readSharedLock(tx, requireMacs('row')),
    storeSharedLock: (tx, state, now) => writeSharedLock(tx, requireMacs('row')[0]!, state, now),

    prepareKit: () => prepareKit(unlocked().root, random),
    storeKit: (tx, prepared, token, stamp) => keepKit(tx, requireMacs('row')[0]!, prepared, token, stamp),
    endKit: dropKit,
    kit: (tx) => readKit(tx, requireMacs('row')),

    async check(tx, scopes) {
      const faults = await checkKeyring(tx, scopes, keyring);
      return keyring === undefined ? faults : [...faults, ...(await checkDataKeys(tx, keyring, dataKeys))];
    },
  };

  async function matchKey(tx: ReadTx, scope: string): Promise<Secret> {
    const ring = unlocked();
    const key = await deriveMatchKey(tx, ring, scope);
    requireCurrent(ring);
    return key;
  }

  function requireMacs(purpose: Purpose): readonly Mac[] {
    let known = macs.get(purpose);
    if (known === undefined) {
      known = unlocked()
        .systemTerms(purpose)
        .map(({ key }) => hmac(key));
      macs.set(purpose, known);
    }
    return known;
  }
};

/** A blob says nothing of the term it was sealed under; the commitment tells a wrong key before anything is opened. */
const openUnderAny = (terms: readonly KeyTerm[], bytes: Uint8Array, binding: Binding, what: string): Secret => {
  for (const [older, { key }] of terms.entries())
    try {
      return openEnvelope(key, bytes, binding, what);
    } catch (error) {
      if (!hasCode(error, 'sealing.damaged') || older === terms.length - 1) throw error;
    }
  throw sealingError('damaged', `There is no key for ${what}.`, { what });
};

const requireReceipt = (receipt: Receipt, resource: string): void => {
  if (receipt.resource !== resource)
    throw sealingError('wrong_receipt', `The receipt ${receipt.index} is not for ${resource}.`, {
      index: receipt.index,
    });
};
