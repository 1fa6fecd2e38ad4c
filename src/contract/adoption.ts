import { z } from 'zod';
import { consumer } from './credentials.ts';
import { count, environmentParams, id, line, name, place, sha256, tier, time } from './fields.ts';
import { route } from './route.ts';

/** Bytes: a chunk holds up to 100 values, an original one file of 1 MiB in base64, a plan one file's template. */
const CHUNK = 8_388_608;
const MAX_PLAN = 2_097_152;

const adopted = z.strictObject({
  name,
  original: z.string().max(512).nullable(),
  value: z.string().min(1).max(262_144),
  kind: line,
  system: line.nullable(),
  tier: tier.nullable().optional(),
  from: z.string().max(512).nullable().describe('The file it was found in'),
  consumers: z.array(consumer).max(500),
  weakness: z.strictObject({ code: line, why: z.string().max(512) }).nullable(),
  reused: z.array(z.string().max(512)).max(200).optional().describe('Other names under which the same value is used'),
});

const gap = z.strictObject({
  name: z.string().min(1).max(512),
  place,
  why: z.string().max(1_024),
});

const plan = z.strictObject({
  target: place,
  format: line,
  plan: z.string().min(1).max(MAX_PLAN).describe('The template of the file, as JSON text; opaque to the server'),
});

const written = z.enum(['never', 'untouched', 'edited']);

export const adoptionRoutes = {
  'adoptions.create': route({
    method: 'POST',
    path: '/adoptions/{project}/{environment}',
    tag: 'adoption',
    auth: 'caller',
    status: 200,
    summary: 'Takes credentials as they are found in files; a second time changes nothing that has not changed',
    params: environmentParams,
    bodyLimit: CHUNK,
    body: z.strictObject({
      from: line.describe('What was surveyed, for provenance'),
      dryRun: z.boolean().optional().describe('Says what would be done; changes nothing'),
      credentials: z.array(adopted).max(100),
      renderings: z.array(plan).max(100).optional(),
      gaps: z
        .strictObject({
          missing: z.array(gap).max(2_000),
          orphans: z.array(gap).max(2_000),
          plaintext: z
            .array(gap)
            .max(2_000)
            .optional()
            .describe('Values that still stand in clear in a file; left out: not looked at'),
        })
        .optional()
        .describe('With the last chunk: all of them; what is not named any more is closed'),
    }),
    answer: z.strictObject({
      credentials: z.array(
        z.strictObject({
          name,
          result: z
            .enum(['new', 'same', 'changed', 'older', 'refused'])
            .describe('`older`: the store holds a newer value; kept'),
          version: count.nullable(),
          shared: z.boolean().describe('Another environment, which you may see, holds this value too'),
          code: line.nullable(),
          detail: z.string().nullable(),
        }),
      ),
      renderings: z.array(z.strictObject({ target: place, result: z.enum(['new', 'same', 'changed']) })),
      findings: z.strictObject({ opened: count, closed: count }),
    }),
  }),
  'renderings.list': route({
    method: 'GET',
    path: '/renderings/{project}/{environment}',
    tag: 'adoption',
    auth: 'caller',
    status: 200,
    summary: 'Files that are rendered from this environment',
    params: environmentParams,
    answer: z.strictObject({
      items: z.array(z.strictObject({ target: place, format: line, written: z.boolean(), writtenAt: time.nullable() })),
    }),
  }),
  'renderings.open': route({
    method: 'POST',
    path: '/renderings/{project}/{environment}/plans',
    tag: 'adoption',
    auth: 'caller',
    reveals: true,
    status: 200,
    summary: 'Templates of rendered files, and whether somebody edited what was written',
    params: environmentParams,
    body: z.strictObject({
      targets: z
        .array(z.strictObject({ target: place, found: sha256.nullable().describe('Hash of the file as it is now') }))
        .max(200)
        .describe('Empty for all of them'),
    }),
    answer: z.strictObject({
      items: z.array(z.strictObject({ ...plan.shape, written })),
      receipt: count,
    }),
  }),
  'renderings.written': route({
    method: 'PUT',
    path: '/renderings/{project}/{environment}/written',
    tag: 'adoption',
    auth: 'caller',
    status: 204,
    summary: 'Remembers what was written, so that an edit by hand is noticed',
    params: environmentParams,
    body: z.strictObject({
      written: z
        .array(z.strictObject({ target: place, hash: sha256 }))
        .min(1)
        .max(200),
    }),
    answer: null,
  }),
  'renderings.forget': route({
    method: 'POST',
    path: '/renderings/{project}/{environment}/forget',
    tag: 'adoption',
    auth: 'caller',
    status: 204,
    summary: 'Gives files up: they are rendered no more, and stay as they are',
    params: environmentParams,
    body: z.strictObject({ targets: z.array(place).min(1).max(200) }),
    answer: null,
  }),
  'originals.keep': route({
    method: 'POST',
    path: '/originals/{project}/{environment}',
    tag: 'adoption',
    auth: 'caller',
    status: 201,
    summary: 'Keeps a file sealed as it was before it was rewritten',
    params: environmentParams,
    bodyLimit: CHUNK,
    body: z.strictObject({ place, content: z.base64().max(1_500_000) }),
    answer: z.strictObject({ id, kept: z.boolean().describe('False when the same content is kept already') }),
  }),
  'originals.list': route({
    method: 'GET',
    path: '/originals/{project}/{environment}',
    tag: 'adoption',
    auth: 'caller',
    status: 200,
    summary: 'Originals that are kept, and those that were destroyed',
    params: environmentParams,
    answer: z.strictObject({
      items: z.array(z.strictObject({ id, place, keptAt: time, destroyedAt: time.nullable() })),
    }),
  }),
  'originals.show': route({
    method: 'GET',
    path: '/originals/{project}/{environment}/{id}',
    tag: 'adoption',
    auth: 'caller',
    status: 200,
    summary: 'The content of an original',
    params: z.strictObject({ ...environmentParams.shape, id }),
    answer: z.strictObject({ id, place, content: z.base64(), receipt: count }),
  }),
  'originals.confirm': route({
    method: 'POST',
    path: '/originals/{project}/{environment}/confirm',
    tag: 'adoption',
    auth: 'caller',
    status: 200,
    summary: 'The rewritten files are good: destroys the originals',
    params: environmentParams,
    body: z.strictObject({}),
    answer: z.strictObject({ destroyed: count }),
  }),
} as const;
