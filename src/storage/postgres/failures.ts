import { type ChatelaineError, hasCode } from '#kernel';
import { storageError } from '../errors.ts';

/** SQLSTATE codes (PostgreSQL manual, appendix A). */
const DISK_FULL = '53100';
const DEADLOCK = '40P01';
const SERIALIZATION_FAILURE = '40001';
const UNIQUE_VIOLATION = '23505';
const FOREIGN_KEY_VIOLATION = '23503';
const LOCK_NOT_AVAILABLE = '55P03';
const QUERY_CANCELED = '57014';
/** Connection exceptions, shutdown and crash of the server, an idle or overlong transaction ended by it. */
const SESSION_ENDED = /^(?:08|57P|25P0[34])/;

/**
 * True when a commit did not happen and trying it again may well succeed: deadlock, serialization failure, connection
 * lost before COMMIT. Never true of `storage.unknown_outcome`: that one must be looked up first.
 */
export const isRetryable = (error: unknown): boolean => {
  if (hasCode(error, 'storage.connection_lost')) return true;
  const state = sqlState(error);
  return state === DEADLOCK || state === SERIALIZATION_FAILURE;
};

/**
 * True when a row that another process made or removed meanwhile was in the way: nothing was kept, and looking again
 * will show that row. Two such failures in a row without another process are a mistake of the statement's author.
 */
export const isCollision = (error: unknown): boolean => {
  const state = sqlState(error);
  return state === UNIQUE_VIOLATION || state === FOREIGN_KEY_VIOLATION;
};

/** True when the session is gone or no longer fit for use; a new one may answer. */
export const isLost = (error: unknown): boolean => {
  const state = sqlState(error);
  return state === undefined ? !(error instanceof RangeError) : SESSION_ENDED.test(state) || isStalePlan(error);
};

/** The server's own code when the server refused, `23505` for a unique violation. */
const sqlState = (error: unknown): string | undefined =>
  // A socket's error has a code as well (EPIPE), but no severity.
  field(error, 'severity') === undefined ? undefined : field(error, 'code');

/** Gives what a caller should see: ours for what we know, otherwise the server's own error without the row in it. */
export const translate = (error: unknown, place: string): unknown => {
  switch (sqlState(error)) {
    case DISK_FULL:
      return storageError('full', `There is no room left for ${place}.`, { place }, withoutRow(error));
    case LOCK_NOT_AVAILABLE:
    case QUERY_CANCELED:
      return storageError('busy', `${place} did not answer in time.`, { place }, withoutRow(error));
    default:
      return withoutRow(error);
  }
};

export const connectionLost = (place: string, cause: unknown): ChatelaineError =>
  storageError(
    'connection_lost',
    `The connection to ${place} was lost; nothing was changed.`,
    { place },
    withoutRow(cause),
  );

export const unreachable = (place: string, cause: unknown): ChatelaineError =>
  storageError('unreachable', `${place} cannot be reached: ${reason(cause)}.`, { place }, withoutRow(cause));

/** A prepared statement outlived a change of its table by another process's migration; a new session prepares anew. */
const isStalePlan = (error: unknown): boolean => field(error, 'routine') === 'RevalidateCachedQuery';

/** `detail` and `where` quote the row's values: names, addresses, ciphertext. They stay out of logs. */
const withoutRow = (error: unknown): unknown => {
  if (error instanceof Error && sqlState(error) !== undefined)
    for (const name of ['detail', 'where', 'internalQuery']) Reflect.deleteProperty(error, name);
  return error;
};

const reason = (cause: unknown): string => {
  const { message, errors } = cause as { message?: string; errors?: readonly Error[] };
  return (message || errors?.map((each) => each.message).join('; ') || 'no reason given').replace(/\.$/, '');
};

const field = (error: unknown, name: string): string | undefined => {
  const value: unknown = typeof error === 'object' && error !== null ? Reflect.get(error, name) : undefined;
  return typeof value === 'string' ? value : undefined;
};
