import { policyError } from './errors.ts';

/** Longest reason, in characters. */
export const MAX_REASON = 500;

/** Why somebody gets a right or an excuse: a sentence that a reviewer understands a year later. */
export const checkReason = (text: string): string => {
  const reason = text.normalize('NFC').trim();
  if (reason.length < 3 || reason.length > MAX_REASON || /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u.test(reason))
    throw policyError('malformed', `A reason has 3 to ${MAX_REASON} printable characters.`, { field: 'reason' });
  return reason;
};
