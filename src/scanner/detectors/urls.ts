import type { Candidate, Detector } from '../detector.ts';
import { isBroken, isPlaceholder } from '../filters/placeholders.ts';
import { isReference } from '../filters/references.ts';
import { type Description, candidate } from './describe.ts';

const scheme = (
  vendor: string,
  title: string,
  opens: string,
  kind: Description['kind'] = 'url-credential',
): Pick<Description, 'vendor' | 'title' | 'opens' | 'kind'> => ({ vendor, title, opens, kind });

const DATABASE = (name: string) =>
  scheme(name, `${name} password in a URL`, `the ${name} database, as that user`, 'database-password');
const MQTT = scheme(
  'MQTT',
  'MQTT password in a URL',
  'the broker: what devices say, and what they are told',
  'mqtt-password',
);
const CAMERA = scheme('RTSP', 'Camera password in a URL', 'the picture of the camera');
const MAIL = scheme('Mail', 'Mail password in a URL', 'sending or reading mail in that name');
const FILES = scheme('File server', 'File server password in a URL', 'the files of that user');
const WEB = scheme('Web', 'Password in a web address', 'that address, as that user');

const SCHEMES: Readonly<Record<string, Pick<Description, 'vendor' | 'title' | 'opens' | 'kind'>>> = {
  mqtt: MQTT,
  mqtts: MQTT,
  ws: MQTT,
  wss: MQTT,
  rtsp: CAMERA,
  rtsps: CAMERA,
  rtmp: CAMERA,
  postgres: DATABASE('PostgreSQL'),
  postgresql: DATABASE('PostgreSQL'),
  mysql: DATABASE('MySQL'),
  mariadb: DATABASE('MariaDB'),
  mongodb: DATABASE('MongoDB'),
  redis: DATABASE('Redis'),
  rediss: DATABASE('Redis'),
  mssql: DATABASE('SQL Server'),
  sqlserver: DATABASE('SQL Server'),
  oracle: DATABASE('Oracle'),
  clickhouse: DATABASE('ClickHouse'),
  couchbase: DATABASE('Couchbase'),
  cockroachdb: DATABASE('CockroachDB'),
  influxdb: DATABASE('InfluxDB'),
  neo4j: DATABASE('Neo4j'),
  bolt: DATABASE('Neo4j'),
  cassandra: DATABASE('Cassandra'),
  amqp: scheme('AMQP', 'Message broker password in a URL', 'the queues of that user'),
  amqps: scheme('AMQP', 'Message broker password in a URL', 'the queues of that user'),
  nats: scheme('NATS', 'NATS password in a URL', 'the subjects of that user'),
  ldap: scheme('LDAP', 'Directory password in a URL', 'the directory, as that user'),
  ldaps: scheme('LDAP', 'Directory password in a URL', 'the directory, as that user'),
  smtp: MAIL,
  smtps: MAIL,
  imap: MAIL,
  imaps: MAIL,
  ftp: FILES,
  ftps: FILES,
  sftp: FILES,
  smb: FILES,
  cifs: FILES,
  ssh: FILES,
  git: scheme('Git', 'Password in a Git address', 'the repositories of that user'),
  http: WEB,
  https: WEB,
};

const REMEDY =
  'Change that user’s password on the host, and give the new one by a reference instead of inside the address.';

