import { type SystemId, deriveTier, weaknessOf } from '#catalogue';
import { Secret } from '#kernel';
import type { Consumer, FoundAt, FoundCredential, SharedValue, Uses } from './found.ts';
import { HOLDERS, type MissingName, type Orphan, findMissing, findOrphans } from './gaps.ts';
import { byTelling, nameCredential } from './naming.ts';
import { type Occurrence, bestKind, findOccurrences, foundIn, systemsIn } from './occurrence.ts';
import { readFile } from './read-file.ts';
import { type FileReading, type Leaf, type Reference, isReference } from './reading.ts';
import { type Surroundings, surroundingsOf } from './recognise.ts';
import { type Resolver, resolveLeaf, resolverOf } from './resolve.ts';
import { type Problem, type SourceFile, decodeFile } from './source-file.ts';

/** A named value that is not secret; its text stays in the template of its file. */
export type PlainEntry = {
  readonly name: string;
  readonly file: string;
  readonly line: number;
  readonly consumers: number;
};

export type Survey = {
  readonly readings: readonly FileReading[];
  readonly occurrences: readonly Occurrence[];
  readonly credentials: readonly FoundCredential[];
  /** The credential of an occurrence's key. */
  readonly credentialOf: ReadonlyMap<string, FoundCredential>;
  readonly missing: readonly MissingName[];
  readonly orphans: readonly Orphan[];
  readonly shared: readonly SharedValue[];
  readonly plain: readonly PlainEntry[];
  readonly problems: readonly Problem[];
  readonly resolver: Resolver;
  readonly around: Surroundings;
};

export type SurveyOptions = {
  /** A keyed fingerprint by which equal values are told; without it values are compared in memory only. */
  readonly fingerprint?: (value: Secret) => string;
  /** File name that stands in for `secrets.yaml`. */
  readonly secretsFile?: string;
  /** Called after each file that was read. */
  readonly onRead?: (done: number, total: number) => void;
};

