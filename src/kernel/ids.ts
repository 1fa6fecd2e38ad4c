import type { Random } from './ports.ts';

/** Kinds of id, so that one cannot be passed for another. */
export type Id<Kind extends string> = string & { readonly __kind: Kind };

const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz';

/**
 * A fresh id: a prefix that names its kind and 120 random bits in Crockford's base 32, for example
 * `cred_5k2m…`. Unguessable, so that an id is never a right, yet guessing is hopeless as well.
 */
export const newId = <Kind extends string>(kind: Kind, random: Random): Id<Kind> => {
  const bytes = random.bytes(15);
  let bits = 0;
  let held = 0;
  let text = '';
  for (const byte of bytes) {
    held = (held << 8) | byte;
    bits += 8;
    while (bits >= 5) {
      bits -= 5;
      text += ALPHABET[(held >> bits) & 31];
    }
    held &= (1 << bits) - 1;
  }
  return `${kind}_${text}` as Id<Kind>;
};

/** True for a text of the form that `newId` makes. */
export const isId = (kind: string, text: string): boolean =>
  text.startsWith(`${kind}_`) && /^[0-9a-hjkmnp-tv-z]{24}$/.test(text.slice(kind.length + 1));
