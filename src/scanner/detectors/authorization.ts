import type { Detector } from '../detector.ts';
import { isPlaceholder } from '../filters/placeholders.ts';
import { isExpression, isReference } from '../filters/references.ts';
import { looksRandom } from '../filters/rarity.ts';
import { type Description, candidate } from './describe.ts';

const about = (rule: string, title: string, opens: string): Description => ({
  rule,
  title,
  vendor: 'HTTP',
  kind: rule === 'http-basic' ? 'password' : 'access-token',
  tier: 'silver',
  rotation: 'api',
  opens,
  remedy: 'Revoke it where it was issued, make a new one, and give it by a reference.',
});

const BEARER = about('http-bearer', 'Bearer token in a header', 'the interface it is sent to');
const BASIC = about('http-basic', 'User and password in a header', 'the interface it is sent to, as that user');

const TOKEN = /(?:bearer|token|basic)(?:[ \t]{1,4}|%20|\+)["']?([\w.~+/-]{8,4000}={0,2})(?![\w.~+/=({[$%-]|<(?!\/))/iy;

/** `Authorization: Bearer …` and `Basic …` (RFC 6750, RFC 7617), in headers, commands and source. */
export const authorization: Detector = {
  id: 'authorization',
  literals: ['bearer ', 'bearer%20', 'basic ', 'basic%20', 'authorization'],
  precision: 'generic',
  detect({ text, binary }, hit) {
    if (binary) return [];
    let at = hit.start;
    if (hit.literal === 'authorization') {
      const gap = /^["'\]`]{0,2}\s?(?:[:=,]|=>)\s?["'`]?(?=token[ \t])/i.exec(text.slice(hit.end, hit.end + 16));
      if (gap === null) return [];
      at = hit.end + gap[0].length;
    }
    TOKEN.lastIndex = at;
    const match = TOKEN.exec(text);
    if (match === null) return [];
    const token = match[1]!;
    const start = TOKEN.lastIndex - token.length;
    const span = { start, end: start + token.length };
    const header = text.slice(match.index, span.end);
    if (hit.literal.startsWith('basic')) return basic(token, span, header);
    if (token.length < 16 || isReference(token) || isExpression(token) || isPlaceholder(token) || !looksRandom(token))
      return [];
    return [
      candidate(BEARER, {
        ...span,
        why: 'stands behind Bearer and looks random',
        confidence: 'likely',
        name: 'Authorization',
        around: [header],
      }),
    ];
  },
};

const basic = (token: string, span: { readonly start: number; readonly end: number }, header: string) => {
  if (token.length < 12 || !/[A-Z]/.test(token)) return [];
  const text = Buffer.from(token, 'base64').toString('utf8');
  const parts = /^([\x21-\x7e]{0,100}):([\x20-\x7e]{3,200})$/.exec(text);
  if (parts === null) return [];
  const [, user = '', password = ''] = parts;
  if (isReference(password) || isPlaceholder(password) || /^(?:user|username|aladdin|test)$/i.test(user)) return [];
  return [
    candidate(BASIC, {
      ...span,
      value: password,
      why: 'decodes to a user and a password',
      confidence: 'likely',
      name: 'Authorization',
      around: [header, token, text],
    }),
  ];
};