/** What comes before `://`, with things like `mongodb+srv`, `jdbc:postgresql`. */
const SCHEME = /(?:^|[^A-Za-z\d+.-])([a-z][a-z\d]{1,14})(?:\+[a-z\d]{1,10}|\+[a-z]{1,8}\+[a-z]{1,8})?$/i;
/** RFC 3986 section 3.2.1, as people write it: the password may hold what should have been encoded, but no blank. */
const USERINFO =
  /([^\s/?#"'`<>@:\\|]{0,128}):([^\s/"'`<>@\\|?#]{1,200}|[^\s"'`<>@\\|]{1,100})@(\[?[A-Za-z\d][\w.:-]{0,200}|\$\{?\w+|%\w+)/y;
const LOOPBACK =
  /^(?:localhost|127\.|0\.0\.0\.0|\[?::1|host$|hostname$|server$|example|.*\.(?:example|test|invalid|localhost)(?:$|:)|.*example\.(?:com|org|net))/i;
/** Passwords of throw-away containers, and what manuals write. */
const COMMON =
  /^(?:pass(?:wo?r?d)?\d{0,4}|pwd|pw|p|secret|user|root|admin|postgres|mysql|mongo|redis|guest|test|dev|example|changeme|docker|rabbitmq|minio|elastic|localhost|hunter2|foo|bar|baz|x{1,8}|\d{1,5}|[a-z]{1,6}|token|api_?key|pass-?word|mypass(?:word)?|yourpass(?:word)?|db_?pass(?:word)?|userpass(?:word)?|somepass(?:word)?)$/i;

/** A user and a password inside an address, of every scheme. */
export const urlCredentials: Detector = {
  id: 'url-credentials',
  literals: ['://'],
  precision: 'format',
  detect({ text, binary }, hit) {
    USERINFO.lastIndex = hit.end;
    const match = USERINFO.exec(text);
    if (match === null) return [];
    const before = SCHEME.exec(text.slice(Math.max(0, hit.start - 28), hit.start));
    if (before === null) return [];
    const [, user = '', written = '', host = ''] = match;
    const name = before[1]!.toLowerCase();
    if (isNoPassword(user, written) || (binary && !Object.hasOwn(SCHEMES, name))) return [];
    const start = hit.end + user.length + 1;
    const about = SCHEMES[name] ?? scheme(name, `Password in a ${name} address`, 'that address, as that user');
    const weak = LOOPBACK.test(host) || COMMON.test(written) || written.length < 4;
    const found: Candidate = candidate(
      { rule: 'url-credential', tier: 'silver', rotation: 'restart', remedy: REMEDY, ...about },
      {
        start,
        end: start + written.length,
        value: decoded(written),
        why: `stands as the password in a ${name} address`,
        confidence: weak ? 'note' : 'likely',
        name: `${name} password`,
        facts: { host: host.replace(/:\d*$/, '').slice(0, 100) },
        around: wholeAddresses(text, hit.start, start + written.length),
      },
    );
    return [found];
  },
};

/** Longest address, in bytes; the scheme with what programs put before it (`jdbc:`). */
const LONGEST = 2_000;
const SCHEMES_BEFORE = /(?:[a-z][a-z\d]{1,14}:)?[a-z][a-z\d+.-]{1,30}$/i;

/** The address as it stands there, and without the marks of a sentence or a program behind it. */
const wholeAddresses = (text: string, scheme: number, from: number): readonly string[] => {
  const [before = ''] = SCHEMES_BEFORE.exec(text.slice(Math.max(0, scheme - 48), scheme)) ?? [];
  const [behind = ''] = /^[^\s"'`<>\\]*/.exec(text.slice(from, from + LONGEST)) ?? [];
  const whole = text.slice(scheme - before.length, from) + behind;
  const inner = before.includes(':') ? [whole.slice(before.indexOf(':') + 1)] : [];
  return [...new Set([whole, whole.replace(/[),.;\]}]+$/, ''), ...inner])];
};

const isNoPassword = (user: string, password: string): boolean =>
  isReference(password) ||
  isReference(user) ||
  isBroken(password) ||
  /^[[{<*]|\*{3}|\.{3}|^[x*.]+$/.test(password) ||
  /[{}$<>()[\],;]/.test(user) ||
  /^\d{1,5}[,/]|,/.test(password) ||
  isPlaceholderPassword(password);

const isPlaceholderPassword = (password: string): boolean =>
  isPlaceholder(password) && (password.length < 24 || /your|change|example/i.test(password));

const decoded = (written: string): string => {
  try {
    return decodeURIComponent(written);
  } catch {
    return written;
  }
};
