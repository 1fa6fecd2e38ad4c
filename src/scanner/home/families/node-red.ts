import { aboutKind } from '../about.ts';
import { type About, type Claim, type Family, claim, facts, setting } from '../claim.ts';
import { type HomeFile, type Value, textAt } from '../home-file.ts';
import { judged } from '../judged.ts';

const VENDOR = 'Node-RED';

const SECRET: About = {
  ...aboutKind('credential-secret', 'node-red'),
  rule: 'node-red-credential-secret',
  vendor: VENDOR,
};
const MADE_SECRET: About = {
  ...SECRET,
  rule: 'node-red-generated-secret',
  title: 'Credential secret that Node-RED made itself',
};
const CREDENTIAL: About = {
  rule: 'node-red-credentials',
  title: 'Credential of a Node-RED node, in clear',
  vendor: VENDOR,
  kind: 'password',
  opens: 'what that node signs in to',
  remedy:
    'Set credentialSecret in settings.js and deploy once: Node-RED then encrypts the file; change this credential at its system.',
};
const ENCRYPTED: About = {
  rule: 'node-red-encrypted-credentials',
  title: 'Credentials of Node-RED, encrypted',
  vendor: VENDOR,
  kind: 'unknown-secret',
  opens: 'every login of every node, for whoever has credentialSecret',
  remedy:
    'Keep it apart from settings.js and .config.runtime.json; it has no authentication code (AES-256-CTR), so record a hash of it.',
};
const SESSION: About = {
  rule: 'node-red-session',
  title: 'Session token of the Node-RED editor',
  vendor: VENDOR,
  kind: 'access-token',
  tier: 'gold',
  opens: 'the editor: every flow, and programs on that machine',
  remedy:
    'POST /auth/revoke with the token in the form field token, URL-encoded; it answers 200 whatever happened, so try GET /flows with it and expect 401.',
};
const ADMIN: About = {
  rule: 'node-red-admin-hash',
  title: 'Password hash of a Node-RED user',
  vendor: VENDOR,
  kind: 'bcrypt-hash',
  opens: 'the editor, and with it programs on that machine, once the password is guessed',
  remedy: 'node-red admin hash-pw, put the new hash into settings.js, restart.',
};

/** `flows_cred.json`: `{"$": iv and ciphertext}` is encrypted; every other form is clear (NR-01). */
export const nodeRedCredentials: Family = {
  id: 'node-red-credentials',
  reads: ({ base }) => /^flows.*_cred\.json(?:\.backup)?$/.test(base) || /^\.flows.*_cred\.json\.backup$/.test(base),
  find(file) {
    const values = file.json();
    const sealed = values.find(({ keyPath }) => keyPath.join() === '$');
    if (sealed !== undefined)
      return [
        claim(ENCRYPTED, sealed, {
          why: 'IV and AES-256-CTR under the credential secret',
          confidence: 'note',
          facts: { encrypted: 'yes' },
        }),
      ];
    return values
      .filter(({ keyPath, text }) => keyPath.length >= 2 && !isUser(keyPath.at(-1)!) && text.length > 0)
      .map((value) =>
        claim(CREDENTIAL, value, {
          why: 'every value of this file is a credential of a node',
          facts: facts({ node: value.keyPath[0], user: textAt(values, value.keyPath[0]!, 'user') }),
          also: [{ code: 'not-encrypted', why: 'Node-RED would encrypt this file, were credentialSecret set' }],
        }),
      );
  },
};

const isUser = (name: string): boolean =>
  /^(?:user|username|userid|clientid|email|mail|cert|ca|host|server|certname|caname)$/i.test(name);

/** `settings.js` (NR-02). */
export const nodeRedSettings: Family = {
  id: 'node-red-settings',
  reads: ({ base, text }) => /^settings.*\.(?:c?js|mjs)$/.test(base) && /credentialSecret|adminAuth/.test(text),
  find(file) {
    const claims = judged(file, {
      system: 'node-red',
      refine(value, kind) {
        const path = value.keyPath.join('.');
        if (path.endsWith('credentialSecret')) return { about: SECRET, confidence: 'certain' };
        if (kind === 'bcrypt-hash') return { about: ADMIN, confidence: 'certain' };
        return undefined;
      },
    });
    return [...claims, ...withoutSecret(file)];
  },
};

const withoutSecret = ({ text }: HomeFile): readonly Claim[] => {
  const match = /^[ \t]*credentialSecret[ \t]*:[ \t]*false/m.exec(text);
  if (match === null) return [];
  return [
    setting(
      {
        rule: 'node-red-no-encryption',
        title: 'Node-RED keeps credentials in clear',
        vendor: VENDOR,
        tier: 'silver',
        opens: 'every login of every node, for whoever reads flows_cred.json',
        remedy: 'Set credentialSecret to process.env.…, restart and deploy once.',
      },
      { start: match.index, end: match.index + match[0].length, written: match[0].trim() },
      { why: 'credentialSecret is false' },
    ),
  ];
};

/** `.config.runtime.json` and the older `.config.json` hold the secret that Node-RED makes when nobody sets one. */
export const nodeRedRuntime: Family = {
  id: 'node-red-runtime',
  reads: ({ base, text }) => /^\.config(?:\.\w+)?\.json(?:\.backup)?$/.test(base) && text.includes('_credentialSecret'),
  find: (file) =>
    file
      .json()
      .filter(({ keyPath }) => keyPath.at(-1) === '_credentialSecret')
      .map((value) => claim(MADE_SECRET, value, { why: 'stands as _credentialSecret' })),
};

/** `.sessions.json`: tokens in clear with user, scope and end (NR-03). */
export const nodeRedSessions: Family = {
  id: 'node-red-sessions',
  reads: ({ base, text }) => base === '.sessions.json' && /accessToken/.test(text),
  find(file) {
    const values = file.json();
    return values
      .filter(({ keyPath }) => keyPath.at(-1) === 'accessToken')
      .map((value: Value) => {
        const at = (name: string) => textAt(values, ...value.keyPath.slice(0, -1), name);
        const end = Number(at('expires'));
        return claim(SESSION, value, {
          why: 'stands as the access token of a session',
          facts: facts({
            user: at('user'),
            scope: at('scope'),
            ends: Number.isFinite(end) && end > 0 && end < 1e14 ? new Date(end).toISOString().slice(0, 10) : undefined,
          }),
        });
      });
  },
};
