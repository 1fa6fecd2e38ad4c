export type { Deed } from './decide.ts';
export { type Deeds, type DeedsOptions, type Done, openDeeds } from './deeds.ts';
export { deedsError } from './errors.ts';
