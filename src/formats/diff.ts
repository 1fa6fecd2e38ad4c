import { type TextEdit, applyEdits, inOrder } from './edits.ts';

/** Unchanged lines shown around a change, as git does. */
const CONTEXT = 3;

export type DiffOptions = {
  /** For showing: what is replaced is printed as this text. Such a diff cannot be applied. */
  readonly mask?: string;
};

/**
 * The edits as a patch that `git apply` and `patch -p1` take. It holds the replaced text, and that is the secret: keep
 * the patch as private as the file, or give `mask` to show it.
 */
export const unifiedDiff = (
  path: string,
  text: string,
  edits: readonly TextEdit[],
  options: DiffOptions = {},
): string => {
  const groups = groupByLines(text, inOrder(edits, text.length));
  if (groups.length === 0) return '';
  const shown = (edit: TextEdit): TextEdit => ({ ...edit, replacement: options.mask ?? '' });
  const lines = splitLines(text);
  const changes = groups.map((group): Change => {
    const start = offsetOf(lines, group.first);
    const old = lines.slice(group.first, group.last);
    const local = group.edits.map((edit) => ({ ...edit, start: edit.start - start, end: edit.end - start }));
    const masked =
      options.mask === undefined
        ? old
        : splitLines(applyEdits(old.join(''), local.filter((edit) => edit.end > edit.start).map(shown)));
    return {
      first: group.first,
      count: old.length,
      removed: masked,
      added: splitLines(applyEdits(old.join(''), local)),
    };
  });
  return header(path) + hunks(lines, changes).join('');
};

/** A patch that creates a file. */
export const creationDiff = (path: string, text: string): string => {
  const lines = splitLines(text);
  const name = quotedPath(`b/${path}`);
  return `diff --git ${quotedPath(`a/${path}`)} ${name}\nnew file mode 100644\n--- /dev/null\n+++ ${name}\n@@ -0,0 +1,${lines.length} @@\n${lines.map((line) => printed('+', line)).join('')}`;
};

type Change = {
  readonly first: number;
  readonly count: number;
  readonly removed: readonly string[];
  readonly added: readonly string[];
};
type Group = { readonly first: number; readonly last: number; readonly edits: readonly TextEdit[] };

/** Edits whose lines touch are one change. */
const groupByLines = (text: string, edits: readonly TextEdit[]): readonly Group[] => {
  const groups: Group[] = [];
  const lines = splitLines(text);
  let line = 0;
  let offset = 0;
  const lineAt = (position: number): number => {
    while (line < lines.length && offset + lines[line]!.length <= position) offset += lines[line++]!.length;
    return line;
  };
  for (const edit of edits) {
    const first = Math.min(lineAt(edit.start), Math.max(0, lines.length - 1));
    let last = first + 1;
    // Not lineAt: the next edit may begin before this one's last line ends.
    for (let end = offset + (lines[first]?.length ?? 0); end < edit.end; end += lines[last++]!.length);
    const before = groups.at(-1);
    if (before !== undefined && before.last > first)
      groups[groups.length - 1] = {
        first: before.first,
        last: Math.max(last, before.last),
        edits: [...before.edits, edit],
      };
    else groups.push({ first, last: Math.min(last, lines.length), edits: [edit] });
  }
  return groups;
};

const hunks = (lines: readonly string[], changes: readonly Change[]): readonly string[] => {
  const out: string[] = [];
  let shift = 0;
  for (let i = 0; i < changes.length;) {
    let j = i + 1;
    while (j < changes.length && changes[j]!.first - (changes[j - 1]!.first + changes[j - 1]!.count) <= 2 * CONTEXT)
      j++;
    const group = changes.slice(i, j);
    const start = Math.max(0, group[0]!.first - CONTEXT);
    const end = Math.min(lines.length, group.at(-1)!.first + group.at(-1)!.count + CONTEXT);
    const delta = group.reduce((sum, change) => sum + change.added.length - change.count, 0);
    let body = '';
    let at = start;
    for (const change of group) {
      body += lines
        .slice(at, change.first)
        .map((line) => printed(' ', line))
        .join('');
      body +=
        change.removed.map((line) => printed('-', line)).join('') +
        change.added.map((line) => printed('+', line)).join('');
      at = change.first + change.count;
    }
    body += lines
      .slice(at, end)
      .map((line) => printed(' ', line))
      .join('');
    out.push(`@@ -${range(start, end - start)} +${range(start + shift, end - start + delta)} @@\n${body}`);
    shift += delta;
    i = j;
  }
  return out;
};

const range = (start: number, count: number): string => `${count === 0 ? start : start + 1},${count}`;

const printed = (sign: string, line: string): string =>
  line.endsWith('\n') ? sign + line : `${sign}${line}\n\\ No newline at end of file\n`;

const header = (path: string): string => {
  const [before, after] = [quotedPath(`a/${path}`), quotedPath(`b/${path}`)];
  // A tab ends a name that holds spaces, as git writes it.
  const tab = /\s/.test(path) && !before.startsWith('"') ? '\t' : '';
  return `diff --git ${before} ${after}\n--- ${before}${tab}\n+++ ${after}${tab}\n`;
};

/** Names with quotes, backslashes or control characters are written as C strings (git-diff, core.quotePath). */
const quotedPath = (path: string): string =>
  /["\\\0-\x1f\x7f]/.test(path)
    ? `"${path.replaceAll(/["\\]/g, '\\$&').replaceAll(/[\0-\x1f\x7f]/g, (char) => `\\${char.charCodeAt(0).toString(8).padStart(3, '0')}`)}"`
    : path;

const splitLines = (text: string): readonly string[] => (text === '' ? [] : text.match(/[^\n]*\n|[^\n]+$/g)!);

const offsetOf = (lines: readonly string[], index: number): number => {
  let offset = 0;
  for (let i = 0; i < index; i++) offset += lines[i]!.length;
  return offset;
};