/** Joins all files of one environment: who holds which value, who uses it, what is missing and what nobody uses. */
export const survey = (files: readonly SourceFile[], options: SurveyOptions = {}): Survey => {
  const sorted = files.toSorted((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0));
  const around = surroundingsOf(
    sorted
      .filter((file) => /\.ya?ml$|(?:^|\/)\.storage\//i.test(file.path))
      .map((file) => ({ path: file.path, text: textOf(file) })),
    options.secretsFile ?? null,
  );
  const readings = sorted.map((file, index) => {
    const reading = readFile(file, around);
    options.onRead?.(index + 1, sorted.length);
    return reading;
  });
  const resolver = resolverOf(readings);
  const occurrences = findOccurrences(readings, options.fingerprint ?? ((value) => value.revealText()));
  const uses = usesOf(readings, resolver);
  const credentials = credentialsOf(occurrences, uses, options);
  return {
    readings,
    occurrences,
    credentials: [...credentials.values()],
    credentialOf: credentials,
    missing: findMissing(readings, resolver),
    orphans: findOrphans(readings, resolver, occurrences, credentials, uses),
    shared: sharedAmong(occurrences, credentials),
    plain: plainEntries(readings, occurrences, uses),
    problems: readings.flatMap((reading) => reading.problems),
    resolver,
    around,
  };
};

const textOf = (file: SourceFile): string => {
  const text = decodeFile(file);
  return typeof text === 'string' ? text : '';
};

const usesOf = (readings: readonly FileReading[], resolver: Resolver): Uses => {
  const uses = new Map<Leaf, Consumer[]>();
  const add = (leaf: Leaf, consumer: Consumer, depth: number) => {
    const known = uses.get(leaf);
    if (known === undefined) uses.set(leaf, [consumer]);
    else known.push(consumer);
    if (depth < 8) for (const part of leaf.parts) if (isReference(part)) follow(part, consumer, depth + 1);
  };
  const follow = (reference: Reference, consumer: Consumer, depth: number) => {
    for (const leaf of resolver.resolve(reference)?.leaves ?? []) add(leaf, consumer, depth);
  };
  for (const reading of readings) {
    for (const reference of reading.references) {
      const { file, line, keyPath, syntax, name } = reference;
      follow(reference, { file, line, keyPath, system: reading.system, by: syntax, name }, 0);
    }
    for (const { path, how, line } of reading.inclusions)
      if (how === 'env-file')
        for (const [name, entry] of resolver.entries(path))
          for (const leaf of entry.leaves)
            add(
              leaf,
              { file: reading.path, line, keyPath: ['env_file'], system: reading.system, by: 'env-file', name },
              0,
            );
  }
  return uses;
};

const credentialsOf = (
  occurrences: readonly Occurrence[],
  uses: Uses,
  options: SurveyOptions,
): ReadonlyMap<string, FoundCredential> => {
  const byKey = new Map<string, Occurrence[]>();
  for (const one of occurrences)
    for (const key of new Set(one.keys)) {
      const places = byKey.get(key);
      if (places === undefined) byKey.set(key, [one]);
      else places.push(one);
    }
  const taken = new Set<string>();
  const credentials = new Map<string, FoundCredential>();
  for (const [key, unordered] of byKey) {
    const places = byTelling(unordered);
    const found = places.flatMap((one) => foundIn(one.segments).filter((_, index) => one.keys[index] === key));
    const value = found[0]!.secret;
    const { kind, why } = bestKind(found);
    const systems = systemsIn(places);
    const consumers = places.flatMap((one): readonly Consumer[] => [
      ...(one.named ? [] : [literalUse(one)]),
      ...(uses.get(one.leaf) ?? []),
    ]);
    const system = systems[0] ?? null;
    const reached = [...new Set(consumers.flatMap((consumer) => consumer.system ?? []))];
    const { name, original } = nameCredential(places, kind, taken);
    credentials.set(key, {
      name,
      original,
      value,
      fingerprint: options.fingerprint === undefined ? null : key,
      kind,
      why,
      system,
      tier: deriveTier({ kind, system, consumers: reached }),
      foundAt: places.map(foundAt),
      consumers,
      weakness: weaknessOf(kind, value.revealText()),
    });
  }
  return credentials;
};

const literalUse = ({ reading, leaf }: Occurrence): Consumer => ({
  file: leaf.file,
  line: leaf.line,
  keyPath: leaf.keyPath,
  system: reading.system,
  by: 'literal',
  name: null,
});

const foundAt = (one: Occurrence): FoundAt => {
  const [first] = foundIn(one.segments);
  const text = one.segments
    .map((segment) => ('found' in segment ? '…' : 'text' in segment ? segment.text : segment.reference.written))
    .join('');
  return {
    file: one.leaf.file,
    line: one.leaf.line,
    column: one.leaf.column,
    keyPath: one.leaf.keyPath,
    system: one.reading.system,
    name: one.named ? one.leaf.keyPath[0]! : null,
    within: one.segments.length === 1 ? null : { role: first?.role ?? 'text', text },
  };
};

const sharedAmong = (
  occurrences: readonly Occurrence[],
  credentials: ReadonlyMap<string, FoundCredential>,
): readonly SharedValue[] => {
  const identities = new Map<string, { names: Set<string>; systems: Set<SystemId>; doors: Set<string> }>();
  for (const one of occurrences)
    for (const key of new Set(one.keys)) {
      const entry = identities.get(key) ?? { names: new Set(), systems: new Set(), doors: new Set() };
      const name = one.named ? one.leaf.keyPath[0]! : one.leaf.keyPath.join('.');
      entry.names.add(name);
      if (one.reading.system !== null) entry.systems.add(one.reading.system);
      // The same key in many addresses of one host is used for one thing.
      entry.doors.add(hostOf(one) ?? name.toLowerCase());
      identities.set(key, entry);
    }
  return [...identities].flatMap(([key, { names, systems, doors }]) =>
    doors.size > 1 || systems.size > 1
      ? [{ credential: credentials.get(key)!.name, names: [...names], systems: [...systems] }]
      : [],
  );
};

const hostOf = (one: Occurrence): string | null => {
  if (one.segments.length === 1) return null;
  const text = one.segments.map((segment) => ('text' in segment ? segment.text : '')).join('');
  const address = text.indexOf('://');
  return address === -1
    ? null
    : (/^(?:[^/\s@]*@)?([^/\s:?#]+)/.exec(text.slice(address + 3, address + 300))?.[1]?.toLowerCase() ?? null);
};

const plainEntries = (
  readings: readonly FileReading[],
  occurrences: readonly Occurrence[],
  uses: Uses,
): readonly PlainEntry[] => {
  const secret = new Set(occurrences.map((one) => one.leaf));
  return readings.flatMap((reading) =>
    reading.format === null || !HOLDERS.has(reading.format)
      ? []
      : reading.leaves
          .filter((leaf) => !secret.has(leaf) && leaf.keyPath.length === 1)
          .map((leaf) => ({
            name: leaf.keyPath[0]!,
            file: reading.path,
            line: leaf.line,
            consumers: uses.get(leaf)?.length ?? 0,
          })),
  );
};

/** One value of one file as its program sees it, references followed. */
export type ProgramValue = {
  readonly file: string;
  readonly keyPath: readonly string[];
  readonly value: Secret;
  readonly typed: boolean;
};

/** Every value of every file, in order: what must be the same before a rewrite and after rendering. */
export const programValues = (survey: Survey): readonly ProgramValue[] =>
  survey.readings.flatMap((reading) =>
    reading.leaves.map((leaf) => {
      const { text, typed } = resolveLeaf(survey.resolver, leaf);
      return { file: reading.path, keyPath: leaf.keyPath, value: Secret.fromText(text), typed };
    }),
  );
