import type { JsonValue } from '#kernel';
import { z } from 'zod';

/** Longest texts of the wire, in characters. What lies behind them may be stricter and says so itself. */
export const LONGEST = { slug: 63, name: 512, path: 640, line: 256, reason: 500, note: 1_024, id: 64 } as const;
/** Most things on one page of a list. */
export const MAX_PAGE = 500;
const USUAL_PAGE = 100;

export const slug = z.string().min(1).max(LONGEST.slug).describe('1 to 63 of a-z, 0-9 and "-", no hyphen at its ends');
export const name = z.string().min(1).max(LONGEST.name).describe('Segments joined by "/"');
export const path = z
  .string()
  .min(1)
  .max(LONGEST.path)
  .describe('project/environment/name, for example porch/home/mqtt/password');
export const id = z.string().min(1).max(LONGEST.id).describe('An id, for example cred_5k2m…');
export const line = z.string().max(LONGEST.line);
export const reason = z.string().min(1).max(LONGEST.reason).describe('Why, for whoever reads it a year later');
export const place = z.string().min(1).max(LONGEST.note).describe('A file and line, or whatever else names a place');

export const time = z.iso.datetime().describe('RFC 3339, UTC');
export const duration = z
  .string()
  .min(1)
  .max(32)
  .regex(/^(?:\d{1,10}|(?:\d{1,7}[smhdw])+)$/)
  .describe('A length of time: 90s, 15m, 12h, 30d, 2w, 1h30m');

export const count = z.number().int().min(0);
/** A number written into a URL. */
export const countText = z
  .string()
  .regex(/^\d{1,15}$/)
  .describe('A whole number');
export const flagText = z.enum(['true', 'false']);

/** Hexadecimal SHA-256. */
export const sha256 = z
  .string()
  .regex(/^[0-9a-f]{64}$/)
  .describe('SHA-256 in hexadecimal');

/** Any JSON; numbers stay as `kernel`'s parser read them. */
const json = z.unknown() as unknown as z.ZodType<JsonValue, JsonValue>;

export const jsonObject = z.record(z.string().max(LONGEST.line), json);
/** The value of a credential: a JSON object whose leaves are secret or plain. Numbers survive exactly. */
export const value = jsonObject.describe('The value: a JSON object of at most 512 KiB, for example {"value": "…"}');

export const tier = z.enum(['gold', 'silver', 'bronze']);
export const state = z.enum(['pre-active', 'active', 'suspended', 'deactivated', 'compromised', 'destroyed']);

/** What people declare about a credential; null empties a field, a missing one stays as it is. */
export const description = z.strictObject({
  kind: z.string().min(1).max(LONGEST.id).optional(),
  system: z.string().min(1).max(LONGEST.id).nullable().optional(),
  owner: z.string().min(1).max(128).nullable().optional(),
  purpose: z.string().min(1).max(LONGEST.note).nullable().optional(),
  tier: tier.nullable().optional(),
  rotation: duration.nullable().optional(),
  expiresAt: time.nullable().optional(),
  originalName: z.string().min(1).max(LONGEST.name).nullable().optional(),
});

/** Query of every paged list. */
export const paging = {
  after: z.string().max(LONGEST.path).optional().describe('`next` of the page before'),
  limit: countText.optional().describe(`At most so many, 1 to ${MAX_PAGE}; ${USUAL_PAGE} when left out`),
} as const;

/** A page of a list; `next` is null on the last one. */
export const page = <Item extends z.ZodType>(item: Item) =>
  z.strictObject({
    items: z.array(item),
    next: z.string().nullable().describe('Give it as `after` for the next page'),
  });

/** The number asked for, within 1 and `MAX_PAGE`: nothing turns into "all" (the class of pagination bypasses). */
export const limitOf = (asked: string | undefined): number =>
  asked === undefined ? USUAL_PAGE : Math.min(Math.max(Number(asked), 1), MAX_PAGE);

export const environmentParams = z.strictObject({ project: slug, environment: slug });
/** Where in the ledger the deed is entered; opens that entry to its caller. */
export const receipt = count.describe('Index of the ledger entry of this deed');
