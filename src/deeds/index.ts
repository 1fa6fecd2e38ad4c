export { claim } from './claim.ts';
export type { Deed } from './decide.ts';
export { type Deeds, type DeedsOptions, type Done, openDeeds } from './deeds.ts';
export { deedsError } from './errors.ts';
export { type Failures, openFailures } from './failures.ts';
export { type PendingEvent, countPending, isPendingIntact, pend, pendUnserved, takePending } from './pending.ts';
export { type Watched, watchChanges } from './watch-changes.ts';
