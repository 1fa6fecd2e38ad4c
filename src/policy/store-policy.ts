import { newId } from '#kernel';
import { SCHEMA, loadCedar } from './cedar.ts';
import { policyError } from './errors.ts';
import { placeFacts, requirePlace } from './place-facts.ts';
import type { Deed, GrantPorts } from './ports.ts';
import { type PolicyRecord, policyRecord } from './records.ts';
import { insertPolicy, policiesOf, policySeal } from './tables.ts';

/** Longest policy, in characters, and most in one project: each one costs every decision of the project. */
export const MAX_POLICY = 8_192;
export const MAX_POLICIES = 32;

export type StorePolicy = {
  readonly project: string;
  /** One Cedar policy that `checkPolicy` passed. */
  readonly text: string;
};

/**
 * Keeps a project's own policy. In this version it may only forbid, so that no text can give what no grant gives;
 * it does not bear on lists of names. Errors: `policy.invalid`, `policy.too_many`.
 */
export const storePolicy = ({ random, keys, places }: GrantPorts): Deed<StorePolicy, PolicyRecord> => ({
  name: 'policy/store-policy',
  action: 'policy.write',
  effect: 'change',
  async facts(tx, { project }) {
    // Cedar is loaded by the first decision or check, so that nothing here waits for the world outside.
    return placeFacts(tx, places, { project, environment: null, prefix: null });
  },
  async apply(tx, { project, text }, facts, { now, by }) {
    requirePlace(facts);
    await checkPolicy(text);
    if ((await tx.all(policiesOf, { project })).length >= MAX_POLICIES)
      throw policyError('too_many', 'This project has too many policies of its own.', { limit: MAX_POLICIES });
    const row = policySeal.seal(keys.rowMac(), {
      id: newId('pol', random),
      project,
      text,
      created_at: now,
      created_by: by,
    });
    await tx.run(insertPolicy, row);
    return policyRecord(row);
  },
  summary: (_input, { id }) => ({ note: `made ${id}` }),
});

/** Refuses what Cedar cannot read, what speaks of unknown things, and what permits. Call it before the deed too. */
export const checkPolicy = async (text: string): Promise<void> => {
  if (text.length > MAX_POLICY)
    throw policyError('invalid', `The policy has ${text.length} characters; ${MAX_POLICY} are the most.`);
  // Cedar's bindings throw an error of their own at half of a surrogate pair; it would pass for a fault of ours.
  if (!text.isWellFormed()) throw policyError('invalid', 'The policy is not well-formed Unicode.');
  const cedar = await loadCedar();
  const read = cedar.policyToJson(text);
  if (read.type === 'failure') throw policyError('invalid', `This is not one Cedar policy: ${messages(read.errors)}`);
  if (read.json.effect !== 'forbid')
    throw policyError('invalid', 'A policy of your own may only forbid; rights are given by grants.');
  const checked = cedar.validate({ schema: SCHEMA, policies: { staticPolicies: { policy: text } } });
  if (checked.type === 'failure')
    throw policyError('invalid', `The policy cannot be checked: ${messages(checked.errors)}`);
  if (checked.validationErrors.length > 0)
    throw policyError(
      'invalid',
      `The policy speaks of unknown things: ${messages(checked.validationErrors.map(({ error }) => error))}`,
    );
};

const messages = (errors: readonly { readonly message: string }[]): string =>
  errors
    .map(({ message }) => message)
    .join('; ')
    .slice(0, 400);
