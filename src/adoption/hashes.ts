import { canonical, timingSafeEqual } from '#kernel';
import type { Sealing } from '#sealing';

/**
 * What tells whether a file with secrets in it is the one we know. Keyed, because a plain hash of a short file would
 * let whoever reads the database try out a PIN.
 */
export const fileHash = (
  sealing: Sealing,
  what: 'rendered' | 'original',
  place: string,
  content: Uint8Array,
): Uint8Array => sealing.mac('fingerprint').tag(canonical([what, place, content]));

/** Under any key of this installation, so that a new term forgets nothing. */
export const isFileHash = (
  sealing: Sealing,
  what: 'rendered' | 'original',
  place: string,
  content: Uint8Array,
  known: Uint8Array,
): boolean =>
  sealing.macs('fingerprint').some((mac) => timingSafeEqual(mac.tag(canonical([what, place, content])), known));
