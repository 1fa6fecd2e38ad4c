import type { Candidate, Detector } from '../detector.ts';
import { nameBefore } from '../filters/judge-token.ts';
import { type Description, candidate } from './describe.ts';

const REMEDY =
  'End the session or revoke the token where it was issued; where that is impossible, change the key that signs.';

const description = (
  rule: string,
  title: string,
  vendor: string,
  rest: Partial<Pick<Description, 'kind' | 'tier' | 'remedy' | 'rotation'>> & { readonly opens: string },
): Description => ({
  rule,
  title,
  vendor,
  kind: 'access-token',
  tier: 'silver',
  rotation: 'api',
  remedy: REMEDY,
  ...rest,
});

const HA = description('home-assistant-long-lived-token', 'Home Assistant long-lived access token', 'Home Assistant', {
  kind: 'ha-long-lived-token',
  tier: 'gold',
  opens: 'the whole home, as the person who made it',
  remedy:
    'In Home Assistant open your profile, Security, Long-lived access tokens; make a new one, put it where this one is used, then delete this one.',
});
const HA_SHORT = description('home-assistant-access-token', 'Home Assistant access token', 'Home Assistant', {
  tier: 'bronze',
  opens: 'the whole home, for half an hour',
  remedy:
    'It ends by itself; remove the session in your profile under Security, and look for the refresh token beside it.',
});
const SUPABASE_SERVICE = description('supabase-service-role-key', 'Supabase service role key', 'Supabase', {
  kind: 'api-key',
  tier: 'gold',
  opens: 'the whole database, past row level security',
  remedy:
    'In the Supabase dashboard open Project settings, API keys; move to new secret keys and disable the legacy ones.',
});
const SUPABASE_ANON = description('supabase-anon-key', 'Supabase anonymous key', 'Supabase', {
  kind: 'api-key',
  tier: 'bronze',
  opens: 'what row level security leaves open to everybody; made to be public',
});
const FIREBASE = description('firebase-token', 'Firebase identity token', 'Google Firebase', {
  opens: 'one user’s session, for an hour',
});
const CLOUDFLARE = description('cloudflare-tunnel-token', 'Cloudflare tunnel token', 'Cloudflare', {
  kind: 'tunnel-token',
  tier: 'gold',
  opens: 'running the tunnel, and so what is behind it',
  remedy:
    'In the Cloudflare dashboard open Zero Trust, Networks, Tunnels; refresh the token, then restart cloudflared with it.',
});
const KUBERNETES = description('kubernetes-service-account-token', 'Kubernetes service account token', 'Kubernetes', {
  tier: 'gold',
  opens: 'the cluster, with the rights of that service account',
  remedy: 'Delete the Secret that holds it, or the service account; use bound tokens that end.',
});
const GENERIC = description('json-web-token', 'JSON web token', 'JWT', { opens: 'what its issuer lets its holder do' });

/** Longest token read, in bytes. */
const TOKEN = /(?<![\w-])eyJ[\w-]{8,4000}\.eyJ[\w-]{8,12000}\.([\w-]{16,1400})?(?![\w-])/y;
const TUNNEL = /(?<![\w-])eyJhIjoi[\w+/-]{60,400}={0,2}(?![\w+/=.-])/y;

/** JSON web tokens (RFC 7519), named by their claims; nothing is verified, we look and do not trust. */
export const webTokens: Detector = {
  id: 'web-tokens',
  literals: ['eyj'],
  precision: 'format',
  detect({ text }, hit) {
    TUNNEL.lastIndex = hit.start;
    if (TUNNEL.test(text)) return tunnel(text.slice(hit.start, TUNNEL.lastIndex), hit.start);
    TOKEN.lastIndex = hit.start;
    const match = TOKEN.exec(text);
    if (match === null) return [];
    const [header, payload] = match[0].split('.', 2).map(readPart);
    if (header === null || payload === null || header === undefined || payload === undefined) return [];
    if (typeof header['alg'] !== 'string') return [];
    const unsigned = match[1] === undefined || header['alg'] === 'none';
    const place = { start: hit.start, end: TOKEN.lastIndex, name: nameBefore(text, hit.start) };
    return [named(header, payload, place, unsigned)];
  },
};

type Claims = Readonly<Record<string, unknown>>;

