import { type Random, Secret, timingSafeEqual } from '#kernel';
import type { ReadTx, WriteTx } from '#storage';
import { openEnvelope, sealEnvelope } from './envelope.ts';
import { sealingError } from './errors.ts';
import type { Keyring } from './keyring.ts';
import {
  type DataKeyChain,
  dataKeyChain,
  dataKeysOutside,
  deleteDataKey,
  insertDataKey,
  rewrapDataKey,
} from './tables.ts';

/** Data keys kept unwrapped, for repeated reads; about 400 bytes each. */
const REMEMBERED = 4_096;

/** The keys of single credentials: destroying one makes all its versions unreadable at once. */
export type DataKeys = {
  /** What `open` needs. Errors: `sealing.damaged` when the key's row is missing. */
  chain(tx: ReadTx, credential: string): Promise<DataKeyChain>;
  open(keyring: Keyring, chain: DataKeyChain): Secret;
  /** The credential's key, made on its first write. */
  obtain(tx: WriteTx, keyring: Keyring, credential: string, scope: string): Promise<Secret>;
  destroy(tx: WriteTx, credential: string): Promise<void>;
  /** Wraps up to 1,000 keys of an older term under the scope's key in force. Gives how many. */
  rewrapSome(tx: WriteTx, keyring: Keyring, scope: string): Promise<number>;
  forget(): void;
};

export const openDataKeys = (random: Random): DataKeys => {
  const opened = new Map<string, { wrapped: Uint8Array; key: Secret }>();

  const open = (keyring: Keyring, chain: DataKeyChain): Secret => {
    const known = opened.get(chain.credential);
    if (known !== undefined && (known.wrapped === chain.wrapped || timingSafeEqual(known.wrapped, chain.wrapped)))
      return known.key;
    const projectKey = keyring.unwrap({
      scope: chain.scope,
      purpose: 'wrap',
      term: chain.term,
      root_term: chain.root_term,
      wrapped: chain.project_key,
    });
    const key = openEnvelope(projectKey, chain.wrapped, binding(chain), `the key of ${chain.credential}`);
    remember(chain.credential, chain.wrapped, key);
    return key;
  };

  const remember = (credential: string, wrapped: Uint8Array, key: Secret): void => {
    if (opened.size >= REMEMBERED) opened.delete(opened.keys().next().value!);
    opened.set(credential, { wrapped, key });
  };

  return {
    open,
    async chain(tx, credential) {
      const chain = await tx.one(dataKeyChain, { credential });
      if (chain === undefined)
        throw sealingError('damaged', `The key of ${credential} is gone.`, { what: `the key of ${credential}` });
      return chain;
    },
    async obtain(tx, keyring, credential, scope) {
      const chain = await tx.one(dataKeyChain, { credential });
      if (chain !== undefined) return open(keyring, chain);
      const [current] = await keyring.terms(tx, scope, 'wrap');
      const place = { credential, scope, term: current!.term };
      const key = Secret.fromBytes(random.bytes(32));
      const wrapped = sealEnvelope(current!.key, key.reveal(), binding(place), random);
      await tx.run(insertDataKey, { ...place, wrapped });
      return key;
    },
    async destroy(tx, credential) {
      opened.delete(credential);
      await tx.run(deleteDataKey, { credential });
    },
    async rewrapSome(tx, keyring, scope) {
      const [current] = await keyring.terms(tx, scope, 'wrap');
      const rows = await tx.all(dataKeysOutside, { scope, term: current!.term });
      for (const row of rows) {
        const chain = await tx.one(dataKeyChain, { credential: row.credential });
        if (chain === undefined) continue;
        const place = { credential: row.credential, scope, term: current!.term };
        const wrapped = sealEnvelope(current!.key, open(keyring, chain).reveal(), binding(place), random);
        await tx.run(rewrapDataKey, { ...place, wrapped });
      }
      return rows.length;
    },
    forget() {
      for (const { key } of opened.values()) key.wipe();
      opened.clear();
    },
  };
};

const binding = ({ credential, scope, term }: { credential: string; scope: string; term: number }) => [
  'data-key',
  credential,
  scope,
  term,
];
