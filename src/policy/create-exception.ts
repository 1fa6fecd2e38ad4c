import { type Duration, type Facts, newId } from '#kernel';
import type { ReadTx } from '#storage';
import { policyError } from './errors.ts';
import { type Scope, placeOf } from './place.ts';
import { checkPlace, placeFacts, requirePlace } from './place-facts.ts';
import type { Deed, GrantPorts } from './ports.ts';
import { POSTURES, postureOf } from './postures.ts';
import { EXCUSABLE } from './question.ts';
import { type ExceptionRecord, exceptionRecord } from './records.ts';
import { checkReason } from './reason.ts';
import { exceptionSeal, insertException } from './tables.ts';

export type CreateException = {
  /** One of `EXCUSABLE`. */
  readonly rule: string;
  /** A credential with its id, or a whole project or environment without. */
  readonly project: string;
  readonly environment: string | null;
  readonly credential: { readonly id: string; readonly name: string } | null;
  readonly reason: string;
  /** It always ends. */
  readonly life: Duration;
};

/** Tells whether a credential of this id lies at this name. */
export type CredentialCheck = (
  tx: ReadTx,
  credential: { readonly id: string; readonly project: string; readonly environment: string; readonly name: string },
) => Promise<boolean>;

export type ExceptionPorts = GrantPorts & { readonly isCredential: CredentialCheck };

/**
 * Excuses a place or a credential from one rule, for a reason and a time.
 * Errors: `policy.malformed`, `policy.place_absent`, `policy.too_long`.
 */
export const createException = (ports: ExceptionPorts): Deed<CreateException, ExceptionRecord> => ({
  name: 'policy/create-exception',
  action: 'exception.create',
  effect: 'change',
  async facts(tx, input) {
    const facts = await placeFacts(tx, ports.places, scopeOfInput(input));
    const { credential } = input;
    if (credential === null) return facts;
    return { ...facts, resource: { ...facts.resource, kind: 'credential', id: credential.id } };
  },
  async apply(tx, input, facts, { now, by }) {
    const { rule, credential } = input;
    if (credential === null) requirePlace(facts);
    if (!(EXCUSABLE as readonly string[]).includes(rule))
      throw policyError('malformed', `Nothing is excused from "${rule.slice(0, 40)}".`, { field: 'rule' });
    const scope = checkPlace(scopeOfInput(input));
    if (credential !== null) await checkCredential(ports, tx, credential.id, scope);
    const row = exceptionSeal.seal(ports.keys.rowMac(), {
      id: newId('exc', ports.random),
      rule,
      resource: credential?.id ?? placeOf(scope),
      reason: checkReason(input.reason),
      created_at: now,
      created_by: by,
      ends_at: now + lifeWithin(facts, input.life),
    });
    await tx.run(insertException, row);
    return exceptionRecord(row);
  },
  summary: ({ rule }, { id }) => ({ note: `excused from ${rule} as ${id}` }),
});

const scopeOfInput = ({ project, environment, credential }: CreateException): Scope => ({
  project,
  environment,
  prefix: credential?.name ?? null,
});

/** An id from elsewhere would excuse what the caller has no right over (the class of CVE-2026-45808). */
const checkCredential = async (
  { isCredential }: ExceptionPorts,
  tx: ReadTx,
  id: string,
  { project, environment, prefix }: Scope,
): Promise<void> => {
  const known =
    project !== null &&
    environment !== null &&
    prefix !== null &&
    (await isCredential(tx, { id, project, environment, name: prefix }));
  if (!known) throw policyError('place_absent', 'There is no such credential.');
};

const lifeWithin = (facts: Facts, life: Duration): number => {
  const posture = postureOf(facts.attributes?.['posture']);
  const { longestException } = POSTURES[posture];
  if (!Number.isSafeInteger(life.ms) || life.ms <= 0)
    throw policyError('malformed', 'An exception lasts some time.', { field: 'life' });
  if (life.ms > longestException.ms)
    throw policyError('too_long', 'The exception would last too long.', {
      posture,
      longest: longestException.toString(),
    });
  return life.ms;
};
