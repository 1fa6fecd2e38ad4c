import { inventoryError } from './errors.ts';

/** Where a credential stands in its life (NIST SP 800-57 part 1 revision 5, section 7). */
export const STATES = ['pre-active', 'active', 'suspended', 'deactivated', 'compromised', 'destroyed'] as const;
export type State = (typeof STATES)[number];

/** The verbs people use, and the state each leads to. */
export const ENDINGS = {
  suspend: { to: 'suspended', says: 'stop it for now; resume brings it back' },
  resume: { to: 'active', says: 'use it again' },
  retire: { to: 'deactivated', says: 'no longer handed out to anybody; its record stays' },
  compromise: { to: 'compromised', says: 'somebody else may know it; never hand it out again' },
  destroy: { to: 'destroyed', says: 'make every version unreadable, for good' },
} as const satisfies Record<string, { to: State; says: string }>;
export type Ending = keyof typeof ENDINGS;

/** NIST SP 800-57 part 1, figure 4: what may follow what. Nothing leaves `destroyed`. */
const NEXT: Readonly<Record<State, readonly State[]>> = {
  'pre-active': ['active', 'suspended', 'compromised', 'destroyed'],
  active: ['suspended', 'deactivated', 'compromised', 'destroyed'],
  suspended: ['active', 'deactivated', 'compromised', 'destroyed'],
  deactivated: ['compromised', 'destroyed'],
  compromised: ['destroyed'],
  destroyed: [],
};

export const isState = (text: string): text is State => (STATES as readonly string[]).includes(text);

/** Errors: `inventory.illegal_transition`, naming what is possible from here. */
export const checkTransition = (from: State, to: State): void => {
  if (!NEXT[from].includes(to))
    throw inventoryError('illegal_transition', `A credential that is ${from} cannot become ${to}.`, {
      from,
      to,
      possible: NEXT[from].join(', ') || 'nothing: this is the end',
    });
};

export const mayFollow = (from: State): readonly State[] => NEXT[from];
