import type { ChatelaineError } from '#kernel';

export type Failure = { readonly status: number; readonly errors: readonly string[] };

/** Statuses that this face uses; any other becomes one of them. Clients retry 412, so nothing of ours is 412. */
const STATUSES: ReadonlySet<number> = new Set([400, 403, 404, 405, 413, 415, 421, 429, 500, 501, 503]);

/** Errors whose first text clients compare; what we add comes second. */
const EXACT: ReadonlySet<string> = new Set([
  'secrets.version_conflict',
  'secrets.cas_required',
  'secrets.not_wrapped',
  'http.denied_here',
]);

/** Errors whose hint says nothing to a client of this face. */
const WITHOUT_HINT: ReadonlySet<string> = new Set(['http.no_path']);

/** Absent without a word: what clients take for "no value here". */
const SILENT: ReadonlySet<string> = new Set(['inventory.no_credential', 'secrets.no_version']);

/**
 * An error as Vault would say it: `{"errors": […]}`, the useful text first, because some clients show only that one.
 * Who is not proven, and who may not, read the same three words (the class of CVE-2025-54999).
 */
export const failureOf = (error: ChatelaineError): Failure => {
  const { code, message, hint = '', fault } = error;
  if (code === 'identity.unauthenticated' || code === 'deeds.denied')
    return { status: 403, errors: ['permission denied'] };
  if (fault === 'locked') return { status: error.status, errors: [`Vault is sealed. ${hint}`.trim()] };
  if (SILENT.has(code)) return { status: 404, errors: [] };
  if (EXACT.has(code)) return { status: statusOf(error), errors: [message, hint] };
  return { status: statusOf(error), errors: [WITHOUT_HINT.has(code) ? message : `${message} ${hint}`.trim()] };
};

const statusOf = ({ status, fault }: ChatelaineError): number => {
  if (STATUSES.has(status)) return status;
  if (fault === 'conflict' || fault === 'mistake' || fault === 'refused') return 400;
  return fault === 'busy' ? 503 : 500;
};
