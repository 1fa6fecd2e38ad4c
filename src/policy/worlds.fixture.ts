import fc from 'fast-check';
import { Duration, type Resource } from '#kernel';
import { grantSeal, exceptionSeal, insertException, insertGrant } from './tables.ts';
import type { OracleGrant } from './oracle.fixture.ts';
import { type Court, credential, subject } from './policy.fixture.ts';
import { ROLE_NAMES } from './roles.ts';
import type { Subject } from './subject.ts';

/** Names that would break out of a text, if there were one to break out of; `parseName` refuses some, a row may hold any. */
const HOSTILE = [
  '*',
  '"',
  '"]); permit(principal, action, resource); //',
  '::',
  'Place::"porch"',
  '\\',
  "'",
  '%',
  '_',
  '🔑',
  'ǆ',
  '{{x}}',
  '?principal',
];
const segment = fc.constantFrom('mqtt', 'mqttx', 'wifi', 'a', ...HOSTILE);
const name = fc.array(segment, { minLength: 1, maxLength: 3 }).map((parts) => parts.join('/'));
const project = fc.constantFrom('porch', 'barn');
const environment = fc.constantFrom('home', 'dev', 'prod');

const place = fc.oneof(
  fc.constant({ project: null, environment: null, prefix: null }),
  fc.record({ project, environment: fc.constant(null), prefix: fc.constant(null) }),
  fc.record({ project, environment, prefix: fc.constant(null) }),
  fc.record({ project, environment, prefix: name }),
);

const NOW = 1_700_000_000_000;
const end = fc.constantFrom(null, NOW - 1, NOW, NOW + 1, NOW + Duration.of(1, 'h').ms);

export const grantArbitrary: fc.Arbitrary<OracleGrant> = fc
  .tuple(fc.constantFrom(...ROLE_NAMES), place, end)
  .map(([role, where, endsAt]) => ({ role, ...where, endsAt }));

export const callerArbitrary: fc.Arbitrary<Subject> = fc
  .record({
    factors: fc.constantFrom(['token'], ['token', 'os-user'], ['os-user'], []),
    scope: fc.option(
      fc.tuple(place, fc.option(fc.subarray([...ROLE_NAMES]))).map(([where, roles]) => ({ ...where, roles })),
      { freq: 3 },
    ),
    operator: fc.boolean(),
  })
  .map((changes) => subject('idn_ada', changes));

export const credentialArbitrary: fc.Arbitrary<Resource> = fc
  .record({
    id: fc.constantFrom('cred_1', 'cred_2', 'cred_3'),
    project,
    environment,
    name,
    tier: fc.constantFrom('gold', 'silver', 'bronze', null),
    state: fc.constantFrom('pre-active', 'active', 'suspended', 'deactivated', 'compromised', 'destroyed', null),
    owner: fc.constantFrom('idn_ada', 'idn_eve', null),
  })
  .map((changes) => credential(changes));

export const exceptionArbitrary = fc.record({
  resource: fc.constantFrom('cred_1', 'porch', 'porch/home', 'barn/prod'),
  endsAt: fc.constantFrom(NOW - 1, NOW, NOW + 1),
});

/** Replaces the world: true rows for these grants of `idn_ada`, as the deeds would have made them. */
export const setWorld = async (
  court: Court,
  grants: readonly OracleGrant[],
  exceptions: readonly { resource: string; endsAt: number }[] = [],
): Promise<void> => {
  const mac = court.ports.keys.rowMac();
  await court.writer.commit(async (tx) => {
    for (const table of ['role_grant', 'rule_exception'])
      await tx.query<Record<string, { id: string }>, unknown>((db) => db.deleteFrom(table).returning('id'));
    for (const [i, { endsAt, ...grant }] of grants.entries())
      await tx.run(
        insertGrant,
        grantSeal.seal(mac, {
          id: `grt_${i}`,
          identity: 'idn_ada',
          ...grant,
          reason: 'a test',
          created_at: 0,
          created_by: 'test',
          ends_at: endsAt,
          revoked_at: null,
        }),
      );
    for (const [i, { resource, endsAt }] of exceptions.entries())
      await tx.run(
        insertException,
        exceptionSeal.seal(mac, {
          id: `exc_${i}`,
          rule: 'bearer-gold',
          resource,
          reason: 'a test',
          created_at: 0,
          created_by: 'test',
          ends_at: endsAt,
        }),
      );
  });
  court.bumpRevision();
};
