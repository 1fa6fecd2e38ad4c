import { createHash } from 'node:crypto';
import { Duration, Secret, canonical, timingSafeEqual, toHex } from '#kernel';
import { type Deed, watchChanges } from '#deeds';
import type { Caller } from '#identity';
import { INSTALLATION } from '#inventory';
import { SYSTEM } from '#sealing';
import type { House } from '../house.ts';
import { controlError } from './errors.ts';
import { type IdempotentRow, answerUnder, claimKey, dropExpired, freeKey, keepAnswer } from './idempotency-tables.ts';

/** How long a repeated request gets the first answer. */
const KEPT = Duration.of(24, 'h');
const KEY = /^[\w.:-]{8,128}$/;

/** An answer as it is sent: status, ETag, body. Kept as JSON text, sealed under the system's key. */
export type Sent = { readonly status: number; readonly etag: string | null; readonly body: string | null };

/** What is sent, and what a repetition gets: the same, but for what is shown once. */
export type Performed = { readonly sent: Sent; readonly kept: Sent };

export type Repeatable = {
  readonly caller: Caller;
  readonly key: string;
  readonly method: string;
  readonly url: string;
  readonly ifMatch: string;
  readonly body: Buffer | null;
};

/**
 * Performs a request once per key: a repetition by the same caller and token gets the first answer, as a deed of its
 * own, because an answer may hold a secret. A request that failed before it changed anything frees its key; one that did
 * something, or of which nobody knows, keeps it, so that nothing is ever done twice.
 * Errors: `control.bad_key`, `control.key_reused`, `control.key_in_use`.
 */
export const once = async (house: House, request: Repeatable, perform: () => Promise<Performed>): Promise<Sent> => {
  const { engine, deeds, clock, sealing } = house;
  if (!KEY.test(request.key))
    throw controlError('bad_key', 'This Idempotency-Key is too short, too long or holds other characters.');
  const place = placeOf(request.caller, request.key);
  const hash = hashOf(request);
  const claimed = await deeds.housekeep(async (tx) => {
    await tx.run(dropExpired, { now: clock.now() });
    return (await tx.run(claimKey, { ...place, hash, expiresAt: clock.now() + KEPT.ms })) === 1;
  });
  if (!claimed) return repeat(house, request.caller, place, hash);
  const done = await watchChanges(perform);
  // A failure to free it is not what the caller needs to hear; the key is free after its time.
  const free = () => deeds.housekeep((tx) => tx.run(freeKey, place)).catch(() => undefined);
  if (!done.ok) {
    if (!done.changed) await free();
    throw done.error;
  }
  const { sent, kept } = done.value;
  const text = Secret.fromText(JSON.stringify(kept));
  try {
    const sealed = await deeds.withKeys(() =>
      engine.read((tx) => sealing.sealBlob(tx, SYSTEM, text, bindingOf(place))),
    );
    await deeds.housekeep((tx) => tx.run(keepAnswer, { ...place, sealed }));
  } catch {
    // Done all the same, and answered; a lock, for one, leaves no key to keep the answer under. Repeating is refused.
    if (!done.changed) await free();
  }
  return sent;
};

const repeat = async (
  { engine, deeds, sealing }: House,
  caller: Caller,
  place: Place,
  hash: Uint8Array,
): Promise<Sent> => {
  const { output: row, receipt } = await deeds.perform(replayAnswer, caller, { caller, key: place.key });
  if (!timingSafeEqual(row.request_hash, hash))
    throw controlError('key_reused', 'This Idempotency-Key belongs to another request.');
  const { sealed } = row;
  if (sealed === null)
    throw controlError('key_in_use', 'The first request with this Idempotency-Key has not answered.');
  const text = await deeds.withKeys(() =>
    engine.read((tx) =>
      sealing.openBlob(tx, receipt, {
        resource: resourceOf(place),
        scope: SYSTEM,
        bytes: sealed,
        binding: bindingOf(place),
        what: 'the kept answer',
      }),
    ),
  );
  return JSON.parse(text.revealText()) as Sent;
};

type Place = { readonly caller: string; readonly key: string };
type Replay = { readonly caller: Caller; readonly key: string };

const replayAnswer: Deed<Replay, IdempotentRow> = {
  name: 'replay-answer',
  action: 'answer.replay',
  effect: 'reveal',
  facts: async (_tx, { caller, key }) => ({
    resource: { ...INSTALLATION, id: resourceOf(placeOf(caller, key)), owner: caller.identity },
  }),
  async find(tx, { caller, key }) {
    const row = await tx.one(answerUnder, placeOf(caller, key));
    if (row === undefined)
      throw controlError('key_in_use', 'The first request with this Idempotency-Key has just ended.');
    return row;
  },
};

/** A narrower token of the same identity must not get what a wider one was answered. */
const placeOf = ({ identity, accessor }: Caller, key: string): Place => ({
  caller: `${identity} ${accessor ?? 'connection'}`,
  key,
});

/** Keys are the client's words and might say something; ids in the ledger are public. */
const resourceOf = ({ caller, key }: Place): string =>
  `answer_${toHex(
    createHash('sha256')
      .update(canonical([caller, key]))
      .digest(),
  ).slice(0, 24)}`;

const bindingOf = ({ caller, key }: Place) => ['idempotent-answer', caller, key];

const hashOf = ({ method, url, ifMatch, body }: Repeatable): Uint8Array =>
  createHash('sha256')
    .update(canonical([method, url, ifMatch, body]))
    .digest();
