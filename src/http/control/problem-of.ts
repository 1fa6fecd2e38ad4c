import { STATUS_CODES } from 'node:http';
import type { Problem } from '#contract';
import type { ChatelaineError } from '#kernel';

/** Statuses that Vault's clients expect differ from what HTTP means by them; here it is as HTTP says. */
const STATUS: Readonly<Record<string, number>> = {
  // RFC 9110 section 15.5.2: who asks is not known. 403 is for those who are.
  'identity.unauthenticated': 401,
  'secrets.version_conflict': 409,
  // RFC 6585 section 3.
  'secrets.cas_required': 428,
};

export const statusOf = ({ code, status }: ChatelaineError): number => STATUS[code] ?? status;

/** The error as RFC 9457 wants it. */
export const problemOf = (error: ChatelaineError, requestId: string): Problem => {
  const status = statusOf(error);
  return {
    type: `urn:chatelaine:problem:${error.code}`,
    title: STATUS_CODES[status] ?? 'Error',
    status,
    detail: error.message,
    instance: `urn:chatelaine:request:${requestId}`,
    code: error.code,
    fault: error.fault,
    hint: error.hint ?? null,
    // Where a value is in use is told by `shared-values.ts` to those who may know, and to nobody by its details.
    details: error.code === 'secrets.shared_across_environments' ? {} : (error.details as Problem['details']),
  };
};
