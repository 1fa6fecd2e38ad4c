import { z } from 'zod';
import { count, duration, id, line, page, paging, path, reason, slug, time } from './fields.ts';
import { route } from './route.ts';

const identity = z.strictObject({
  id,
  kind: z.enum(['person', 'service', 'device']),
  name: line,
  state: z.enum(['active', 'suspended']),
  operator: z.boolean(),
  osUser: count.nullable(),
  createdAt: time,
  createdBy: id,
});

const scope = z.strictObject({
  project: slug.nullable(),
  environment: slug.nullable(),
  prefix: z.string().max(512).nullable(),
});

const grant = z.strictObject({
  id,
  identity: id,
  role: line,
  place: z.string(),
  reason: z.string(),
  createdAt: time,
  createdBy: id,
  endsAt: time.nullable(),
});

const exception = z.strictObject({
  id,
  rule: line,
  resource: z.string(),
  reason: z.string(),
  createdAt: time,
  createdBy: id,
  endsAt: time,
});

const policy = z.strictObject({ id, project: slug.nullable(), text: z.string(), createdAt: time, createdBy: id });

const token = z.strictObject({
  accessor: id,
  identity: id,
  parent: z.string().nullable(),
  kind: line,
  display: z.string(),
  factors: z.array(line),
  scope: z.strictObject({ ...scope.shape, roles: z.array(line).nullable() }).nullable(),
  addresses: z.array(line),
  createdAt: time,
  expiresAt: time.nullable(),
  maxExpiresAt: time.nullable(),
  renewable: z.boolean(),
  uses: count,
  usesLeft: count.nullable(),
});

const byId = z.strictObject({ id });
const nothing = z.strictObject({});

