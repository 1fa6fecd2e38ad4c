import { ChatelaineError } from '#kernel';
import type { Caller } from '#identity';
import type { EntryDraft, Outcome } from '#ledger';
import type { Decision } from '#policy';
import type { WriteTx } from '#storage';
import { type Deed, type Judges, type Verdict, decide, refusal } from './decide.ts';
import { deedsError } from './errors.ts';

/** A deed waiting for its commit. Made by `perform`, owned by the queue until it is settled. */
export type Item<In = unknown, Out = unknown> = {
  readonly deed: Deed<In, Out>;
  readonly caller: Caller;
  readonly input: In;
  readonly verdict: Verdict;
  /** For a deed that reveals: what was found, or why it could not be. */
  readonly found: Result<Out> | undefined;
};

export type Result<Out> = { readonly ok: true; readonly output: Out } | { readonly ok: false; readonly error: unknown };

/** How a deed ended: the entries it leaves, and what its caller gets once they are durable. */
export type Settled<Out = unknown> = {
  /** The deed's own entry first; further ones bind further versions. */
  readonly drafts: readonly [EntryDraft, ...EntryDraft[]];
  readonly result: Result<Out>;
};

/**
 * Takes one deed through the commit: decide again if the world moved, apply in a savepoint, draft the entry. What
 * fails leaves an entry too, outside the savepoint that undid it.
 *
 * @param revision the revision this commit began with
 */
export const settle = async (
  judges: Judges,
  tx: WriteTx,
  item: Item,
  now: number,
  revision: number,
): Promise<Settled> => {
  const { deed, caller, input } = item;
  const fresh = item.verdict.revision === revision && !tx.bumped();
  const verdict = fresh ? await lookAgain(tx, item) : await decide(judges, tx, deed, caller, input, now, revision);
  const decision = await countUse(judges, tx, caller, verdict.decision);
  const close = (outcome: Outcome, result: Result<unknown>): Settled => ({
    result,
    drafts: draftEntries(item, verdict, decision, outcome, result, now),
  });

  if (!decision.allow) return close('denied', { ok: false, error: denial(deed.action, verdict, decision) });
  const result = await carryOut(tx, item, verdict, now, fresh);
  return close(result.ok ? 'allowed' : 'failed', result);
};

/**
 * A decision outlives what changes no right, such as a new value; the facts that a change is applied to, or that a
 * second search begins with, do not. Others of this commit, or of one before it, may have moved the current version.
 */
const lookAgain = async (tx: WriteTx, { deed, input, verdict, found }: Item): Promise<Verdict> =>
  verdict.decision.allow && (deed.effect === 'change' || found?.ok !== true)
    ? { ...verdict, facts: await deed.facts(tx, input) }
    : verdict;

/** A token with a limited number of uses loses one here, in the same commit as what it was used for. */
const countUse = async ({ identity }: Judges, tx: WriteTx, caller: Caller, decision: Decision): Promise<Decision> =>
  caller.uses === 0 || (await identity.consume(tx, caller))
    ? decision
    : refusal('token-used-up', 'This token has no uses left; ask for a new one.');

const carryOut = async (
  tx: WriteTx,
  { deed, input, caller, found }: Item,
  { facts }: Verdict,
  now: number,
  fresh: boolean,
): Promise<Result<unknown>> => {
  try {
    // What was not found, or looked damaged, may have changed between two statements of the search: look once more.
    if (deed.effect === 'reveal')
      return fresh && found?.ok === true ? found : succeed(await deed.find(tx, input, facts));
    return succeed(await tx.savepoint(() => deed.apply(tx, input, facts, { now, by: caller.identity })));
  } catch (error) {
    // A mistake or a conflict is this deed's own; anything else may have undone the whole transaction.
    if (error instanceof ChatelaineError && error.fault !== 'ours') return { ok: false, error };
    throw error;
  }
};

const succeed = (output: unknown): Result<unknown> => ({ ok: true, output });

const draftEntries = (
  { deed, caller, input }: Item,
  { facts: { resource } }: Verdict,
  decision: Decision,
  outcome: Outcome,
  result: Result<unknown>,
  now: number,
): readonly [EntryDraft, ...EntryDraft[]] => {
  const summary = result.ok ? deed.summary?.(input, result.output) : undefined;
  const failure =
    !result.ok && outcome === 'failed' && result.error instanceof ChatelaineError ? result.error.code : null;
  const draft = {
    at: now,
    action: deed.action,
    outcome,
    rule: decision.rule,
    resource: resource.id,
    note: summary?.note ?? failure,
    head: summary?.heads?.[0] ?? null,
    caller: caller.identity,
    address: caller.from.address,
    agent: caller.from.agent,
    path: [resource.project, resource.environment, resource.name].filter((part) => part !== null).join('/'),
  };
  const further = summary?.heads?.slice(1) ?? [];
  return [
    draft,
    ...further.map(({ note, ...head }) => ({ ...draft, head, note: note ?? `binds version ${head.version}` })),
  ];
};

const denial = (action: string, { facts: { resource } }: Verdict, { rule, missing }: Decision): ChatelaineError =>
  deedsError('denied', `${action} is not allowed here.`, {
    action,
    rule,
    resource: resource.kind,
    missing: missing.flatMap(({ kind, what }) => what.map((one) => `${kind}: ${one}`)),
    remedy: missing.map(({ remedy }) => remedy).join(' ') || 'Ask whoever owns it for a grant.',
  });
