import { writeFileSync } from 'node:fs';
import { kindOf } from '#catalogue';
import type { Part, Rule } from '#scanner';
import { RULES, THEMES } from '../../src/scanner/rules/index.ts';
import { UUID } from '../../src/scanner/rules/parts.ts';

/**
 * `docs/rules.md`, made from the table of rules so that it cannot say anything else; a test compares.
 *
 *     node test/rules/document.ts
 */
export const rulesDocument = (): string =>
  [introduction(), ...Object.entries(THEMES).map(([theme, rules]) => section(theme, rules))].join('\n\n') + '\n';

const introduction = (): string => `# Rules

The ${RULES.length} kinds of tokens that a scan tells by their shape. Made from the tables in \`src/scanner/rules/\`; change those,
then run \`node scripts/build-rules.mjs\` and \`node test/rules/document.ts\`. Passwords in assignments, URLs, private keys, web
tokens and the files of smart homes are found by detectors, which this list does not hold.

A shape is what the vendor says or shows: fixed text in quotes, then how many letters of which alphabet. *Near* are words
that must stand shortly before a value without a mark of its own. The source is the vendor's page; *observed* means that it
shows the shape in code or examples without promising it, *reported* that the shape is known in the field and the page
was not found to show it. What is public by design is listed as a note and fails no build.`;

const section = (theme: string, rules: readonly Rule[]): string =>
  [
    `## ${theme}`,
    table(
      ['rule', 'what', 'opens', 'shape', 'ends when'],
      rules.map((rule) => [
        `\`${rule.id}\``,
        what(rule),
        escaped(rule.opens),
        shape(rule),
        `${escaped(rule.remedy)} ${source(rule)}`,
      ]),
    ),
  ].join('\n\n');

const what = (rule: Rule): string =>
  [
    escaped(rule.title),
    rule.publishable === true ? 'public by design' : `${rule.tier}, ${kindOf(rule.kind).title.toLowerCase()}`,
    rule.checksum === undefined ? '' : 'checksum',
  ]
    .filter(Boolean)
    .join('; ');

const shape = ({ lead, near, shape: parts }: Rule): string => {
  const own = partTexts(parts).replaceAll(partTexts(UUID), 'a UUID');
  const text = lead === undefined ? own : `${own}; behind ${partTexts(lead)}`;
  if (near === undefined) return text;
  // Spellings of one name differ in separators only.
  const names = new Set(near.words.map((word) => word.replaceAll(/[_-]/g, '')));
  const shown = near.words.filter((word) => names.delete(word.replaceAll(/[_-]/g, '')));
  return `${text}; near ${shown.slice(0, MOST_NAMES).map(code).join(', ')}${shown.length > MOST_NAMES ? ', …' : ''}`;
};

const MOST_NAMES = 3;

const partTexts = (parts: readonly Part[]): string => parts.map(partText).join(' ');

const partText = (part: Part): string => {
  if (typeof part === 'string') return code(part);
  if ('any' in part) return part.any.length > 6 ? 'one of some letters' : part.any.map(code).join(' or ');
  const count = part.min === part.max ? String(part.min) : `${part.min}–${part.max}`;
  const signs = part.also?.replaceAll('\r\n', '') ?? '';
  return `${count} ${part.of}${signs === '' ? '' : ` with ${code(signs)}`}`;
};

const source = ({ evidence, source: page }: Rule): string =>
  page.startsWith('https:')
    ? `[${evidence === 'documented' ? 'source' : evidence}](${page})`
    : `[source](${page.replace('docs/', '')})`;

const code = (text: string): string =>
  text.includes('`') ? `\`\` ${text} \`\`` : `\`${text.replaceAll('|', '\\|')}\``;

const escaped = (text: string): string => text.replaceAll('|', '\\|').replaceAll('<', '\\<');

const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');

if (import.meta.main) writeFileSync(new URL('../../docs/rules.md', import.meta.url), rulesDocument());
