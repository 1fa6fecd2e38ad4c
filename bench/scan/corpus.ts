import { copyFileSync, existsSync, mkdirSync, readdirSync, statSync } from 'node:fs';
import { dirname, extname, join, relative } from 'node:path';

/** Where installed packages' sources lie, as far as this machine has them. */
const PLACES = ['node_modules', '/usr/lib/python3', '/usr/local/go/src', '/usr/lib/go/src', '/usr/share/doc'];
/** Text as people write it; what is compiled or pressed together tells nothing about sources. */
const TEXT = /^\.(?:[cm]?[jt]sx?|json|md|py|go|c|h|cc|hpp|rs|ya?ml|toml|ini|html|css|txt|s|sh|map|mod|sum)$/;

export type Corpus = {
  readonly folder: string;
  readonly files: number;
  readonly bytes: number;
  readonly from: readonly string[];
};

/** Copies installed sources to a folder until there are so many bytes. */
export const assembleCorpus = (root: string, folder: string, least: number): Corpus => {
  let files = 0;
  let bytes = 0;
  const from: string[] = [];
  for (const place of PLACES) {
    const at = place.startsWith('/') ? place : join(root, place);
    if (!existsSync(at) || bytes >= least) continue;
    from.push(place);
    for (const file of walk(at)) {
      if (!TEXT.test(extname(file))) continue;
      const { size } = statSync(file);
      if (size === 0 || size > 8_000_000) continue;
      const to = join(folder, String(from.length), relative(at, file));
      mkdirSync(dirname(to), { recursive: true });
      copyFileSync(file, to);
      files++;
      bytes += size;
    }
  }
  return { folder, files, bytes, from };
};

export const walk = function* (folder: string): Generator<string> {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) yield* walk(path);
    else if (entry.isFile()) yield path;
  }
};
