import {
  type FileEdit,
  type RewritePlan,
  type SourceFile,
  type Survey,
  applyFileEdit,
  creationDiff,
  planRewrite,
  unifiedDiff,
} from '#formats';
import { utf8, utf8Text } from '#kernel';
import type { FolderReading } from './folder.ts';

export type RewrittenFile = {
  readonly path: string;
  readonly before: SourceFile | null;
  readonly after: Uint8Array;
  readonly edit: FileEdit | null;
};

export type Rewrite = {
  readonly plan: RewritePlan;
  /** Files whose values become references, and `.gitignore` last. No secret in any `after`. */
  readonly files: readonly RewrittenFile[];
};

const IGNORE = '.gitignore';

/** What a rewrite would do to the files as they were read; nothing is written here. */
export const prepareRewrite = (survey: Survey, folder: FolderReading): Rewrite => {
  const plan = planRewrite(survey);
  const sources = new Map(folder.files.map((file) => [file.path, file]));
  const files = plan.edits.map((edit): RewrittenFile => {
    const before = sources.get(edit.path)!;
    return { path: edit.path, before, after: applyFileEdit(before, edit).bytes, edit };
  });
  return { plan, files };
};

/** `.gitignore` with the lines that are not in it yet; null when it has them all. `existing` null when there is none. */
export const ignoreFile = (lines: readonly string[], existing: Uint8Array | null): RewrittenFile | null => {
  const text = existing === null ? '' : utf8Text(existing);
  const known = new Set(text.split(/\r?\n/).map((line) => line.trim()));
  const missing = lines.filter((line) => !known.has(line) && !known.has(line.slice(1)));
  if (missing.length === 0) return null;
  const addition = `${text === '' || text.endsWith('\n') ? '' : '\n'}# Files that hold values, written by chatelaine render\n${missing.join('\n')}\n`;
  return {
    path: IGNORE,
    before: existing === null ? null : { path: IGNORE, bytes: existing },
    after: utf8(text + addition),
    edit: null,
  };
};

/** A patch that `git apply` and `patch -p1` take. Its removed lines hold the values: as private as the files. */
export const patchOf = (files: readonly RewrittenFile[], prefix: string): string =>
  files
    .map(({ path, before, after, edit }) => {
      if (before === null) return creationDiff(prefix + path, utf8Text(after));
      const text = utf8Text(before.bytes);
      return unifiedDiff(
        prefix + path,
        text,
        edit?.edits ?? [{ start: text.length, end: text.length, replacement: utf8Text(after).slice(text.length) }],
      );
    })
    .join('');

/** The same for eyes: what is removed is masked. */
export const shownDiff = (files: readonly RewrittenFile[]): string =>
  files
    .flatMap(({ path, before, edit }) =>
      edit === null || before === null
        ? []
        : [unifiedDiff(path, utf8Text(before.bytes), edit.edits, { mask: '••••••' })],
    )
    .join('');
