import { type FileReading, type Leaf, type Reference, isReference } from './reading.ts';
import type { FormatId } from './recognise.ts';

/** Finds what a reference stands for, as its program would. */
export type Resolver = {
  /** The leaves that hold the name, with the file that won; null when no file has it. */
  resolve(reference: Reference): Entry | null;
  /** Every name that a file offers to references. */
  entries(path: string): ReadonlyMap<string, Entry>;
};

export type Entry = { readonly path: string; readonly name: string; readonly leaves: readonly Leaf[] };

/** Inclusions followed from one file: people chain two at most. */
const MAX_MERGES = 8;

export const resolverOf = (readings: readonly FileReading[]): Resolver => {
  const byPath = new Map(readings.map((reading) => [reading.path, reading]));
  const known = new Map<string, ReadonlyMap<string, Entry>>();
  const environment = environmentOf(readings);

  const entries = (path: string, depth = 0): ReadonlyMap<string, Entry> => {
    const cached = known.get(path);
    if (cached !== undefined) return cached;
    const reading = byPath.get(path);
    if (reading === undefined) return new Map();
    const own = ownEntries(reading);
    if (depth < MAX_MERGES)
      for (const { path: included, how } of reading.inclusions)
        if (how === 'merge' && included !== path)
          for (const [name, entry] of entries(included, depth + 1)) if (!own.has(name)) own.set(name, entry);
    known.set(path, own);
    return own;
  };

  return {
    entries,
    resolve(reference) {
      const paths = reference.syntax === 'c-macro' ? [reference.file, ...reference.resolvesIn] : reference.resolvesIn;
      for (const path of paths) {
        const found =
          reference.syntax === 'substitution'
            ? substitution(byPath.get(path), reference.name)
            : entries(path).get(reference.name);
        if (found !== undefined && !found.leaves.some((leaf) => leaf.parts.includes(reference))) return found;
      }
      return reference.elsewhere === 'environment'
        ? (environment
            .get(reference.name)
            ?.find((entry) => !entry.leaves.some((leaf) => leaf.parts.includes(reference))) ?? null)
        : null;
    },
  };
};

/** Formats whose first key is a name that others refer to. */
const NAMED: ReadonlySet<FormatId> = new Set<FormatId>([
  'home-assistant-secrets',
  'esphome-secrets',
  'zigbee2mqtt-side-file',
  'dotenv',
  'node-red-environment',
  'c-header',
  'c-source',
]);

const ownEntries = (reading: FileReading): Map<string, Entry> => {
  const entries = new Map<string, Entry>();
  if (reading.format === null || !NAMED.has(reading.format)) return entries;
  for (const leaf of reading.leaves) {
    const name = leaf.keyPath[0];
    if (name === undefined || (reading.format.startsWith('c-') && leaf.keyPath.length !== 1)) continue;
    const before =
      reading.format.endsWith('secrets') && leaf.keyPath.length > 1 ? (entries.get(name)?.leaves ?? []) : [];
    // The last one wins, as with every reader of these files.
    entries.set(name, { path: reading.path, name, leaves: [...before, leaf] });
  }
  return entries;
};

const substitution = (reading: FileReading | undefined, name: string): Entry | undefined => {
  const leaves = reading?.leaves.filter(({ keyPath }) => keyPath[0] === 'substitutions' && keyPath[1] === name) ?? [];
  return reading === undefined || leaves.length === 0 ? undefined : { path: reading.path, name, leaves };
};

/** Variables that a compose file, a template or a workflow gives to the processes it starts. */
const environmentOf = (readings: readonly FileReading[]): ReadonlyMap<string, readonly Entry[]> => {
  const variables = new Map<string, Entry[]>();
  for (const { path, format, leaves } of readings) {
    if (format !== 'compose' && format !== 'cloudformation-yaml' && format !== 'serverless-yaml') continue;
    for (const leaf of leaves) {
      if (!/^(?:environment|variables)$/i.test(leaf.keyPath.at(-2) ?? '')) continue;
      const name = leaf.keyPath.at(-1)!;
      const entry = { path, name, leaves: [leaf] };
      const known = variables.get(name);
      if (known === undefined) variables.set(name, [entry]);
      else known.push(entry);
    }
  }
  return variables;
};

/** A leaf as its program sees it, references followed. */
export type ResolvedValue = { readonly text: string; readonly typed: boolean };

/** References followed in a row; longer chains are circles. */
const MAX_CHAIN = 8;

export const resolveLeaf = (resolver: Resolver, leaf: Leaf, depth = 0): ResolvedValue => {
  const [only] = leaf.parts;
  if (leaf.parts.length === 1 && only !== undefined && isReference(only) && leaf.lead === '')
    return resolveReference(resolver, only, depth);
  const text = leaf.parts
    .map((part) => (isReference(part) ? resolveReference(resolver, part, depth).text : part.revealText()))
    .join('');
  return {
    text: leaf.lead + text,
    typed: leaf.style === 'yaml-typed' || leaf.style === 'json-number' || leaf.style.endsWith('-list'),
  };
};

const resolveReference = (resolver: Resolver, reference: Reference, depth: number): ResolvedValue => {
  const entry = depth < MAX_CHAIN ? resolver.resolve(reference) : null;
  const leaf = entry?.leaves.at(-1);
  if (leaf !== undefined) return resolveLeaf(resolver, leaf, depth + 1);
  return { text: reference.fallback?.revealText() ?? reference.written, typed: false };
};
