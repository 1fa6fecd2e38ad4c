export { findingsError } from './errors.ts';
export type { Finding, FindingState, Observed } from './finding.ts';
export { type InspectionPorts, inspectAll, inspectAsProgram, inspectEnvironment } from './inspect.ts';
export { LONGEST_EXCUSE, closeFinding, excuseFinding, requireFinding } from './judge-finding.ts';
export { type ListFindings, listFindings, tallyFindings } from './list-findings.ts';
export { type Situation, type Step, nextSteps } from './next-step.ts';
export { FINDING_RULES, type FindingRule, isFindingRule } from './rules.ts';
export { type FindingsSettled, type SettleFindings, settleFindings, wouldChange } from './settle-findings.ts';
export { findingsDeeds } from './deeds.ts';
