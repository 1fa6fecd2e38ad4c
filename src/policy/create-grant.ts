import { type Duration, type Facts, newId } from '#kernel';
import { policyError } from './errors.ts';
import type { Scope } from './place.ts';
import { checkPlace, placeFacts, requirePlace } from './place-facts.ts';
import type { Deed, GrantPorts } from './ports.ts';
import { type Posture, POSTURES, postureOf } from './postures.ts';
import { type GrantRecord, grantRecord } from './records.ts';
import { checkReason } from './reason.ts';
import { isRole } from './roles.ts';
import { hasGrants } from './has-grants.ts';
import { grantSeal, insertGrant } from './tables.ts';

export type CreateGrant = Scope & {
  readonly identity: string;
  readonly role: string;
  readonly reason: string;
  /** Until the grant ends; the posture's usual length when left out, without end when null. */
  readonly life?: Duration | null;
};

/**
 * Gives an identity a role on a place. Who may give which role is the posture's matrix.
 * Errors: `policy.malformed`, `policy.place_absent`, `policy.too_long`.
 */
export const createGrant = ({ random, keys, places, knows }: GrantPorts): Deed<CreateGrant, GrantRecord> => ({
  name: 'policy/create-grant',
  action: 'grant.create',
  effect: 'change',
  async facts(tx, { role, ...input }) {
    return placeFacts(tx, places, input, { role: isRole(role) ? role : '', first: !(await hasGrants(tx)) });
  },
  async apply(tx, input, facts, { now, by }) {
    requirePlace(facts);
    const { identity, role } = input;
    if (!isRole(role)) throw policyError('malformed', `"${role.slice(0, 40)}" is no role.`, { field: 'role' });
    if (!(await knows(tx, identity)))
      throw policyError('malformed', 'There is no such identity.', { field: 'identity' });
    const row = grantSeal.seal(keys.rowMac(), {
      id: newId('grt', random),
      identity,
      role,
      ...checkPlace(input),
      reason: checkReason(input.reason),
      created_at: now,
      created_by: by,
      ends_at: role === 'owner' && input.life === undefined ? null : endOf(facts, input.life, now, role === 'owner'),
      revoked_at: null,
    });
    await tx.run(insertGrant, row);
    return grantRecord(row);
  },
  summary: ({ role }, { id }) => ({ note: `gave ${role} as ${id}` }),
});

const endOf = (facts: Facts, asked: Duration | null | undefined, now: number, unbounded: boolean): number | null => {
  const name = postureOf(facts.attributes?.['posture']);
  const { usualGrant, longestGrant }: Posture = POSTURES[name];
  const life = asked === undefined ? usualGrant : asked;
  if (longestGrant !== null && !unbounded && (life === null || life.ms > longestGrant.ms))
    throw policyError('too_long', 'The grant would last too long.', {
      posture: name,
      longest: longestGrant.toString(),
    });
  if (life !== null && !(Number.isSafeInteger(life.ms) && life.ms > 0))
    throw policyError('malformed', 'A grant lasts some time.', { field: 'life' });
  return life === null ? null : now + life.ms;
};
