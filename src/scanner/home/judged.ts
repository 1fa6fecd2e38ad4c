import { type KindId, type SystemId } from '#catalogue';
import { type Leaf, isReference, judge } from '#formats';
import { isFiller } from '../filters/placeholders.ts';
import { type About, type Claim, claim } from './claim.ts';
import { aboutKind } from './about.ts';
import { type HomeFile, type Value, valueOf } from './home-file.ts';

/** Forms with a mark of their issuer have rules and detectors that say more; from here they take the name only. */
const MARKED = /^has the form of (?!a bcrypt hash|a PBKDF2|a SHA-512|an Argon2|an identity resolving|an openHAB)/;

/** Says more about a value than the catalogue; null: leave it out. Undefined: what the catalogue says is enough. */
export type Refine = (value: Value, kind: KindId) => Refined | null | undefined;
export type Refined = {
  readonly about?: Partial<About>;
  readonly facts?: Readonly<Record<string, string>>;
  readonly also?: readonly { readonly code: string; readonly why: string }[];
  readonly confidence?: 'certain' | 'likely' | 'note';
  /** Also values whose form has a rule of its own. */
  readonly marked?: true;
};

/**
 * What the format's reader and the catalogue make of a file: every leaf that holds a credential, none that refers to
 * one. `system` says whose file it is where its name does not.
 */
export const judged = (
  file: HomeFile,
  options: { readonly system?: SystemId; readonly leaf?: (leaf: Leaf) => boolean; readonly refine?: Refine } = {},
): readonly Claim[] => {
  const whole = file.reading();
  const reading = options.system === undefined ? whole : { ...whole, system: options.system };
  const claims: Claim[] = [];
  for (const leaf of reading.leaves) {
    if (options.leaf !== undefined && !options.leaf(leaf)) continue;
    const segments = judge(reading, leaf);
    if (segments === null) continue;
    const value = valueOf(file.text, leaf);
    for (const segment of segments) {
      if (!('found' in segment)) continue;
      const { kind, why, role, secret } = segment.found;
      const refined = options.refine?.(value, kind);
      if (refined === null) continue;
      const isMarked = refined?.marked === undefined && (MARKED.test(why) || isMarkedInside(role, kind));
      const text = secret.revealText();
      // Spelt in a way that is not known here, it is still in this value.
      const place = (segments.length === 1 ? null : within(file.text, value, text)) ?? value;
      const about = { ...aboutKind(kind, reading.system), ...refined?.about };
      const isStandIn = isFiller(text);
      claims.push(
        claim(
          about,
          { ...value, ...place },
          {
            value: text,
            why: whyHere(why, reading.system, leaf),
            confidence: refined?.confidence ?? (isStandIn ? 'note' : 'likely'),
            ...(refined === undefined || isMarked ? { yields: true as const } : {}),
            ...(refined?.facts === undefined ? {} : { facts: refined.facts }),
            ...(refined?.also === undefined ? {} : { also: refined.also }),
            ...(value.text === text ? {} : { around: [value.text] }),
          },
        ),
      );
    }
  }
  return claims;
};

/** User and password of an address are the URL detector's, tokens behind Bearer with a mark the token rules'. */
const isMarkedInside = (role: string | null, kind: KindId): boolean =>
  (role !== null && (role === 'password' || MARKED_ROLE.test(role))) || kind === 'ha-long-lived-token';

const MARKED_ROLE = /^an? (?!bcrypt|PBKDF2|SHA-512|Argon2|identity|openHAB)/;

/** Where in a longer value the credential is written, perhaps percent-encoded. */
const within = (text: string, value: Value, secret: string): Pick<Value, 'start' | 'end'> | null => {
  const written = text.slice(value.start, value.end);
  for (const spelling of [secret, encodeURIComponent(secret)]) {
    const at = written.indexOf(spelling);
    if (at !== -1) return { start: value.start + at, end: value.start + at + spelling.length };
  }
  return null;
};

const whyHere = (why: string, system: SystemId | null, leaf: Leaf): string => {
  const part = leaf.parts.some((one) => isReference(one)) ? ', beside a reference' : '';
  return system === null ? why + part : `${why}${part}, in a file of ${system}`;
};
