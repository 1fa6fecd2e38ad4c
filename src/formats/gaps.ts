import { classifyLeaf } from '#catalogue';
import type { Consumer, FoundCredential, Uses } from './found.ts';
import type { Occurrence } from './occurrence.ts';
import type { FileReading, Leaf, Reference, SyntaxId } from './reading.ts';
import type { Resolver } from './resolve.ts';

/** A name that is asked for and has no value in the folder. */
export type MissingName = {
  readonly name: string;
  readonly syntax: SyntaxId;
  /** `nowhere`: the program that asks will fail or has failed; else it is held outside of the folder. */
  readonly held: 'nowhere' | 'environment' | 'github' | 'deployment';
  /** The file where it belongs; null when it belongs to none. */
  readonly belongsIn: string | null;
  readonly consumers: readonly Consumer[];
};

/** A named value that nobody asks for. */
export type Orphan = {
  readonly name: string;
  readonly file: string;
  readonly line: number;
  readonly credential: string | null;
};

export const findMissing = (readings: readonly FileReading[], resolver: Resolver): readonly MissingName[] => {
  const missing = new Map<string, { reference: Reference; belongsIn: string | null; consumers: Consumer[] }>();
  const existing = new Set(readings.map((reading) => reading.path));
  for (const reading of readings)
    for (const reference of reading.references) {
      if (!isExpected(reference) || resolver.resolve(reference) !== null) continue;
      const belongsIn =
        reference.elsewhere === null
          ? (reference.resolvesIn.find((path) => existing.has(path)) ?? reference.resolvesIn.at(-1) ?? null)
          : null;
      const key = `${reference.elsewhere ?? belongsIn ?? ''} ${reference.name}`;
      const entry = missing.get(key) ?? { reference, belongsIn, consumers: [] };
      const { file, line, keyPath, syntax, name } = reference;
      entry.consumers.push({ file, line, keyPath, system: reading.system, by: syntax, name });
      missing.set(key, entry);
    }
  return [...missing.values()].map(({ reference, belongsIn, consumers }) => ({
    name: reference.name,
    syntax: reference.syntax,
    held: reference.elsewhere ?? 'nowhere',
    belongsIn,
    consumers,
  }));
};

/** A variable may be anything; only one whose name says secret is missed. GitHub gives every workflow its GITHUB_TOKEN. */
const isExpected = (reference: Reference): boolean => {
  if (reference.fallback !== null || reference.syntax === 'c-macro' || reference.syntax === 'substitution')
    return false;
  if (reference.elsewhere === 'environment')
    return classifyLeaf({ system: null, file: '', keyPath: [reference.name] }, 'Zq7Lk2Wd9XcV4bNm').secret;
  return reference.name !== 'GITHUB_TOKEN';
};

/**
 * Entries of secrets files without a consumer. Of variables and `#define`s only in files that somebody is seen to read:
 * who reads a lone `.env` cannot be known from the folder.
 */
export const findOrphans = (
  readings: readonly FileReading[],
  resolver: Resolver,
  occurrences: readonly Occurrence[],
  credentials: ReadonlyMap<string, FoundCredential>,
  uses: Uses,
): readonly Orphan[] => {
  const secretOf = new Map<Leaf, string>(
    occurrences.flatMap((one) =>
      one.keys[0] === undefined ? [] : [[one.leaf, credentials.get(one.keys[0])!.name] as const],
    ),
  );
  return readings.flatMap((reading) => {
    if (reading.format === null || !HOLDERS.has(reading.format)) return [];
    const entries = [...resolver.entries(reading.path).values()].filter((entry) => entry.path === reading.path);
    const isRead =
      reading.format.endsWith('secrets') || entries.some((entry) => entry.leaves.some((leaf) => uses.has(leaf)));
    return entries
      .filter((entry) => isRead && !entry.leaves.some((leaf) => uses.has(leaf)))
      .map((entry) => ({
        name: entry.name,
        file: entry.path,
        line: entry.leaves[0]!.line,
        credential: secretOf.get(entry.leaves.at(-1)!) ?? null,
      }));
  });
};

/** Files made to hold named values. */
export const HOLDERS: ReadonlySet<string> = new Set([
  'home-assistant-secrets',
  'esphome-secrets',
  'zigbee2mqtt-side-file',
  'dotenv',
  'node-red-environment',
  'c-header',
]);
