import { z } from 'zod';
import { count, countText, description, id, line, path, receipt, time, value } from './fields.ts';
import { route } from './route.ts';

const checkAndSet = count
  .optional()
  .describe('The version this replaces; 0 for "must not exist"; left out for a blind write');

const seenCredential = id
  .optional()
  .describe('The credential that was seen under this name; refused when another has it by now, whatever its numbers');

const version = z.strictObject({
  version: count.nullable().describe('Null while pending'),
  serial: count,
  createdAt: time,
  createdBy: id,
  deletedAt: time.nullable(),
  destroyed: z.boolean(),
});

const written = z.strictObject({
  path,
  credential: id,
  created: z.boolean().describe('The credential is new as well'),
  version: count.nullable(),
  serial: count,
  receipt,
});

/** Names a version as it stands. Nothing in it comes from the value. */
const tag = z
  .string()
  .min(1)
  .max(128)
  .regex(/^[\x21\x23-\x7e]+$/);

const read = z.strictObject({ path, version: count, value, createdAt: time, receipt, tag });

export const valueRoutes = {
  'values.get': route({
    method: 'GET',
    path: '/values/{path}',
    tag: 'values',
    auth: 'caller',
    status: 200,
    etag: true,
    unchanged: true,
    summary: 'Reads a value; recorded before it is opened',
    query: z.strictObject({ version: countText.optional().describe('An older one') }),
    answer: read,
  }),
  'values.put': route({
    method: 'PUT',
    path: '/values/{path}',
    tag: 'values',
    auth: 'caller',
    status: 200,
    summary: 'Writes a version, making the credential with its first one',
    body: z.strictObject({
      value,
      checkAndSet,
      credential: seenCredential,
      description: description.optional().describe('Describes a credential that is made by this'),
      pending: z.boolean().optional().describe('Keeps the version pending until it is promoted'),
    }),
    answer: written,
    bodyLimit: 600_000,
  }),
  'generations.create': route({
    method: 'POST',
    path: '/generations/{path}',
    tag: 'values',
    auth: 'caller',
    shownOnce: 'value',
    status: 200,
    summary: 'Makes a strong value of the right shape and writes it; nobody sees it unless asked',
    body: z.strictObject({
      kind: line.optional().describe('What to make; the kind of the credential when left out'),
      field: line.optional().describe('The field to fill, the others stay; `value` when left out'),
      checkAndSet,
      credential: seenCredential,
      description: description.optional(),
      pending: z.boolean().optional(),
      reveal: z.boolean().optional().describe('Also reads it, as a deed of its own'),
    }),
    answer: z.strictObject({ ...written.shape, value: value.nullable() }),
  }),
  'versions.list': route({
    method: 'GET',
    path: '/versions/{path}',
    tag: 'values',
    auth: 'caller',
    status: 200,
    etag: true,
    summary: 'Versions without their values, oldest first',
    answer: z.strictObject({ path, credential: id, current: count, versions: z.array(version) }),
  }),
  'versions.change': route({
    method: 'POST',
    path: '/versions/{path}',
    tag: 'values',
    auth: 'caller',
    status: 204,
    summary: 'Deletes versions so that they can be brought back, brings them back, or destroys them for good',
    body: z.strictObject({
      change: z.enum(['delete', 'undelete', 'destroy']),
      versions: z.array(z.number().int().min(1)).max(100).describe('Empty for the newest'),
    }),
    answer: null,
  }),
  'promotions.create': route({
    method: 'POST',
    path: '/promotions/{path}',
    tag: 'values',
    auth: 'caller',
    status: 200,
    summary: 'Puts a pending version into force',
    body: z.strictObject({ credential: id.describe('The one that the serial is of'), serial: count }),
    answer: z.strictObject({ path, version: count, serial: count, receipt }),
  }),
  'rollbacks.create': route({
    method: 'POST',
    path: '/rollbacks/{path}',
    tag: 'values',
    auth: 'caller',
    status: 200,
    summary: 'Writes an older value again as the newest version',
    body: z.strictObject({ version: z.number().int().min(1), credential: seenCredential }),
    answer: written,
  }),
  'bulk-reads.create': route({
    method: 'POST',
    path: '/bulk-reads',
    tag: 'values',
    auth: 'caller',
    reveals: true,
    status: 200,
    summary: 'Reads many values at once: one entry for each, an answer for each, refusals included',
    body: z.strictObject({
      paths: z.array(path).min(1).max(500),
      known: z
        .array(tag)
        .max(500)
        .optional()
        .describe('Tags of what the caller has; those are not read again, and named in `unchanged`'),
    }),
    answer: z.strictObject({
      unchanged: z.array(path).describe('Allowed, counted, and as the caller has it; not among the results'),
      results: z.array(
        z.discriminatedUnion('ok', [
          z.strictObject({ ok: z.literal(true), ...read.shape }),
          z.strictObject({
            ok: z.literal(false),
            path,
            status: z.number().int(),
            code: line,
            detail: z.string(),
            hint: z.string().nullable(),
          }),
        ]),
      ),
    }),
  }),
} as const;
