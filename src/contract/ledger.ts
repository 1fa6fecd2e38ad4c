import { z } from 'zod';
import { count, countText, flagText, id, line, page, paging, reason, sha256, slug, time } from './fields.ts';
import { route } from './route.ts';

/** An entry with what opens its commitment. Who and where are null once redacted. */
const entry = z.strictObject({
  index: count,
  commitment: sha256,
  at: time,
  action: line,
  outcome: z.enum(['allowed', 'denied', 'failed']),
  rule: z.string(),
  resource: z.string(),
  note: z.string().nullable(),
  head: z.strictObject({ version: count, hash: sha256 }).nullable(),
  caller: z.string().nullable(),
  address: z.string().nullable(),
  agent: z.string().nullable(),
  path: z.string().nullable(),
  opening: z.strictObject({ salt: z.string(), personal_salt: z.string().nullable(), personal_hash: z.string() }),
});

const byIndex = z.strictObject({ index: countText });
const own = flagText.optional().describe('Only your own entries, which anybody may read');

export const ledgerRoutes = {
  'ledger.list': route({
    method: 'GET',
    path: '/ledger/entries',
    tag: 'ledger',
    auth: 'caller',
    status: 200,
    summary: 'Entries, newest first: who did what, when, from where, with which outcome',
    query: z.strictObject({
      own,
      project: slug.optional(),
      environment: slug.optional(),
      caller: id.optional(),
      action: line.optional(),
      resource: line.optional(),
      outcome: entry.shape.outcome.optional(),
      address: line.optional(),
      from: time.optional(),
      to: time.optional(),
      ...paging,
    }),
    answer: page(entry),
  }),
  'ledger.show': route({
    method: 'GET',
    path: '/ledger/entries/{index}',
    tag: 'ledger',
    auth: 'caller',
    status: 200,
    summary: 'One entry, opened',
    params: byIndex,
    query: z.strictObject({ own }),
    answer: entry,
  }),
  'ledger.prove': route({
    method: 'GET',
    path: '/ledger/proofs/{index}',
    tag: 'ledger',
    auth: 'caller',
    status: 200,
    summary: 'A self-contained proof (c2sp.org/tlog-proof) that an entry stands in the ledger',
    params: byIndex,
    query: z.strictObject({ own }),
    answer: z.strictObject({ proof: z.string(), entry }),
  }),
  'ledger.redact': route({
    method: 'POST',
    path: '/ledger/redactions',
    tag: 'ledger',
    auth: 'caller',
    status: 200,
    summary: 'Forgets who and where in the entries of an identity; every proof stays valid',
    body: z.strictObject({ identity: id, reason }),
    answer: z.strictObject({ redacted: count }),
  }),
} as const;
