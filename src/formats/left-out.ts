import type { Slot, Template } from './template.ts';

/** A line up to its value, in files that hold one named value a line. */
const ENTRY =
  /(?:^|\n)(?:[A-Za-z_][\w.-]*:[ \t]*|(?:export[ \t]+)?[A-Za-z_]\w*[ \t]*=[ \t]*|#define[ \t]+[A-Za-z_]\w*[ \t]+)$/;
const REST_OF_LINE = /^[ \t]*(?:#[^\n]*|\/\/[^\n]*)?(?:\r?\n|$)/;

/**
 * The template without the entries of these credentials, each a whole line. Where one stands in another way, as inside
 * an address, it is left for `render` to miss.
 */
export const withoutEntries = (template: Template, credentials: ReadonlySet<string>): Template => {
  const parts = [...template.parts];
  const lineStarts = new Set([0]);
  for (const [at, part] of template.parts.entries()) {
    if (typeof part === 'string' || !isEntryOf(part, credentials)) continue;
    const [before = '', after = ''] = [parts[at - 1], parts[at + 1]].map((one) => (typeof one === 'string' ? one : ''));
    const entry = ENTRY.exec(before);
    const rest = REST_OF_LINE.exec(after);
    if (entry === null || rest === null || (!entry[0].startsWith('\n') && !lineStarts.has(at - 1))) continue;
    const start = entry.index + (entry[0].startsWith('\n') ? 1 : 0);
    parts[at - 1] = before.slice(0, start);
    parts[at] = '';
    lineStarts.add(at + 1);
    if (at + 1 < parts.length) parts[at + 1] = after.slice(rest[0].length);
  }
  return { ...template, parts };
};

const isEntryOf = ({ pieces }: Slot, credentials: ReadonlySet<string>): boolean => {
  const [piece] = pieces;
  return pieces.length === 1 && piece !== undefined && 'credential' in piece && credentials.has(piece.credential);
};
