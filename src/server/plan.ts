import { existsSync, readFileSync } from 'node:fs';
import { isIP } from 'node:net';
import { dirname, join } from 'node:path';
import { createSecureContext } from 'node:tls';
import { Duration } from '#kernel';
import type { HttpSettings } from '#http';
import { type SealProvider, keyFileProvider, systemdCredentialProvider } from '#sealing';
import { serverError } from './errors.ts';
import type { Places } from './places.ts';
import type { Settings } from './settings.ts';

/** Where the program serves when nobody says otherwise; the port is the one Vault's clients know. */
const DEFAULT_LISTEN = '127.0.0.1:8200';
/** Longest path of a unix socket that every platform takes (sun_path, with its NUL). */
const LONGEST_SOCKET = 103;

/** The settings with every default filled in and every file read: nothing is left to find out later. */
export type Plan = {
  readonly folder: string;
  readonly backups: string;
  readonly databaseUrl: string | undefined;
  readonly listen: { readonly host: string; readonly port: number };
  /** Null on Windows, and where the path would be too long for a socket. */
  readonly socket: string | null;
  readonly anchorFile: string;
  readonly keyFile: string;
  readonly seal: NonNullable<Settings['seal']>;
  /** Undefined where a person brings a passphrase. */
  readonly provider: SealProvider | undefined;
  readonly http: HttpSettings;
  readonly logLevel: NonNullable<Settings['log-level']>;
  readonly posture: NonNullable<Settings['posture']>;
  readonly operatorTokenFile: string | undefined;
};

export const planStart = (
  settings: Settings,
  places: Places,
  environment: Readonly<Record<string, string | undefined>>,
): Plan => {
  const folder = settings.data ?? places.data;
  const keyFile = settings['key-file'] ?? places.keyFile;
  const credentials = environment['CREDENTIALS_DIRECTORY'];
  const seal = settings.seal ?? (credentials === undefined ? 'key-file' : 'systemd-credential');
  const listen = splitAddress(settings.listen ?? DEFAULT_LISTEN);
  const tls = readTls(settings);
  refuseOpenDoor(listen.host, tls !== null, settings['allow-plain-http'] === true);
  const socket = settings.socket ?? join(folder, 'chatelaine.sock');
  const hasSocket = process.platform !== 'win32' && Buffer.byteLength(socket) <= LONGEST_SOCKET;
  return {
    folder,
    backups: settings['backup-folder'] ?? join(dirname(folder), 'chatelaine-backups'),
    databaseUrl: settings['database-url'],
    listen,
    socket: hasSocket ? socket : null,
    anchorFile: settings['anchor-file'] ?? places.anchorFile,
    keyFile,
    seal,
    provider: providerFor(seal, keyFile, folder, credentials),
    http: {
      // Beside the socket: clients make no file anywhere else.
      ...(hasSocket && { doorstep: join(dirname(socket), 'sign-in') }),
      hosts: settings.hosts ?? [],
      trustedProxies: settings['trusted-proxies'] ?? [],
      bodyLimit: settings['body-limit'] ?? 1_048_576,
      requestTimeout: settings['request-timeout'] ?? Duration.of(30, 's'),
      maxConnections: settings['max-connections'] ?? 1_024,
      maxRequestsPerConnection: 100_000,
      tls,
    },
    logLevel: settings['log-level'] ?? 'info',
    posture: settings.posture ?? 'home',
    operatorTokenFile: settings['operator-token-file'],
  };
};

const providerFor = (
  seal: Plan['seal'],
  keyFile: string,
  dataFolder: string,
  credentials: string | undefined,
): SealProvider | undefined => {
  if (seal === 'key-file') return keyFileProvider({ file: keyFile, dataFolder });
  if (seal === 'passphrase') return undefined;
  if (credentials === undefined)
    throw serverError('bad_setting', 'systemd gave no credentials to this process.', { source: 'seal' });
  return systemdCredentialProvider(credentials);
};

const splitAddress = (text: string): { host: string; port: number } => {
  const cut = text.lastIndexOf(':');
  const port = Number(text.slice(cut + 1));
  if (port > 65_535) throw serverError('bad_setting', `There is no port ${port}.`, { source: 'listen' });
  return { host: text.slice(0, cut).replace(/^\[|\]$/g, ''), port };
};

/** Secrets in clear on a network are the one thing that must not happen by leaving out a flag. */
const refuseOpenDoor = (host: string, hasTls: boolean, allowed: boolean): void => {
  if (hasTls || allowed || isLoopback(host)) return;
  throw serverError('open_to_network', `Others could reach ${host}, and there is no certificate.`);
};

const isLoopback = (host: string): boolean =>
  host === 'localhost' || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'));

const readTls = (settings: Settings): HttpSettings['tls'] => {
  const cert = settings['tls-cert'];
  const key = settings['tls-key'];
  if (cert === undefined && key === undefined) return null;
  if (cert === undefined || key === undefined)
    throw serverError('bad_setting', 'A certificate and its key come together.', { source: 'tls-cert and tls-key' });
  const pair = { cert: readPem(cert), key: readPem(key) };
  try {
    createSecureContext(pair);
  } catch (error) {
    // OpenSSL's own words may quote what it read.
    throw serverError(
      'bad_setting',
      `${cert} and ${key} are not a certificate and its private key in PEM.`,
      { source: 'tls-cert and tls-key' },
      error,
    );
  }
  return pair;
};

const readPem = (file: string): string => {
  if (!existsSync(file)) throw serverError('unreadable_file', `There is no file ${file}.`, { place: file });
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw serverError('unreadable_file', `${file} cannot be read.`, { place: file }, error);
  }
};
