import { z } from 'zod';
import { count, environmentParams, id, line, page, paging, path, place, sha256, state, tier, time } from './fields.ts';
import { route } from './route.ts';

/** Values in one request. A scan that found more asks again. */
const MOST_NAMES = 1_000;
/** Values in one report, and places of each. */
const MOST_SEEN = 100;
const MOST_PLACES = 50;
const MOST_GONE = 1_000;

const valueName = sha256.describe('HMAC-SHA-256 of the value under the match key, in hexadecimal; never the value');
const standing = z.enum(['current', 'pending', 'earlier']);

const source = line.min(1).describe('What was looked through, for example github.com/ada/porch');
const whereIn = z.strictObject({ file: place, line: count.nullable() });

export const matchRoutes = {
  'match-keys.create': route({
    method: 'POST',
    path: '/match-keys/{project}/{environment}',
    tag: 'matching',
    auth: 'caller',
    reveals: true,
    status: 200,
    summary: 'The key under which one scan names the values it found; to be kept in memory only',
    params: environmentParams,
    body: z.strictObject({}),
    answer: z.strictObject({
      key: z.base64().describe('32 bytes; the same for all environments of the project'),
      complete: z.boolean().describe('False while some older versions are not recognised yet; ask again in an hour'),
      receipt: count,
    }),
  }),
  'matches.create': route({
    method: 'POST',
    path: '/matches/{project}/{environment}',
    tag: 'matching',
    auth: 'caller',
    reveals: true,
    status: 200,
    summary: 'Which of these values are kept here: what each is, how it stands, who uses it and who owns it',
    params: environmentParams,
    body: z.strictObject({ names: z.array(valueName).max(MOST_NAMES) }),
    answer: z.strictObject({
      items: z.array(
        z.strictObject({
          name: valueName,
          path,
          leaf: z.string().describe('Which part of the value it is'),
          version: count.nullable().describe('Null while it waits to be promoted'),
          standing: standing.describe('`earlier`: another version has replaced it'),
          live: z.boolean().describe('Nothing says that it opens nothing any more'),
          state,
          kind: line,
          system: line.nullable(),
          tier,
          owner: z.string().nullable(),
          purpose: z.string().nullable(),
          consumers: z.strictObject({
            count,
            first: z.array(z.strictObject({ kind: line, place: z.string() })).describe('The first fifty'),
          }),
        }),
      ),
    }),
  }),
  'leaks.record': route({
    method: 'POST',
    path: '/leaks/{project}/{environment}',
    tag: 'matching',
    auth: 'caller',
    status: 200,
    summary: 'Enters where a scan found kept values, and where it did not any more; opens and closes findings by that',
    params: environmentParams,
    body: z.strictObject({
      source,
      seen: z
        .array(z.strictObject({ name: valueName, places: z.array(whereIn).min(1).max(MOST_PLACES) }))
        .max(MOST_SEEN),
      gone: z
        .array(id)
        .max(MOST_GONE)
        .describe('Leaks of this source whose file was looked through without finding it'),
    }),
    answer: z.strictObject({ opened: count, closed: count }),
  }),
  'leaks.list': route({
    method: 'GET',
    path: '/leaks/{project}/{environment}',
    tag: 'matching',
    auth: 'caller',
    status: 200,
    summary: 'Where kept values lie in a source as far as scans have told',
    params: environmentParams,
    query: z.strictObject({ source, ...paging }),
    answer: page(
      z.strictObject({
        id,
        path,
        version: count.nullable(),
        live: z.boolean(),
        file: z.string(),
        line: count.nullable(),
        seenAt: time,
      }),
    ),
  }),
} as const;
