import { type JsonObject, Secret, toHex } from '#kernel';
import { httpError } from '../errors.ts';
import { isBrowser } from '../guard.ts';
import type { House } from '../house.ts';
import { unlockTriesOf } from '../unlock-tries.ts';
import { type Answer, NOTHING } from './answer.ts';
import { flagField, textField } from './fields.ts';
import { type Routes, type VaultRequest, callerFor } from './request.ts';
import { advertisedVersion, cluster } from './sys-state.ts';

/** Locking and unlocking. Unlocking is open to everybody, because nobody can be proven while locked. */
export const sealRoutes: Routes = (house) => {
  const nonces = openNonces(house);
  const tries = unlockTriesOf(house);

  const status = (): Answer => ({ kind: 'document', body: sealStatus(house, nonces.current()) });

  const unseal = async (request: VaultRequest): Promise<Answer> => {
    refuseBrowser(request);
    const { body, http } = request;
    if (house.seal.state() === 'unlocked' || flagField(body, 'reset') === true) return status();
    if (house.seal.provider() !== 'passphrase')
      throw httpError('malformed', 'No passphrase unlocks this server. Run on its machine: chatelaine unlock.');
    const key = textField(body, 'key');
    if (key === undefined || key === '')
      throw httpError('malformed', "'key' must be specified in request body as JSON, or 'reset' set to true.");
    const nonce = textField(body, 'nonce');
    if (nonce !== undefined && nonce !== '' && nonce !== nonces.current())
      throw httpError(
        'malformed',
        'This request was made for another time of being locked. Read sys/seal-status again.',
      );
    tries.count(http.from.address);
    await tries.alone(() => house.seal.unlock(Secret.fromText(key), http.from.address));
    return status();
  };

  const seal = async (request: VaultRequest): Promise<Answer> => {
    refuseBrowser(request);
    await house.seal.lock(await callerFor(house, request));
    return NOTHING;
  };

  return [
    { path: 'sys/seal-status', open: true, whileLocked: true, verbs: { GET: status } },
    { path: 'sys/unseal', open: true, whileLocked: true, verbs: { PUT: unseal, POST: unseal } },
    { path: 'sys/seal', verbs: { PUT: seal, POST: seal } },
  ];
};

const refuseBrowser = ({ http }: VaultRequest): void => {
  if (isBrowser(http.raw)) throw httpError('wrong_origin', 'A web page may not lock or unlock.');
};

/** One nonce for each time of being locked: a recorded request to unlock that carries it is worth nothing later. */
const openNonces = ({ seal, random }: House) => {
  let nonce = '';
  return {
    current(): string {
      if (seal.state() === 'unlocked') nonce = '';
      else if (nonce === '') nonce = toHex(random.bytes(16));
      return nonce;
    },
  };
};

/** One share of one: the passphrase, or whatever the provider has. */
const sealStatus = (house: House, nonce: string): JsonObject => {
  const state = house.seal.state();
  const sealed = state !== 'unlocked';
  return {
    type: 'shamir',
    initialized: state !== 'uninitialised',
    sealed,
    t: 1,
    n: 1,
    progress: 0,
    nonce,
    version: advertisedVersion(house),
    build_date: '',
    migration: false,
    ...(sealed ? {} : cluster(house)),
    recovery_seal: false,
    storage_type: house.engine.kind,
  };
};
