import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const ROOT = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

export const readText = (path: string): string => readFileSync(join(ROOT, path), 'utf8');

export const isThere = (path: string): boolean => existsSync(join(ROOT, path));

/** Paths of files from the root, with `/`, sorted. */
export const filesLike = (...patterns: readonly string[]): string[] =>
  globSync(patterns, { cwd: ROOT, exclude: ['node_modules/**'] })
    .map((path) => path.replaceAll('\\', '/'))
    .toSorted();

/** A page's sections of one level: heading and text. What stands before the first heading is left out. */
export const sectionsOf = (page: string, level: 2 | 3): { readonly title: string; readonly text: string }[] => {
  const mark = `${'#'.repeat(level)} `;
  return `\n${page}`
    .split(`\n${mark}`)
    .slice(1)
    .map((section) => {
      const end = section.indexOf('\n');
      return { title: section.slice(0, end).trim(), text: section.slice(end + 1) };
    });
};

/** The cells of each table row of a page, without the heads. */
export const tableRows = (page: string): string[][] =>
  page
    .split('\n')
    .filter((line, i, lines) => line.startsWith('| ') && !isRule(line) && !isRule(lines[i + 1] ?? ''))
    .map((line) => line.slice(2, line.lastIndexOf(' |')).split(' | '));

const isRule = (line: string): boolean => /^\| ?-{3}/.test(line);
