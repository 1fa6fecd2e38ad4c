import type { Deed } from '#deeds';
import type { Random } from '#kernel';
import { closeFinding, excuseFinding } from './judge-finding.ts';
import { recordLeaks, settleLeaks } from './record-leaks.ts';
import { settleFindings } from './settle-findings.ts';

/** Every deed of this room that changes something. */
export const findingsDeeds = (random: Random): readonly Deed<unknown, unknown>[] => [
  closeFinding,
  excuseFinding,
  recordLeaks(random),
  settleFindings(random),
  settleLeaks(random),
];
