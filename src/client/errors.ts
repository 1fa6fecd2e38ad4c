import { PROBLEM_TYPE, type Problem, problem } from '#contract';
import { ChatelaineError, EXIT_CODES, defineErrors, parseJson, utf8Text } from '#kernel';
import type { Answered } from './transport.ts';

export const clientError = defineErrors('client', {
  unreachable: {
    fault: 'busy',
    status: 503,
    exit: 5,
    hint: 'Is it running? Start it with chatelaine up, or name another with --server.',
  },
  untrusted: {
    fault: 'refused',
    status: 495,
    exit: 1,
    hint: 'Check the certificate of {server}, or give its authority with --ca.',
  },
  wrong_doorstep: {
    fault: 'refused',
    status: 403,
    exit: 1,
    hint: 'Something else may listen at {socket}, or it was mounted from elsewhere: then sign in with chatelaine login.',
  },
  bad_answer: {
    fault: 'ours',
    status: 502,
    exit: 70,
    hint: 'Something else may be listening there, or another version: compare chatelaine version with chatelaine status.',
  },
});

/** The server's refusal as the error it was there, with its code, hint and details. */
export const refusalOf = ({ status, headers, body }: Answered): ChatelaineError => {
  const read = headers['content-type']?.startsWith(PROBLEM_TYPE) === true ? readProblem(body) : null;
  if (read === null)
    return clientError('bad_answer', `The server answered ${status} in a form that is not ours.`, { status });
  const { code, fault, detail, hint, details, instance } = read;
  const row = { fault, status: read.status, exit: EXIT_CODES[fault], ...(hint === null ? {} : { hint }) };
  return new ChatelaineError(code, row, detail, { ...details, request: instance });
};

const readProblem = (body: Uint8Array): Problem | null => {
  try {
    return problem.safeParse(parseJson(utf8Text(body))).data ?? null;
  } catch {
    return null;
  }
};
