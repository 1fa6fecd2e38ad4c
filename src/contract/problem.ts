import { z } from 'zod';
import { LONGEST } from './fields.ts';

export const PROBLEM_TYPE = 'application/problem+json';

/** RFC 9457. `type` is `about:blank`'s more useful kin: a stable URN of the code. Fields beyond it are ours. */
export const problem = z.strictObject({
  type: z.string().describe('urn:chatelaine:problem:<code>'),
  title: z.string().describe('What the status means'),
  status: z.number().int().min(400).max(599),
  detail: z.string().describe('What happened'),
  instance: z.string().describe('urn:chatelaine:request:<id>, as in the log'),
  code: z.string().max(LONGEST.line).describe('Stable; switch on it'),
  fault: z.enum(['mistake', 'refused', 'absent', 'conflict', 'locked', 'busy', 'ours']),
  hint: z.string().nullable().describe('What to do next'),
  details: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null(), z.array(z.string())])),
});
export type Problem = z.output<typeof problem>;