export const accessRoutes = {
  'identities.list': route({
    method: 'GET', path: '/identities', tag: 'access', auth: 'caller', status: 200,
    summary: 'People, services and devices',
    query: z.strictObject(paging),
    answer: page(identity),
  }),
  'identities.create': route({
    method: 'POST', path: '/identities', tag: 'access', auth: 'caller', status: 201,
    summary: 'Adds a person, a service or a device, without any right yet',
    body: z.strictObject({ name: z.string().min(1).max(64), kind: identity.shape.kind, operator: z.boolean().optional() }),
    answer: identity,
  }),
  'identities.suspend': route({
    method: 'POST', path: '/identities/{id}/suspend', tag: 'access', auth: 'caller', status: 200,
    summary: 'Nothing of this identity is valid until it is resumed',
    params: byId, body: nothing, answer: identity,
  }),
  'identities.resume': route({
    method: 'POST', path: '/identities/{id}/resume', tag: 'access', auth: 'caller', status: 200,
    summary: 'Makes a suspended identity valid again',
    params: byId, body: nothing, answer: identity,
  }),
  'identities.link': route({
    method: 'PUT', path: '/identities/{id}/os-user', tag: 'access', auth: 'caller', status: 200,
    summary: 'Signs in whoever runs as this user of the machine; null unlinks',
    params: byId,
    body: z.strictObject({ uid: z.number().int().min(0).max(4_294_967_294).nullable() }),
    answer: identity,
  }),
  'grants.list': route({
    method: 'GET', path: '/grants', tag: 'access', auth: 'caller', status: 200,
    summary: 'Who has which role where, and until when',
    query: z.strictObject({ project: slug.optional(), ...paging }),
    answer: page(grant),
  }),
  'grants.create': route({
    method: 'POST', path: '/grants', tag: 'access', auth: 'caller', status: 201,
    summary: 'Gives an identity a role on a place',
    body: z.strictObject({
      identity: id,
      role: line,
      ...scope.shape,
      reason,
      life: duration.nullable().optional().describe('Null for without end, where the posture allows it'),
    }),
    answer: grant,
  }),
  'grants.revoke': route({
    method: 'DELETE', path: '/grants/{id}', tag: 'access', auth: 'caller', status: 200,
    summary: 'Takes a grant away; no later entry is allowed by it',
    params: byId, answer: grant,
  }),
  'exceptions.create': route({
    method: 'POST', path: '/exceptions', tag: 'access', auth: 'caller', status: 201,
    summary: 'Excuses a place or a credential from a rule, for a reason and a time',
    body: z.strictObject({
      rule: line,
      project: slug,
      environment: slug.nullable(),
      name: z.string().min(1).max(512).nullable().describe('Of one credential; null for the whole place'),
      reason,
      life: duration,
    }),
    answer: exception,
  }),
  'exceptions.revoke': route({
    method: 'DELETE', path: '/exceptions/{id}', tag: 'access', auth: 'caller', status: 200,
    summary: 'Ends an exception early',
    params: byId, answer: exception,
  }),
  'policies.create': route({
    method: 'POST', path: '/policies', tag: 'access', auth: 'caller', status: 201,
    summary: "Adds a project's own Cedar policy, which may only forbid",
    body: z.strictObject({ project: slug, text: z.string().min(1).max(8_192) }),
    answer: policy,
  }),
  'policies.remove': route({
    method: 'DELETE', path: '/policies/{id}', tag: 'access', auth: 'caller', status: 200,
    summary: "Removes a project's own policy",
    params: byId, answer: policy,
  }),
  'tokens.create': route({
    method: 'POST', path: '/tokens', tag: 'access', auth: 'caller', status: 201,
    summary: 'Makes a token: a child of the one in use, or one that outlives it for another identity',
    body: z.strictObject({
      identity: id.optional().describe('For whom; left out for a child of the token in use'),
      display: z.string().max(64).optional(),
      life: duration.optional(),
      maxLife: duration.optional(),
      renewable: z.boolean().optional(),
      period: duration.optional(),
      uses: count.max(1_000_000).optional(),
      addresses: z.array(z.string().min(1).max(64)).max(32).optional(),
      scope: z.strictObject({ ...scope.shape, roles: z.array(line).max(16).nullable() }).optional(),
    }),
    answer: z.strictObject({ token: z.string(), accessor: id, identity: id, expiresAt: time.nullable() }),
  }),
  'tokens.show': route({
    method: 'GET', path: '/tokens/{id}', tag: 'access', auth: 'caller', status: 200,
    summary: 'What is known of one of your own tokens, by its accessor; `self` for the one in use',
    params: byId, answer: token,
  }),
  'tokens.renew': route({
    method: 'POST', path: '/tokens/{id}/renew', tag: 'access', auth: 'caller', status: 200,
    summary: 'Gives one of your own tokens a later end',
    params: byId,
    body: z.strictObject({ life: duration.optional() }),
    answer: token,
  }),
  'tokens.revoke': route({
    method: 'DELETE', path: '/tokens/{id}', tag: 'access', auth: 'caller', status: 200,
    summary: "Ends a token and all that came from it: your own, or anybody's where your role allows it",
    params: byId,
    answer: z.strictObject({ ended: z.array(id) }),
  }),
  'explain.show': route({
    method: 'GET', path: '/explain', tag: 'access', auth: 'caller', status: 200,
    summary: 'Which rule allows or denies an action, and what is missing',
    query: z.strictObject({
      identity: id.optional().describe('Yourself when left out'),
      action: line.describe('noun.verb, for example credential.read'),
      path: path.optional(),
      project: slug.optional(),
      environment: slug.optional(),
    }),
    answer: z.strictObject({
      allow: z.boolean(),
      rule: z.string(),
      because: z.string(),
      until: time.nullable(),
      roles: z.array(line).describe('Roles that give this action'),
      missing: z.array(z.strictObject({ kind: line, what: z.array(z.string()), remedy: z.string() })),
      grants: z.array(
        z.strictObject({
          id,
          role: line,
          place: z.string(),
          reason: z.string(),
          endsAt: time.nullable(),
          covers: z.boolean(),
          gives: z.boolean(),
          inForce: z.boolean(),
        }),
      ),
    }),
  }),
} as const;
