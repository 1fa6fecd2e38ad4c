import { z } from 'zod';
import { count, duration, id, line, page, paging, reason, slug, time } from './fields.ts';
import { route } from './route.ts';

const finding = z.strictObject({
  id,
  project: slug,
  environment: slug,
  credential: z.string().nullable(),
  rule: line,
  title: z.string(),
  place: z.string(),
  summary: z.string(),
  state: z.enum(['open', 'excused', 'closed']),
  openedAt: time,
  excusedUntil: time.nullable(),
  closedAt: time.nullable(),
});

const step = z.strictObject({ id: line, why: z.string(), command: z.string(), count });

export const findingRoutes = {
  'findings.list': route({
    method: 'GET',
    path: '/findings',
    tag: 'findings',
    auth: 'caller',
    status: 200,
    summary: 'What is wrong now, as far as you may see it',
    query: z.strictObject({
      project: slug.optional(),
      environment: slug.optional(),
      state: finding.shape.state.optional().describe('open when left out'),
      rule: line.optional(),
      ...paging,
    }),
    answer: page(finding),
  }),
  'findings.excuse': route({
    method: 'POST',
    path: '/findings/{id}/excuse',
    tag: 'findings',
    auth: 'caller',
    status: 200,
    summary: 'Accepts a finding for a time',
    params: z.strictObject({ id }),
    body: z.strictObject({ reason, life: duration }),
    answer: finding,
  }),
  'findings.close': route({
    method: 'POST',
    path: '/findings/{id}/close',
    tag: 'findings',
    auth: 'caller',
    status: 200,
    summary: 'Says that it is put right; it opens again when it is found again',
    params: z.strictObject({ id }),
    body: z.strictObject({ reason }),
    answer: finding,
  }),
  'inspections.create': route({
    method: 'POST',
    path: '/inspections/{project}/{environment}',
    tag: 'findings',
    auth: 'caller',
    status: 200,
    summary: 'Looks through an environment now, instead of at the next hour',
    params: z.strictObject({ project: slug, environment: slug }),
    body: z.strictObject({}),
    answer: z.strictObject({ opened: count, closed: count, open: count }),
  }),
  'next.show': route({
    method: 'GET',
    path: '/next',
    tag: 'findings',
    auth: 'caller',
    status: 200,
    summary: 'The one most useful thing to do now, with its command; the others after it',
    query: z.strictObject({ project: slug.optional() }),
    answer: z.strictObject({ step: step.nullable(), further: z.array(step) }),
  }),
} as const;
