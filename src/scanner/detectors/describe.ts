import type { Candidate } from '../detector.ts';

/** What all candidates of one sort have in common. */
export type Description = Pick<
  Candidate,
  'rule' | 'title' | 'vendor' | 'kind' | 'tier' | 'rotation' | 'opens' | 'remedy'
>;

/** What differs from place to place; the rest has its usual value. */
export type Place = Pick<Candidate, 'start' | 'end' | 'why' | 'confidence'> &
  Partial<Pick<Candidate, 'value' | 'name' | 'facts' | 'also' | 'cut' | 'around'>>;

export const candidate = (description: Description, place: Place): Candidate => ({
  ...description,
  name: null,
  facts: {},
  also: [],
  ...place,
});
