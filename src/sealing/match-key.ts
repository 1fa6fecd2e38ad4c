import { Secret, canonical } from '#kernel';
import { hmacOf } from '#kernel/node';
import type { ReadTx } from '#storage';
import type { Keyring } from './keyring.ts';

/**
 * A project's match key: what a scan names values under before it asks which of them are kept.
 *
 *     match key = HMAC-SHA-256(the project's first key, canonical('chatelaine/match-key/1', project))
 *
 * Derived one way, so that handing it out gives away nothing of the key that wraps. From the first term, which is never
 * dropped: the names of values stay the same for as long as the project is, and a rekey has nothing to open for them.
 */
export const deriveMatchKey = async (tx: ReadTx, keyring: Keyring, scope: string): Promise<Secret> => {
  const first = (await keyring.terms(tx, scope, 'wrap')).at(-1)!;
  return Secret.fromBytes(hmacOf('sha256', first.key, canonical(['chatelaine/match-key/1', scope])));
};
