import type { FastifyReply } from 'fastify';
import { PROBLEM_TYPE } from '#contract';
import { type ChatelaineError, type JsonObject, stringifyJson } from '#kernel';
import { problemOf } from './control/problem-of.ts';

/** Answers with problem details (RFC 9457): what happened, why, what next. As bytes, so that nobody adds a charset. */
export const sendProblem = (reply: FastifyReply, error: ChatelaineError, requestId: string): FastifyReply => {
  const problem = problemOf(error, requestId);
  const { allowed, seconds } = error.details;
  if (problem.status === 401) void reply.header('www-authenticate', 'Bearer realm="chatelaine"');
  if (problem.status === 405) void reply.header('allow', String(allowed));
  if (typeof seconds === 'number') void reply.header('retry-after', String(seconds));
  return reply
    .code(problem.status)
    .header('content-type', PROBLEM_TYPE)
    .send(Buffer.from(`${stringifyJson(problem as unknown as JsonObject)}\n`));
};
