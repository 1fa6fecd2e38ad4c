import { aboutKind } from '../about.ts';
import { type About, type Also, type Claim, type Family, claim, facts, openToOthers, setting } from '../claim.ts';
import { type HomeFile, type Value, textAt, valueOf } from '../home-file.ts';
import { judged } from '../judged.ts';

const VENDOR = 'Mosquitto';

const HASH: About = {
  rule: 'mosquitto-password-hash',
  title: 'Password hash of a Mosquitto user',
  vendor: VENDOR,
  kind: 'password-hash',
  opens: 'the broker as that user, once the password is guessed offline',
  remedy: '',
};
const CLEAR: About = {
  ...HASH,
  rule: 'mosquitto-clear-password',
  title: 'Mosquitto password in clear',
  kind: 'mqtt-password',
  opens: 'the broker as that user',
};
const DYNSEC: About = { ...HASH, rule: 'mosquitto-dynamic-security-hash' };

/** OWASP's least for PBKDF2 with SHA-512 is 210,000; below 100,000 is called weak, as the catalogue does. */
const FEWEST_ITERATIONS = 100_000;

const weakIterations = (iterations: number): readonly Also[] =>
  iterations > 0 && iterations < FEWEST_ITERATIONS
    ? [
        {
          code: 'weak-hash',
          why: `PBKDF2 with ${iterations} iterations, where ${FEWEST_ITERATIONS} are the least: guessed by the million each second`,
        },
      ]
    : [];

const change = (user: string): string =>
  `mosquitto_passwd -b FILE '${user}' NEW (version 2.1 hashes with Argon2id), then kill -HUP the broker; a second user with the same rights lets both be valid meanwhile.`;

const HASHED = /^(?:\$6\$|\$7\$|\$argon2)/;

