import { type ReadTx, isUncommitted } from '#storage';
import { DEFAULT_DENY, type Decision, type Missing, POLICY_ERROR, UNKNOWN_ACTION } from './decision.ts';
import { type Explanation, endedGrants, explainDecision } from './explain.ts';
import { type Judgement, openJudge } from './judge.ts';
import { missingFor } from './missing.ts';
import type { Scope } from './place.ts';
import type { PolicyPorts } from './ports.ts';
import { type Question, type Request, putQuestion } from './question.ts';
import { type Slices, freshSlices, rememberingSlices } from './slice.ts';
import { type Listing, visibleScopes } from './visible.ts';

/** Decides deeds. It looks nothing up but grants, exceptions and policies: the deed brings the facts. */
export type Policy = {
  decide(tx: ReadTx, request: Request): Promise<Decision>;
  /** The same decision with every grant of the caller and what each would give. */
  explain(tx: ReadTx, request: Request): Promise<Explanation>;
  /** Scopes that narrow a list to what the caller may see. */
  visible(tx: ReadTx, listing: Omit<Listing, 'now'>): Promise<Scope[]>;
  /** Forgets what was read at another revision. Call it with the newest known revision before `decide`. */
  current(revision: number): void;
};

export const openPolicy = ({ clock, keys }: Pick<PolicyPorts, 'clock' | 'keys'>): Policy => {
  const judge = openJudge();
  const fresh = freshSlices(keys);
  let revision = -1;
  let remembering = rememberingSlices(keys);
  const slicesFor = (tx: ReadTx): Slices => {
    // Throws while locked: then nothing is decided, not even from memory.
    keys.rowMac();
    return isUncommitted(tx) ? fresh : remembering;
  };

  const decide = async (tx: ReadTx, request: Request): Promise<Decision> => {
    const slices = slicesFor(tx);
    const put = putQuestion(tx, slices, request);
    const question = put instanceof Promise ? await put : put;
    if (question === null) return deny(UNKNOWN_ACTION);
    if (question.custom.untrue.length > 0) return deny(POLICY_ERROR, question.custom.untrue.map(untrueRow('policy')));
    const judged = judge.judge(question);
    const judgement = judged instanceof Promise ? await judged : judged;
    return judgement.allow ? allowed(question, judgement) : refused(tx, slices, question, judgement);
  };

  return {
    decide,
    async explain(tx, request) {
      const slices = slicesFor(tx);
      const grants = await slices.grants(tx, request.caller.identity, null);
      return explainDecision(await decide(tx, request), await putQuestion(tx, slices, request), request, grants);
    },
    visible: async (tx, listing) => visibleScopes(tx, slicesFor(tx), { ...listing, now: clock.now() }),
    current(newest) {
      if (newest === revision) return;
      revision = newest;
      remembering = rememberingSlices(keys);
    },
  };
};

const NOTHING_MISSING: readonly never[] = [];

const allowed = ({ until }: Question, { rules }: Judgement): Decision => ({
  allow: true,
  rule: rules[0]!,
  missing: NOTHING_MISSING,
  until,
});

const refused = async (tx: ReadTx, slices: Slices, question: Question, { rules }: Judgement): Promise<Decision> => {
  const grants = await slices.grants(tx, question.caller.identity, question.resource.project ?? '');
  const ended = endedGrants(question, grants, question.context.now);
  return {
    allow: false,
    rule: rules[0] ?? DEFAULT_DENY,
    missing: [
      ...missingFor(question, rules, ended),
      ...grants.untrue().map(untrueRow('grant')),
      ...question.untrueExceptions.map(untrueRow('exception')),
    ],
    until: question.until,
  };
};

const deny = (rule: string, missing: readonly Missing[] = NOTHING_MISSING): Decision => ({
  allow: false,
  rule,
  missing,
  until: null,
});

/** Says which row somebody changed in the database, so that nobody looks for a mistake of his own. */
const untrueRow =
  (noun: 'grant' | 'exception' | 'policy') =>
  (id: string): Missing => ({
    kind: noun === 'policy' ? 'rule' : noun,
    what: [id],
    remedy: `The ${noun} ${id} in the database is not as it was written last: run chatelaine doctor.`,
  });
