import { aboutKind } from '../about.ts';
import { type About, type Claim, type Family, claim, facts, openToOthers } from '../claim.ts';
import { textAt } from '../home-file.ts';

const VENDOR = 'openHAB';
const about = (rule: string, rest: Omit<About, 'rule' | 'vendor'>): About => ({ rule, vendor: VENDOR, ...rest });

const THING: About = {
  ...aboutKind('password', 'openhab'),
  rule: 'openhab-thing-credential',
  title: 'Credential of a thing in openHAB',
  vendor: VENDOR,
};
const SERVICE: About = { ...THING, rule: 'openhab-service-credential', title: 'Credential of a service in openHAB' };
const USER = about('openhab-password-hash', {
  title: 'Password hash of an openHAB user',
  kind: 'password-hash',
  opens: 'openHAB as that user, once the password is guessed offline',
  remedy: 'openhab:users changePassword USER NEW in the console.',
});
const TOKEN_HASH = about('openhab-token-hash', {
  title: 'Hash of an openHAB API token',
  kind: 'password-hash',
  opens: 'little by itself: tokens are long and drawn by chance',
  remedy: 'openhab:users removeApiToken USER NAME in the console.',
});
const OAUTH = about('openhab-oauth-token', {
  title: 'OAuth token kept by openHAB',
  kind: 'refresh-token',
  opens: 'the account that was linked to openHAB',
  remedy: 'Remove the link at the vendor, then authorise the binding again.',
});
const CLOUD = about('openhab-cloud-secret', {
  title: 'Secret of an openHAB Cloud link',
  kind: 'shared-secret',
  tier: 'gold',
  opens: 'stands in for this openHAB at myopenhab.org, with the uuid beside it',
  remedy: 'Delete userdata/openhabcloud/secret, restart, and enter the new one at https://myopenhab.org/account.',
});

/** Options of things and services that hold credentials; bindings call them freely, so by the end of the name. */
const SECRET_NAME =
  /(?:password|passwd|passphrase|secret|token|api_?key|apikey|accesskey|networkkey|network_key|security_networkkey|psk|pin|pincode|pwd|code)$/i;
const REFERENCE = /^(?:\$\{|\$\w|<|\{\{)/;

/**
 * Text files of openHAB (OH-01): `Thing … [ host="…", password="…" ]` in `conf/things`, `name=value` in `conf/services`,
 * JSONDB in `userdata/jsondb` (openhab-core: UserRegistryImpl, OAuthStoreHandlerImpl), the secret of the cloud add-on.
 */
export const openHab: Family = {
  id: 'openhab',
  reads: ({ base, folder, text }) =>
    /\.(?:things|items)$/.test(base) ||
    (base.endsWith('.cfg') && /\/(?:conf|openhab\d?)\/(?:.*\/)?services\/$/.test(folder)) ||
    (base === 'secret' && folder.endsWith('/openhabcloud/')) ||
    (folder.includes('/jsondb/') && base.endsWith('.json')) ||
    (text.startsWith('{') && /org\.openhab\.core\.(?:auth|storage)/.test(text)),
  find(file) {
    if (file.base === 'secret') return wholeFile(CLOUD, file.text, openToOthers(file));
    if (/\.(?:things|items)$/.test(file.base))
      return assignments(file.text, THING, /([\w-]{2,60})[ \t]*=[ \t]*"((?:[^"\\\r\n]|\\.){1,300})"/g);
    if (file.base.endsWith('.cfg'))
      return assignments(
        file.text,
        SERVICE,
        /^(?![#;])[ \t]*([\w.:-]{2,80})[ \t]*=[ \t]*(\S[^\r\n]{0,300}?)[ \t]*\r?$/gm,
      );
    return database(file);
  },
};

const wholeFile = (whole: About, text: string, also: ReturnType<typeof openToOthers>): readonly Claim[] => {
  const secret = text.trim();
  const start = text.indexOf(secret);
  return /^\S{8,200}$/.test(secret)
    ? [
        claim(
          whole,
          { keyPath: ['secret'], text: secret, start, end: start + secret.length },
          { why: 'the whole file is the secret', also },
        ),
      ]
    : [];
};

const assignments = (text: string, entry: About, pattern: RegExp): readonly Claim[] =>
  Array.from(text.matchAll(pattern), (match): Claim | null => {
    const [whole, name = '', value = ''] = match;
    if (!SECRET_NAME.test(name) || REFERENCE.test(value) || /^(?:true|false|\d{1,3})$/.test(value)) return null;
    const start = match.index + whole.lastIndexOf(value);
    return claim(
      entry,
      { keyPath: [name], text: value, start, end: start + value.length },
      {
        why: `stands as ${name}`,
        facts: facts({ thing: thingBefore(text, match.index) }),
        confidence: 'likely',
      },
    );
  }).filter((one) => one !== null);

/** `Thing mqtt:broker:main "…" [` before the option. */
const thingBefore = (text: string, at: number): string | undefined =>
  Array.from(text.slice(Math.max(0, at - 2000), at).matchAll(/\b(?:Thing|Bridge)[ \t]+([\w:-]{3,120})/g)).at(-1)?.[1];

const database = (file: Parameters<Family['find']>[0]): readonly Claim[] => {
  const values = file.json();
  return values.flatMap((value): readonly Claim[] => {
    const field = value.keyPath.at(-1)!;
    const at = (name: string) => textAt(values, ...value.keyPath.slice(0, -1), name);
    const isUser = value.keyPath.some((key) => /User$|users/i.test(key)) || file.base.includes('users');
    if (isUser && /(?:Salt|Scope)$/i.test(field)) return [{ start: value.start, end: value.end, plain: true }];
    if (isUser && field === 'passwordHash')
      return [
        claim(USER, value, {
          why: 'stands as the password hash of a user',
          facts: facts({ user: at('name') }),
          also: openToOthers(file),
        }),
      ];
    if (isUser && field === 'apiToken')
      return [
        claim(TOKEN_HASH, value, {
          why: 'stands as the hash of an API token',
          facts: facts({ token: at('name') }),
          confidence: 'note',
        }),
      ];
    if (/^(?:accessToken|refreshToken|clientSecret)$/.test(field) && value.text.length >= 8)
      return [claim(OAUTH, value, { why: `stands as ${field} in the store of OAuth`, also: openToOthers(file) })];
    if (
      SECRET_NAME.test(field) &&
      value.text.length >= 4 &&
      !REFERENCE.test(value.text) &&
      value.keyPath.includes('properties')
    )
      return [claim(THING, value, { why: `stands as ${field} of a thing`, confidence: 'likely' })];
    return [];
  });
};
