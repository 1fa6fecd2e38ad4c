// What decides a verdict besides the rules: every file that the engine imports, down to the last, and the kernel.
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type StaticImport, parseSync } from 'oxc-parser';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
/** Where bytes become findings. */
const ENTRIES = ['src/scanner/scan-content.ts', 'src/scanner/open-plan.ts', 'src/scanner/group.ts'];
/** The rules have a digest of their own, which knows what of them matters; the kernel's words decide nothing. */
const APART = ['src/scanner/rules/', 'src/kernel/'];
const KERNEL = 'src/scanner/matcher/kernel.wasm';

const { imports } = JSON.parse(readFileSync(`${ROOT}package.json`, 'utf8')) as { imports: Record<string, string> };
const doors = new Map(Object.entries(imports).map(([door, file]) => [door, file.slice(2)]));

/** Files of the project that a file needs when it runs; types need nothing. */
const neededBy = (path: string): readonly string[] => {
  const text = readFileSync(ROOT + path, 'utf8');
  const { dynamicImports, staticExports, staticImports } = parseSync(path, text).module;
  const isValue = ({ entries }: StaticImport): boolean => entries.length === 0 || entries.some(({ isType }) => !isType);
  const specifiers = [
    ...staticImports.filter(isValue).map(({ moduleRequest }) => moduleRequest.value),
    ...staticExports
      .flatMap(({ entries }) => entries)
      .flatMap(({ isType, moduleRequest }) => (moduleRequest === null || isType ? [] : [moduleRequest.value])),
    ...dynamicImports.map(({ moduleRequest }) => text.slice(moduleRequest.start + 1, moduleRequest.end - 1)),
  ];
  return specifiers.flatMap((specifier) => {
    const door = doors.get(specifier);
    if (door !== undefined) return [door];
    if (!specifier.startsWith('.')) return [];
    const target = relative(ROOT, fileURLToPath(new URL(specifier, `file://${ROOT}${dirname(path)}/`)));
    return existsSync(ROOT + target) ? [target.replaceAll('\\', '/')] : [];
  });
};

/** In order of their names. */
export const engineFiles = (): readonly string[] => {
  const files = new Set<string>();
  const visit = (path: string): void => {
    if (files.has(path) || APART.some((folder) => path.startsWith(folder))) return;
    files.add(path);
    neededBy(path).forEach(visit);
  };
  ENTRIES.forEach(visit);
  return [...files, KERNEL].toSorted();
};

/** Sixteen hexadecimal digits that change with any of these files. */
export const engineDigest = (): string => {
  const hash = createHash('sha256');
  for (const file of engineFiles()) {
    const bytes = readFileSync(ROOT + file);
    hash.update(`${file}\0${bytes.length}\0`).update(bytes);
  }
  return hash.digest('hex').slice(0, 16);
};
