import { type Stats, lstatSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { makeFolder } from '#kernel/node';
import type { Verdicts } from '#scanner';
import { replaceFile } from '../write-file.ts';

/** Ids that are remembered at most: 40 MB in memory. A larger history is read again from there on. */
const MOST = 400_000;
/** So many ids of SHA-256, with their line ends, in bytes. */
const LARGEST = MOST * 65;
const PRIVATE = 0o600;

export type KeptVerdicts = Verdicts & {
  /** Writes what is new. A cache that cannot be written costs time and nothing else. */
  keep(): void;
};

/**
 * Which blobs held nothing, kept between scans under the digest of the rules: a second scan of a history reads only what
 * is new. Lies in the person's own cache (mode 0600), since whoever can write it can hide a leak from him. Lines of ids.
 */
export const openVerdicts = (
  environment: Readonly<Record<string, string | undefined>>,
  digest: string,
): KeptVerdicts => {
  const home = environment['XDG_CACHE_HOME'] || join(environment['HOME'] ?? homedir(), '.cache');
  const folder = join(home, 'chatelaine', 'clean-blobs');
  const file = join(folder, digest.replaceAll(/[^\w-]/g, '').slice(0, 64));
  const clean = readIds(file);
  const before = clean.size;
  return {
    digest,
    isClean: (id) => clean.has(id),
    addClean(id) {
      if (clean.size < MOST) clean.add(id);
    },
    keep() {
      if (clean.size === before) return;
      try {
        makeFolder(folder);
        replaceFile(file, `${[...clean].join('\n')}\n`, { mode: PRIVATE });
      } catch {
        // The next scan reads everything again.
      }
    },
  };
};

/** What is damaged, or what somebody else could have written, is no verdict. */
const readIds = (file: string): Set<string> => {
  try {
    const facts = lstatSync(file, { throwIfNoEntry: false });
    if (facts === undefined || !isOurs(facts) || facts.size > LARGEST) return new Set();
    const ids = readFileSync(file, 'latin1').split('\n').slice(0, MOST);
    return new Set(ids.filter((id) => /^(?:[\da-f]{40}|[\da-f]{64})$/.test(id)));
  } catch {
    return new Set();
  }
};

const isOurs = (facts: Stats): boolean =>
  facts.isFile() && (facts.mode & 0o022) === 0 && facts.uid === (process.getuid?.() ?? facts.uid);
