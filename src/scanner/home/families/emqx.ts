import { type About, type Claim, type Family, claim, facts } from '../claim.ts';

const VENDOR = 'EMQX';

const API_KEY: About = {
  rule: 'emqx-api-secret',
  title: 'EMQX API secret',
  vendor: VENDOR,
  kind: 'api-key',
  tier: 'gold',
  opens: 'the broker’s whole management interface: users, rules, clients',
  remedy:
    'Make another key (POST /api/v5/api_key), then DELETE /api/v5/api_key/NAME; take the line out of the bootstrap file.',
};
const DASHBOARD: About = {
  rule: 'emqx-dashboard-password',
  title: 'Password of EMQX’s dashboard',
  vendor: VENDOR,
  kind: 'password',
  tier: 'gold',
  opens: 'the broker’s dashboard, as administrator',
  remedy: 'emqx ctl admins passwd USER NEW, and take it out of the file.',
};
const COOKIE: About = {
  rule: 'emqx-node-cookie',
  title: 'Erlang cookie of an EMQX node',
  vendor: VENDOR,
  kind: 'shared-secret',
  tier: 'gold',
  opens: 'programs of its own on every node of the cluster, for whoever reaches its distribution port',
  remedy: 'Set another node.cookie on all nodes and restart them together.',
};

/** `name = value` and `name { … }` of HOCON, as deep as these settings stand; comments are left out. */
const LINE = /^[ \t]*([\w.]{1,80})[ \t]*[=:][ \t]*"?([^"\s#{}]{1,200})"?[ \t]*(?:#.*)?\r?$/gm;

/** Defaults of the documentation (docs.emqx.com, dashboard, node). */
const PUBLISHED: Readonly<Record<string, string>> = {
  public: 'the default of the dashboard',
  emqxsecretcookie: 'the default cookie of EMQX',
};

/** `emqx.conf`, `EMQX_…` variables and the bootstrap file of API keys: `key:secret[:role]` (docs.emqx.com). */
export const emqx: Family = {
  id: 'emqx',
  reads: ({ base, folder, text }) =>
    /emqx/.test(base + folder) && /\.(?:conf|hocon|env|txt)$|api_?key|bootstrap/.test(base) && !text.includes('\0'),
  find(file) {
    const claims: Claim[] = [];
    if (/api_?key|bootstrap/.test(file.base)) {
      for (const match of file.text.matchAll(/^([\w.-]{3,100}):([\w+/=-]{16,200})(?::\w+)?\r?$/gm)) {
        const start = match.index + match[1]!.length + 1;
        claims.push(
          claim(
            API_KEY,
            { keyPath: [match[1]!], text: match[2]!, start, end: start + match[2]!.length },
            {
              why: 'a line of a bootstrap file of API keys',
              facts: facts({ key: match[1] }),
            },
          ),
        );
      }
    }
    for (const match of file.text.matchAll(LINE)) {
      const [line, name = '', text = ''] = match;
      const about = /(?:^|\.)(?:default_password)$|DASHBOARD__DEFAULT_PASSWORD$/.test(name)
        ? DASHBOARD
        : /^(?:node\.)?cookie$|NODE__COOKIE$/.test(name)
          ? COOKIE
          : null;
      if (about === null || text.startsWith('$')) continue;
      const start = match.index + line.indexOf(text, line.indexOf(name) + name.length);
      claims.push(
        claim(
          about,
          { keyPath: name.split('.'), text, start, end: start + text.length },
          {
            why: `stands as ${name}`,
            also: Object.hasOwn(PUBLISHED, text) ? [{ code: 'published-default', why: PUBLISHED[text]! }] : [],
          },
        ),
      );
    }
    return claims;
  },
};
