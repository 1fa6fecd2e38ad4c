import { KINDS, SYSTEMS } from '#catalogue';
import { Duration, nearest } from '#kernel';
import { choice, text } from './command.ts';
import type { CallOf, Routes } from '#contract';
import { cliError } from './errors.ts';

export type Description = CallOf<Routes['credentials.describe']>['body'];

/** What people declare about a credential; "-" empties a field. */
export const DESCRIPTION_OPTIONS = {
  owner: text('NAME', 'Who answers for it. "-" for nobody.'),
  purpose: text('TEXT', 'What it is for.'),
  kind: text('KIND', 'What it is, for example mqtt-password; --kind help lists them.'),
  system: text('SYSTEM', 'The system that knows it, for example mosquitto; --system help lists them.'),
  tier: choice(['gold', 'silver', 'bronze', '-'], 'What it is worth, if more than its reach says.', 'TIER'),
  rotation: text('TIME', 'How old it may get: 90d, 52w. "-" for what its kind says.'),
  expires: text('WHEN', 'When it ends: 2027-01-31, or a length of time from now. "-" for never.'),
} as const;

type Given = { readonly [K in keyof typeof DESCRIPTION_OPTIONS]: string | undefined };

/** The description that was asked for; undefined when none was. */
export const descriptionOf = (given: Given, command: string, now: number): Description | undefined => {
  const nullable = (value: string): string | null => (value === '-' ? null : value);
  const description: Description = {
    ...(given.owner === undefined ? {} : { owner: nullable(given.owner) }),
    ...(given.purpose === undefined ? {} : { purpose: nullable(given.purpose) }),
    ...(given.kind === undefined ? {} : { kind: known('kind', given.kind, Object.keys(KINDS), command) }),
    ...(given.system === undefined
      ? {}
      : { system: given.system === '-' ? null : known('system', given.system, Object.keys(SYSTEMS), command) }),
    ...(given.tier === undefined ? {} : { tier: nullable(given.tier) as 'gold' | 'silver' | 'bronze' | null }),
    ...(given.rotation === undefined
      ? {}
      : { rotation: given.rotation === '-' ? null : Duration.parse(given.rotation).toString() }),
    ...(given.expires === undefined
      ? {}
      : { expiresAt: given.expires === '-' ? null : endOf(given.expires, now, command) }),
  };
  return Object.keys(description).length === 0 ? undefined : description;
};

const known = (what: string, word: string, words: readonly string[], command: string): string => {
  if (words.includes(word)) return word;
  const every = `Every ${what}: ${words.join(', ')}.`;
  throw cliError(
    'wrong_use',
    word === 'help' ? every : `There is no ${what} of that name. Did you mean ${nearest(word, words)}?\n${every}`,
    { command },
  );
};

/** A day (its end, in UTC), a moment, or a length of time from now. */
export const endOf = (text: string, now: number, command: string): string => {
  if (/^\d{4}-\d{2}-\d{2}/.test(text)) {
    const time = Date.parse(/^\d{4}-\d{2}-\d{2}$/.test(text) ? `${text}T23:59:59Z` : text);
    if (Number.isNaN(time))
      throw cliError('wrong_use', 'That is not a day of the calendar: write 2027-01-31.', { command });
    return new Date(time).toISOString();
  }
  return new Date(now + Duration.parse(text).ms).toISOString();
};
