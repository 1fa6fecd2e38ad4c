import { type Field, type Random, concat, openMessage } from '#kernel';
import { sha256 } from './tree/primitives.ts';

/** First byte of every published entry. */
export const ENTRY_VERSION = 1;
/** 128 random bits hide a part that could be guessed; its hash stays useless without them. */
const SALT_BYTES = 16;

export type Outcome = 'allowed' | 'denied' | 'failed';

/** The part of an entry that may be published: what happened, never to whom. */
export type PublicPart = {
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly action: string;
  readonly outcome: Outcome;
  /** The rule that decided. */
  readonly rule: string;
  /** Id of what was touched. */
  readonly resource: string;
  readonly note: string | null;
  /** From this entry on, the resource's value is this version with this hash of its envelope. */
  readonly head: { readonly version: number; readonly hash: Uint8Array } | null;
};

/** The part that names people and places. Deleting it, with its salt, leaves every proof valid. */
export type PersonalPart = {
  /** Id of the identity that acted. */
  readonly caller: string;
  readonly address: string;
  readonly agent: string;
  readonly path: string;
};

export type EntryDraft = PublicPart & PersonalPart;

/** What happened to the program itself, by itself. */
export const programEntry = (action: string, at: number, note: string | null = null): EntryDraft => ({
  at,
  action,
  outcome: 'allowed',
  rule: 'program',
  resource: 'installation',
  note,
  head: null,
  caller: 'idn_system',
  address: 'local',
  agent: 'chatelaine',
  path: '',
});

/** What opens a commitment. `personalHash` alone is left once the personal part is redacted. */
export type Opening = {
  readonly salt: Uint8Array;
  readonly personalSalt: Uint8Array | null;
  readonly personalHash: Uint8Array;
};

/**
 * Commits to a draft:
 *
 *     C = SHA-256(salt ‖ canonical(public part) ‖ SHA-256(personal salt ‖ canonical(personal part)))
 *
 * The published entry is `ENTRY_VERSION ‖ C`. Vectors: docs/ledger-format.md.
 */
export const commit = (
  draft: EntryDraft,
  random: Random,
): { commitment: Uint8Array; opening: Opening & { personalSalt: Uint8Array } } => {
  const salt = random.bytes(SALT_BYTES);
  const personalSalt = random.bytes(SALT_BYTES);
  const personalHash = hashPersonal(draft, personalSalt);
  return { commitment: commitmentOf(draft, salt, personalHash), opening: { salt, personalSalt, personalHash } };
};

export const commitmentOf = (part: PublicPart, salt: Uint8Array, personalHash: Uint8Array): Uint8Array =>
  sha256(message(salt, publicFields(part), personalHash));

export const hashPersonal = (part: PersonalPart, salt: Uint8Array): Uint8Array =>
  sha256(message(salt, [part.caller, part.address, part.agent, part.path]));

const message = openMessage();

/** The 33 bytes that are a leaf of the tree. */
export const encodeEntry = (commitment: Uint8Array): Uint8Array => concat(Uint8Array.of(ENTRY_VERSION), commitment);

const publicFields = ({ at, action, outcome, rule, resource, note, head }: PublicPart): readonly Field[] => [
  at,
  action,
  outcome,
  rule,
  resource,
  note,
  head?.version ?? null,
  head?.hash ?? null,
];