const readPart = (part: string): Claims | null => {
  try {
    const value: unknown = JSON.parse(Buffer.from(part, 'base64url').toString('utf8'));
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Claims) : null;
  } catch {
    return null;
  }
};

const DAY = 86_400;
/** In days. */
const YEAR = 366;
/** Longest life of an ordinary access token of Home Assistant, in seconds (homeassistant/auth/const.py). */
const ACCESS_TOKEN_LIFE = 1_800;

const named = (
  header: Claims,
  claims: Claims,
  span: Pick<Candidate, 'start' | 'end' | 'name'>,
  unsigned: boolean,
): Candidate => {
  const { iss, iat, exp, role, sub } = claims;
  const facts: Record<string, string> = { algorithm: String(header['alg']).slice(0, 20) };
  if (typeof exp === 'number' && exp > 0 && exp < 1e11) facts['ends'] = new Date(exp * 1000).toISOString().slice(0, 10);
  const likely = (description: Description, why: string): Candidate =>
    candidate(description, { ...span, why, confidence: unsigned ? 'note' : 'likely', facts });
  const certain = (description: Description, why: string, more: Readonly<Record<string, string>> = {}): Candidate =>
    candidate(description, { ...span, why, confidence: 'certain', facts: { ...facts, ...more } });

  if (
    header['alg'] === 'HS256' &&
    Object.keys(claims).toSorted().join() === 'exp,iat,iss' &&
    typeof iss === 'string' &&
    /^[\da-f]{32}$/.test(iss) &&
    typeof iat === 'number' &&
    typeof exp === 'number'
  ) {
    if (exp - iat <= ACCESS_TOKEN_LIFE)
      return candidate(HA_SHORT, {
        ...span,
        why: 'claims as Home Assistant writes them, half an hour',
        confidence: 'note',
        facts,
      });
    const days = Math.round((exp - iat) / DAY);
    const lives = days >= 730 ? `${Math.round(days / 365)} years` : `${days} days`;
    return {
      ...certain(HA, 'HS256 with exactly iss (32 hex digits), iat and exp', { 'refresh token id': iss, lives }),
      remedy: `${HA.remedy} Or send {"type":"auth/delete_refresh_token","refresh_token_id":"${iss}"} on the WebSocket API as its user: it ends at once.`,
      also:
        days > YEAR
          ? [{ code: 'long-life', why: `it lives ${lives}, and Home Assistant does not record its use` }]
          : [],
    };
  }
  if (iss === 'supabase' || (typeof iss === 'string' && iss === 'supabase-demo')) {
    if (iss === 'supabase-demo')
      return candidate(SUPABASE_ANON, { ...span, why: 'the published demo key', confidence: 'note', facts });
    if (role === 'service_role') return certain(SUPABASE_SERVICE, 'issued by Supabase for the service role');
    return candidate(SUPABASE_ANON, {
      ...span,
      why: 'issued by Supabase for the anonymous role',
      confidence: 'note',
      facts,
    });
  }
  if (typeof iss === 'string' && iss.startsWith('https://securetoken.google.com/'))
    return likely(FIREBASE, 'issued by securetoken.google.com');
  if (iss === 'kubernetes/serviceaccount' || (typeof sub === 'string' && sub.startsWith('system:serviceaccount:')))
    return likely(KUBERNETES, 'names a Kubernetes service account');
  // jwt.io's and the standard's own examples.
  if (claims['name'] === 'John Doe' || iss === 'joe' || sub === '1234567890')
    return candidate(GENERIC, { ...span, why: 'the example of the standard', confidence: 'note', facts });
  return likely(GENERIC, 'decodes to a header and claims');
};

/** `{"a": account, "t": tunnel id, "s": secret}` in base64 (cloudflared, connection.TunnelToken). */
const tunnel = (text: string, start: number): readonly Candidate[] => {
  const claims = readPart(text);
  if (claims === null || typeof claims['t'] !== 'string' || typeof claims['s'] !== 'string') return [];
  return [
    candidate(CLOUDFLARE, {
      start,
      end: start + text.length,
      why: 'decodes to an account, a tunnel and its secret',
      confidence: 'certain',
      facts: { tunnel: claims['t'].slice(0, 40) },
    }),
  ];
};