/** Password file: `user:$7$iterations$salt$hash`, `$6$` and Argon2id (mosquitto_passwd(1)); what else is clear text. */
export const mosquittoPasswords: Family = {
  id: 'mosquitto-passwords',
  reads: ({ base, folder, text }) =>
    /^(?:passwd|pwfile|pw|password_?file|passwords?|mosquitto[._-]passw\w*|users)(?:\.\w+)?$/.test(base) &&
    (/^[^:#\s]{1,100}:\$(?:6|7|argon2id)\$/m.test(text) || (/mosquitto|mqtt/.test(folder) && isClear(text))),
  find(file) {
    const claims: Claim[] = [];
    for (const match of file.text.matchAll(/^([^:#\s][^:\r\n]{0,200}):([^\s:]{1,400})[ \t]*\r?$/gm)) {
      const [line, user = '', text = ''] = match;
      const start = match.index + line.indexOf(text, user.length);
      const value: Value = { keyPath: [user, 'password'], text, start, end: start + text.length };
      const iterations = Number(/^\$7\$(\d{1,9})\$/.exec(text)?.[1] ?? 0);
      claims.push(
        claim(HASHED.test(text) ? HASH : CLEAR, value, {
          why: HASHED.test(text)
            ? 'a line of a Mosquitto password file'
            : 'a line of a password file that was never hashed',
          remedy: change(user),
          facts: facts({ user, iterations: iterations > 0 ? String(iterations) : undefined }),
          also: [
            ...(HASHED.test(text)
              ? []
              : [{ code: 'not-hashed', why: 'mosquitto_passwd -U FILE hashes the whole file' }]),
            ...openToOthers(file),
          ],
        }),
      );
    }
    return claims;
  },
};

const isClear = (text: string): boolean =>
  text.length < 100_000 && /^[\w.-]{1,60}:[^\s:]{4,100}\r?$/m.test(text) && !/[{}<>]/.test(text);

/** `dynamic-security.json`: `clients[]` with username, password, salt, iterations (plugins/dynamic-security). */
export const mosquittoDynamicSecurity: Family = {
  id: 'mosquitto-dynamic-security',
  reads: ({ base, text }) =>
    /\.json(?:\.\w+)?$/.test(base) &&
    /"clients"/.test(text) &&
    (/dynamic-security|dynsec/.test(base) || /"defaultACLAccess"/.test(text)),
  find(file) {
    const values = file.json();
    return values.flatMap((value): readonly Claim[] => {
      const [list, index = '', field] = value.keyPath;
      if (list !== 'clients' || value.keyPath.length !== 3) return [];
      if (field === 'salt') return [{ start: value.start, end: value.end, plain: true }];
      const at = (name: string) => textAt(values, 'clients', index, name);
      if (field !== 'password' && field !== 'encoded_password') return [];
      const user = at('username') ?? '';
      const iterations = Number(at('iterations') ?? 0);
      const roles = values
        .filter(({ keyPath }) => keyPath[1] === index && keyPath[2] === 'roles' && keyPath.at(-1) === 'rolename')
        .map(({ text }) => text);
      return [
        claim({ ...DYNSEC, tier: roles.includes('admin') ? 'gold' : 'silver' }, value, {
          why: 'stands as the password of a client of the dynamic security plugin',
          remedy: `Publish {"commands":[{"command":"setClientPassword","username":"${user}","password":"…"}]} to $CONTROL/dynamic-security/v1 (or mosquitto_ctrl dynsec setClientPassword ${user}): the old one is refused and that user’s connections close at once.`,
          facts: facts({ user, iterations: String(iterations || ''), roles: roles.join(' ') }),
          also: [...weakIterations(iterations), ...openToOthers(file)],
        }),
      ];
    });
  },
};

/** `mosquitto.conf` (mosquitto.conf(5)): passwords of bridges, and who may come in without one. */
export const mosquittoConfiguration: Family = {
  id: 'mosquitto-configuration',
  reads: (file) =>
    file.base.endsWith('.conf') &&
    /^[ \t]*(?:listener|allow_anonymous|remote_password|bridge_psk|password_file)\b/m.test(file.text) &&
    file.reading().format === 'mosquitto-conf',
  find: (file) => [
    ...judged(file, {
      refine(value, kind) {
        const option = value.keyPath.at(-1);
        if (option === 'remote_password' || option === 'password')
          return {
            about: {
              ...aboutKind('mqtt-password', null),
              rule: 'mosquitto-bridge-password',
              vendor: VENDOR,
              title: 'Password of a bridge to another broker',
              opens: 'the other broker, as this bridge',
              remedy: 'Change that user at the other broker, put the new password here, restart this broker.',
            },
            facts: facts({ bridge: value.keyPath.length > 1 ? value.keyPath[0] : undefined }),
            confidence: 'certain',
          };
        if (option === 'bridge_psk')
          return {
            about: {
              ...aboutKind('pre-shared-key', null),
              rule: 'mosquitto-bridge-psk',
              vendor: VENDOR,
              title: 'Pre-shared key of a bridge',
            },
            confidence: 'certain',
          };
        return kind === 'password-hash' ? null : undefined;
      },
    }),
    ...anonymous(file),
  ],
};

/** Without a listener, version 2 listens on loopback only. */
const anonymous = (file: HomeFile): readonly Claim[] => {
  const leaves = file.reading().leaves.map((leaf) => valueOf(file.text, leaf));
  const open = leaves.find(({ keyPath, text }) => keyPath.at(-1) === 'allow_anonymous' && text === 'true');
  if (open === undefined) return [];
  const listeners = leaves.filter(({ keyPath }) => /^(?:listener|port)$/.test(keyPath.at(-1)!));
  const reachable = listeners.filter(({ text }) => !/\s(?:127\.|::1|localhost|\/)/.test(text));
  if (reachable.length === 0) return [];
  return [
    setting(
      {
        rule: 'mosquitto-anonymous',
        title: 'Broker that lets anybody in',
        vendor: VENDOR,
        tier: 'gold',
        opens: 'everything that devices say, and commands to them, to whoever is on the network',
        remedy:
          'allow_anonymous false and a password_file (or the dynamic security plugin), then restart; or bind the listener to 127.0.0.1.',
      },
      { start: open.start, end: open.end, written: `allow_anonymous true with listener ${reachable[0]!.text}` },
      { why: `allow_anonymous true, and a listener on ${reachable[0]!.text} that is not loopback` },
    ),
  ];
};
