import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { systemClock } from '#kernel/node';
import { type Discovery, type ScanReport, type Source, scan } from '#scanner';

/** A whole scan with everything that comes with the program. */
export const scanned = (source: Source): Promise<ScanReport> => scan(source, { clock: systemClock });

/** One credential a paragraph, as a reviewer reads it: what it is, where, what is also wrong. Never a value. */
export const paragraphOf = ({ confidence, tier, rule, title, occurrences, also, facts }: Discovery): string =>
  [
    `${confidence} ${tier} ${rule}: ${title}`,
    ...occurrences.map(({ path, line, name }) => `  ${path}:${line ?? '?'}${name === null ? '' : ` ${name}`}`),
    ...Object.entries(facts).map(([name, fact]) => `  - ${name}: ${fact}`),
    // How others may read a file depends on who checked it out.
    ...also.flatMap(({ code }) => (code === 'readable-by-others' ? [] : [`  ! ${code}`])),
  ].join('\n');

/** Files of a folder, named as somebody names them who stands in it. */
export const folderSource = (root: string, paths: readonly string[]): Source =>
  async function* () {
    for (const path of paths) {
      const file = join(root, path);
      yield { type: 'unit', unit: { path, origin: { type: 'file' }, size: null, content: { type: 'path', file } } };
    }
  };

/** Every file below a folder, with `/`, sorted. */
export const filesBelow = (root: string): readonly string[] =>
  readdirSync(root, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(root, join(entry.parentPath, entry.name)).replaceAll('\\', '/'))
    .toSorted();

const isUpdate = process.env['CHATELAINE_UPDATE_DOCS'] === '1';

/** The golden text; written anew when CHATELAINE_UPDATE_DOCS=1, to be read by a person before it is kept. */
export const golden = (name: string, text: string): string => {
  const file = fileURLToPath(new URL(name, import.meta.url));
  if (isUpdate) writeFileSync(file, text);
  return readFileSync(file, 'utf8');
};
