import type { CredentialPath } from '#kernel';
import type { State } from '#inventory';
import { secretsError } from './errors.ts';

/** What a KV client may ask of a credential's values. */
export type Verb = 'read' | 'write' | 'list-versions' | 'delete' | 'undelete' | 'destroy';

const REMEDY: Partial<Record<State, string>> = {
  'pre-active': 'It has no value in force yet. Write one, or promote the pending one.',
  suspended: 'It was suspended. Bring it back when the reason is gone: chatelaine resume PATH.',
  deactivated: 'It was retired. Make a new one instead: chatelaine generate PATH.',
  compromised: 'Somebody else may know it. Replace it: chatelaine generate PATH.',
  destroyed: 'It was destroyed for good. Make a new one under another name.',
};

/**
 * State × verb: what is possible. Where it is not, the answer is 403 with the remedy; a destroyed credential's values
 * are gone, which reads as 404 does in KV. Table for readers: docs/states.md.
 */
const POSSIBLE: Readonly<Record<State, readonly Verb[]>> = {
  'pre-active': ['write', 'list-versions', 'destroy'],
  active: ['read', 'write', 'list-versions', 'delete', 'undelete', 'destroy'],
  suspended: ['list-versions', 'delete', 'destroy'],
  deactivated: ['list-versions', 'delete', 'destroy'],
  compromised: ['list-versions', 'delete', 'destroy'],
  destroyed: ['list-versions'],
};

export const isPossible = (state: State, verb: Verb): boolean => POSSIBLE[state].includes(verb);

/** Errors: `secrets.not_in_this_state` with the way out. */
export const checkVerb = (state: State, verb: Verb, path: CredentialPath): void => {
  if (isPossible(state, verb)) return;
  throw secretsError('not_in_this_state', `${path} is ${state}: ${verb} is not possible.`, {
    state,
    verb,
    remedy: (REMEDY[state] ?? '').replace('PATH', path.toString()),
  });
};
