import type { FastifyReply } from 'fastify';
import { type ChatelaineError, stringifyJson } from '#kernel';

/** Details that are not for strangers: where else a value is in use; see `shared-values.ts`. */
const HIDDEN: readonly string[] = ['secrets.shared_across_environments'];

/** Answers with problem details (RFC 9457): what happened, why, what next. */
export const sendProblem = (reply: FastifyReply, error: ChatelaineError, requestId: string): FastifyReply => {
  const { code, status, message, hint, details } = error;
  const body = {
    type: 'about:blank',
    status,
    title: message,
    code,
    ...(hint === undefined ? {} : { hint }),
    ...(Object.keys(details).length === 0 || HIDDEN.includes(code) ? {} : { details }),
    instance: `urn:request:${requestId}`,
  };
  if (code === 'http.wrong_verb') void reply.header('allow', String(details['allowed']));
  return reply
    .code(status)
    .header('content-type', 'application/problem+json')
    .send(Buffer.from(`${stringifyJson(body)}\n`));
};
