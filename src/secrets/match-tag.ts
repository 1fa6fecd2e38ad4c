import { canonical } from '#kernel';
import type { Sealing } from '#sealing';

/** The tag of a value too short to be recognised: there is none, and none is missing. */
export const NO_TAG: Uint8Array = new Uint8Array();

/**
 * What is kept of a value's name: HMAC once more, under the keys that fingerprints lie under, which never leave. So a
 * match key and a copy of the database together test no guess: only an answer of ours does. Bound to the environment,
 * so that equal values of two environments have different tags. Each rekey adds a key on top (`refingerprint.ts`).
 */
export const tagOfName = (sealing: Sealing, environment: string, name: Uint8Array | null): Uint8Array =>
  name === null
    ? NO_TAG
    : sealing
        .macs('fingerprint')
        .reduceRight((message: Uint8Array, mac) => mac.tag(message), canonical(['match', environment, name]));
