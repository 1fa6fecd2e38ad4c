import type { DeedOf, Facts } from '#kernel';
import type { Caller, Identity } from '#identity';
import type { Decision, Policy } from '#policy';
import type { ReadTx, WriteTx } from '#storage';

/** A deed as the room sees it: what goes in and comes out is the declaring room's business. */
export type Deed<In, Out, F extends Facts = Facts> = DeedOf<ReadTx, WriteTx, In, Out, F>;

/** What was decided about one deed, and on which state of the world. */
export type Verdict = {
  readonly facts: Facts;
  readonly decision: Decision;
  /** The revision whose grants, tokens and states the decision saw. */
  readonly revision: number;
};

export type Judges = { readonly identity: Identity; readonly policy: Policy };

/**
 * Decides whether this caller may do this deed now: is the caller still one, what is asked for, and what do the
 * rules say. Called before the commit, and again inside it when the revision moved in between.
 *
 * @param provenAt revision whose proofs need no second look; undefined for none
 */
export const decide = async <In, Out>(
  { identity, policy }: Judges,
  tx: ReadTx,
  deed: Deed<In, Out>,
  caller: Caller,
  input: In,
  now: number,
  revision: number,
  provenAt?: number,
): Promise<Verdict> => {
  const facts = await deed.facts(tx, input);
  const invalid = caller.provenAt === provenAt ? null : await identity.recheck(tx, caller, now);
  if (invalid !== null) return { facts, revision, decision: refusal('caller-no-longer-valid', invalid) };
  return { facts, revision, decision: await policy.decide(tx, { caller, action: deed.action, facts, now }) };
};

/** A denial that comes from outside the policy. */
export const refusal = (rule: string, remedy: string): Decision => ({
  allow: false,
  rule,
  missing: [{ kind: 'rule', what: [rule], remedy }],
  until: null,
});
