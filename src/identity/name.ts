import { foldName } from '#kernel';
import { identityError } from './errors.ts';

/** Longest name of an identity, in characters. */
export const MAX_IDENTITY_NAME = 64;
const SHAPE = /^[a-z0-9](?:[a-z0-9._@-]*[a-z0-9])?$/;
/** Names that would let a reader of the audit log take somebody for what he is not (the class of GHSA-mwr2-wmgp-crj6). */
const RESERVED: ReadonlySet<string> = new Set([
  'system',
  'root',
  'anonymous',
  'anyone',
  'everyone',
  'nobody',
  'self',
  'operator',
  'chatelaine',
  'unknown',
]);

/** A person's, service's or device's name: refused rather than repaired when it is not canonical. */
export const parseIdentityName = (text: string): string => {
  if (text.length > MAX_IDENTITY_NAME || !SHAPE.test(text))
    throw identityError(
      'malformed',
      `A name has 1 to ${MAX_IDENTITY_NAME} of a-z, 0-9, ".", "_", "@" and "-", and begins and ends with a letter or digit.`,
      { field: 'name' },
    );
  if (RESERVED.has(text)) throw identityError('name_reserved', `"${text}" is reserved.`, { name: text });
  return text;
};

/** What two names may not share. */
export const nameKey = (name: string): string => foldName(name);
