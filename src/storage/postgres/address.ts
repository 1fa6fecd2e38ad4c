import type { Secret } from '#kernel';
import { storageError } from '../errors.ts';

export type Address = {
  /** For people: host, port, database and schema, without password or parameters. */
  readonly place: string;
  /** True when the server is reached through a socket file or a loopback address. */
  readonly local: boolean;
  /** True when the URL itself says how TLS is used. */
  readonly saysTls: boolean;
};

const TLS_PARAMETERS = ['sslmode', 'ssl', 'sslrootcert', 'sslcert', 'sslnegotiation'];

/**
 * Reads what we need of a libpq connection URI (PostgreSQL manual, section 34.1.1.2). Errors:
 * `storage.bad_address`, which never repeats the text: it holds a password.
 */
export const parseAddress = (url: Secret, schema: string): Address => {
  const parsed = URL.parse(url.revealText());
  if (parsed === null || !/^postgres(?:ql)?:$/.test(parsed.protocol))
    throw storageError('bad_address', 'The database address is not a PostgreSQL URL.');
  const parameters = parsed.searchParams;
  const host = parameters.get('host') ?? decodeURIComponent(parsed.hostname);
  const port = parameters.get('port') ?? (parsed.port || '5432');
  return {
    place: `postgresql://${host || 'localhost'}:${port}${parsed.pathname} (schema ${schema})`,
    local: host === '' || host.startsWith('/') || isLoopback(host),
    saysTls: TLS_PARAMETERS.some((name) => parameters.has(name)),
  };
};

const isLoopback = (host: string): boolean =>
  host === 'localhost' || host === '[::1]' || host === '::1' || /^127(?:\.\d{1,3}){3}$/.test(host);
