import { z } from 'zod';
import {
  count,
  description,
  duration,
  flagText,
  id,
  jsonObject,
  line,
  page,
  paging,
  path,
  reason,
  slug,
  state,
  tier,
  time,
} from './fields.ts';
import { route } from './route.ts';

/** A credential as lists show it: everything but its value. */
export const credential = z.strictObject({
  id,
  path,
  originalName: z.string().nullable(),
  kind: line,
  system: line.nullable(),
  owner: z.string().nullable(),
  purpose: z.string().nullable(),
  tier: tier.describe('The higher of what its reach says and what people declared'),
  tierDeclared: tier.nullable(),
  state,
  stateReason: z.string().nullable(),
  provenance: z.strictObject({ how: line, from: z.string().nullable(), scopes: z.array(z.string()) }),
  rotation: duration.nullable().describe('Declared; null for what its kind says'),
  dueAt: time.nullable().describe('When it should be changed next'),
  expiresAt: time.nullable(),
  version: count.describe('The current one; 0 before the first'),
  revision: count.describe('Counts every change; the ETag is id.revision'),
  createdAt: time,
  createdBy: id,
  updatedAt: time,
});

export const consumer = z.strictObject({
  kind: z.enum(['file', 'agent', 'service', 'device']),
  place: z.string().min(1).max(1_024),
  detail: jsonObject,
});

export const credentialRoutes = {
  'credentials.list': route({
    method: 'GET',
    path: '/credentials',
    tag: 'credentials',
    auth: 'caller',
    status: 200,
    summary: 'Credentials of an environment, or below a prefix, as far as you may see them',
    query: z.strictObject({ project: slug, environment: slug, prefix: z.string().max(512).optional(), ...paging }),
    answer: page(credential),
  }),
  'credentials.show': route({
    method: 'GET',
    path: '/credentials/{path}',
    tag: 'credentials',
    auth: 'caller',
    status: 200,
    etag: true,
    summary: 'Everything about a credential but its value',
    answer: z.strictObject({
      ...credential.shape,
      consumers: z.array(z.strictObject({ ...consumer.shape, since: time })),
      history: z.array(
        z.strictObject({ at: time, by: id, was: state.nullable(), is: state, reason: z.string().nullable() }),
      ),
      unchanged: z
        .array(z.strictObject({ by: id, last: time, times: z.int().min(0) }))
        .describe(
          'Who asked last and was told that nothing changed, with how often in his last 24 hours of use: these reveal nothing and have no entry',
        ),
    }),
  }),
  'credentials.describe': route({
    method: 'PATCH',
    path: '/credentials/{path}',
    tag: 'credentials',
    auth: 'caller',
    status: 200,
    etag: true,
    ifMatch: true,
    summary: 'Changes what people declare: owner, purpose, kind, system, tier, rotation, expiry',
    body: description,
    answer: credential,
  }),
  'credentials.destroy': route({
    method: 'DELETE',
    path: '/credentials/{path}',
    tag: 'credentials',
    auth: 'caller',
    status: 204,
    summary: 'Makes every version unreadable, for good',
    query: z.strictObject({ reason, forget: flagText.optional().describe('Also frees the name') }),
    answer: null,
  }),
  'consumers.declare': route({
    method: 'PUT',
    path: '/consumers/{path}',
    tag: 'credentials',
    auth: 'caller',
    status: 200,
    summary: 'Says what uses a credential',
    body: z.strictObject({
      consumers: z.array(consumer).max(500),
      replace: consumer.shape.kind.nullable().optional().describe('Forgets those of this kind first'),
    }),
    answer: z.strictObject({ count }),
  }),
  'states.change': route({
    method: 'POST',
    path: '/states/{path}',
    tag: 'credentials',
    auth: 'caller',
    status: 200,
    etag: true,
    summary: 'Suspends, resumes, retires, or marks as compromised',
    body: z.strictObject({ ending: z.enum(['suspend', 'resume', 'retire', 'compromise']), reason }),
    answer: credential,
  }),
  'transfers.create': route({
    method: 'POST',
    path: '/transfers/{path}',
    tag: 'credentials',
    auth: 'caller',
    status: 204,
    summary: 'Gives a credential another name inside its environment',
    body: z.strictObject({ to: path }),
    answer: null,
  }),
} as const;
