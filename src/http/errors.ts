import { ChatelaineError, defineErrors } from '#kernel';

export const httpError = defineErrors('http', {
  malformed: { fault: 'mistake', status: 400, exit: 2 },
  bad_target: {
    fault: 'mistake',
    status: 400,
    exit: 2,
    hint: 'Send the path in its plain form: no encoded slashes, no empty parts, no "." or "..", valid UTF-8.',
  },
  short_path: {
    fault: 'mistake',
    status: 400,
    exit: 2,
    hint: 'Ask for secret/data/PROJECT/ENVIRONMENT/NAME; with the header X-Vault-Namespace: PROJECT, for secret/data/ENVIRONMENT/NAME.',
  },
  path_in_use: { fault: 'conflict', status: 400, exit: 4 },
  no_mount: { fault: 'refused', status: 403, exit: 1 },
  no_path: {
    fault: 'absent',
    status: 404,
    exit: 3,
    hint: 'Our own paths stand in /api/openapi.json; a KV client’s begin with /v1/secret/.',
  },
  wrong_verb: { fault: 'mistake', status: 405, exit: 2, hint: 'This path takes: {allowed}.' },
  wrong_host: {
    fault: 'refused',
    status: 421,
    exit: 1,
    hint: 'If this name is right, allow it: chatelaine up --hosts {host}. Otherwise a page in your browser may have been tricked into asking.',
  },
  wrong_origin: {
    fault: 'refused',
    status: 403,
    exit: 1,
    hint: 'Other web pages may not ask this. Use the command line, or the page that this server serves.',
  },
  denied_here: { fault: 'refused', status: 403, exit: 1, hint: '{remedy}' },
  not_in_this_state: { fault: 'refused', status: 403, exit: 1 },
  gone: { fault: 'absent', status: 404, exit: 3 },
  shared_value: {
    fault: 'refused',
    status: 409,
    exit: 1,
    hint: 'Give each environment a value of its own: chatelaine generate {path}.',
  },
  too_large: { fault: 'mistake', status: 413, exit: 2, hint: 'At most {limit} bytes are taken; send less at once.' },
  wrong_type: { fault: 'mistake', status: 415, exit: 2, hint: 'Send the content type {wanted}.' },
  too_many: { fault: 'busy', status: 429, exit: 5, hint: 'Wait {seconds} seconds, then try again.' },
  draining: { fault: 'busy', status: 503, exit: 5, hint: 'The program is stopping; try again in a moment.' },
  internal: {
    fault: 'ours',
    status: 500,
    exit: 70,
    hint: 'The program’s log has the details under this request id; please report it.',
  },
});

/** What Fastify refuses by itself, in our words: its own may quote the request. */
const BY_STATUS: Readonly<Record<number, () => ChatelaineError>> = {
  404: () => httpError('no_path', 'There is nothing at this path.'),
  413: () => httpError('too_large', 'The request is too large.', { limit: 'the configured number of' }),
  415: () => httpError('wrong_type', 'This content type is not taken here.', { wanted: 'application/json' }),
};

/**
 * Any error as one of ours. What nobody foresaw becomes `http.internal` without a detail, for its message may hold
 * what the request held (the class of CVE-2025-4166).
 */
export const asKnown = (error: unknown): ChatelaineError => {
  if (error instanceof ChatelaineError) return error;
  const status = statusOf(error);
  if (status === undefined) return httpError('internal', 'Something went wrong on our side.', {}, error);
  return BY_STATUS[status]?.() ?? httpError('malformed', 'The request could not be read.');
};

/** The status of an error that Fastify raised about the request. */
const statusOf = (error: unknown): number | undefined => {
  if (!(error instanceof Error) || !('statusCode' in error) || !('code' in error)) return undefined;
  const { statusCode, code } = error;
  const isFastifys = typeof code === 'string' && code.startsWith('FST_');
  return isFastifys && typeof statusCode === 'number' && statusCode >= 400 && statusCode < 500 ? statusCode : undefined;
};
