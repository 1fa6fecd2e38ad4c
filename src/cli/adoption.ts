import { SYSTEMS, tierRules } from '#catalogue';
import { type FoundCredential, type RewritePlan, type Survey, type Template, formatRow, templateOf } from '#formats';
import type { CallOf, Routes } from '#contract';

type Body = CallOf<Routes['adoptions.create']>['body'];
type Adopted = Body['credentials'][number];
type Plan = NonNullable<Body['renderings']>[number];
type Gaps = NonNullable<Body['gaps']>;

/** Things in one request: a large home takes several, and a kill loses one at most. */
const CHUNK = 100;
/** Bytes of values and templates in one request, below the limit of the server. */
const CHUNK_BYTES = 4_194_304;

/** Limits of the wire, in characters and numbers. */
const MOST_CONSUMERS = 500;
const LONGEST_PLACE = 1_024;

/** What is sent to the server, in pieces it takes; the last one carries what is missing and what nobody uses. */
export const adoptionChunks = (
  survey: Survey,
  templates: readonly Template[],
  from: string,
  plaintext: Plaintext,
): readonly Body[] => {
  const credentials = survey.credentials.map((one) => adopted(one, survey));
  const plans = templates.map((template) => planOf(template, survey));
  const chunks: { credentials: Adopted[]; renderings: Plan[] }[] = [{ credentials: [], renderings: [] }];
  let size = 0;
  const room = (bytes: number, isFull: (chunk: { credentials: Adopted[]; renderings: Plan[] }) => boolean) => {
    if (isFull(chunks.at(-1)!) || (size > 0 && size + bytes > CHUNK_BYTES)) {
      chunks.push({ credentials: [], renderings: [] });
      size = 0;
    }
    size += bytes;
    return chunks.at(-1)!;
  };
  for (const one of credentials)
    room(JSON.stringify(one).length, (chunk) => chunk.credentials.length >= CHUNK).credentials.push(one);
  for (const one of plans) room(one.plan.length, (chunk) => chunk.renderings.length >= CHUNK).renderings.push(one);
  return chunks.map((chunk, at) => ({
    from,
    ...chunk,
    ...(at === chunks.length - 1 ? { gaps: { ...gapsOf(survey), plaintext } } : {}),
  }));
};

const adopted = (one: FoundCredential, survey: Survey): Adopted => {
  const reused = survey.shared.find(({ credential }) => credential === one.name);
  return {
    name: one.name,
    original: one.original.slice(0, 512),
    value: one.value.revealText(),
    kind: one.kind,
    system: one.system,
    tier: one.tier,
    from: one.foundAt[0]?.file.slice(0, 512) ?? null,
    consumers: consumersOf(one),
    weakness: one.weakness === null ? null : { code: one.weakness.code, why: one.weakness.why },
    ...(reused === undefined ? {} : { reused: reused.names.slice(0, 200).map((name) => name.slice(0, 512)) }),
  };
};

/** One row for a file, with what it asks for. */
const consumersOf = ({ consumers }: FoundCredential): Adopted['consumers'] =>
  [...Map.groupBy(consumers, ({ file }) => file)].slice(0, MOST_CONSUMERS).map(([file, uses]) => ({
    kind: 'file' as const,
    place: file.slice(0, LONGEST_PLACE),
    detail: {
      by: [...new Set(uses.map(({ by }) => by))],
      at: uses.slice(0, 20).map(({ line, keyPath }) => `${line}: ${keyPath.join('.')}`.slice(0, 256)),
      ...(uses.some(({ name }) => name !== null)
        ? { names: [...new Set(uses.flatMap(({ name }) => name ?? []))].slice(0, 20) }
        : {}),
    },
  }));

const planOf = (template: Template, survey: Survey): Plan => {
  const reading = survey.readings.find(({ path }) => path === template.path);
  return {
    target: template.path,
    format: reading === undefined || reading.format === null ? 'new' : formatRow(reading.format).title,
    plan: JSON.stringify(template),
  };
};

/** Values that stand in clear where a reference could stand. */
export type Plaintext = NonNullable<Gaps['plaintext']>;
export const plaintextIn = (survey: Survey, plan: RewritePlan): Plaintext => {
  const edited = new Set(plan.edits.map(({ path }) => path));
  const stays = new Set(plan.kept.map(({ file, line }) => `${file}:${line}`));
  const places = new Map<string, Plaintext[number]>();
  for (const { name, foundAt } of survey.credentials)
    for (const { file, line } of foundAt) {
      const place = `${file}:${line}`.slice(0, LONGEST_PLACE);
      if (edited.has(file) && !stays.has(place))
        places.set(place, { name: name.slice(0, 512), place, why: 'it could be a reference' });
    }
  return [...places.values()].slice(0, 2_000);
};

const gapsOf = (survey: Survey): Gaps => ({
  missing: survey.missing
    .filter(({ held }) => held === 'nowhere')
    .slice(0, 2_000)
    .map(({ name, belongsIn, consumers }) => ({
      name: name.slice(0, 512),
      place: (belongsIn ?? consumers[0]?.file ?? 'the environment').slice(0, LONGEST_PLACE),
      why: `asked for by ${consumers.map(({ file, line }) => `${file}:${line}`).join(', ')}`.slice(0, LONGEST_PLACE),
    })),
  orphans: orphansIn(survey),
});

/**
 * Credentials that nothing asks for, by the names that the store has for them. What is not secret is no credential, and
 * what is asked for under another name of the same value is in use.
 */
const orphansIn = (survey: Survey): Gaps['orphans'] => {
  const unused = new Map(
    survey.credentials.filter(({ consumers }) => consumers.length === 0).map((one) => [one.name, one]),
  );
  return survey.orphans
    .filter(({ credential }) => credential !== null && unused.delete(credential))
    .slice(0, 2_000)
    .map(({ name, credential, file, line }) => ({
      name: credential ?? name,
      place: `${file}:${line}`.slice(0, LONGEST_PLACE),
      why: `no file of this folder asks for ${name}`.slice(0, LONGEST_PLACE),
    }));
};

/** Files that hold values and exist: what `render` keeps up to date before anything is rewritten. */
export const existingTargets = (survey: Survey, plan: RewritePlan): readonly Template[] =>
  plan.targets.flatMap(({ path }) => {
    const reading = survey.readings.find((one) => one.path === path);
    return reading === undefined || reading.text === null ? [] : [templateOf(survey, reading)];
  });

/** How much a credential is worth, in words. */
export const worthOf = ({ tier }: Pick<FoundCredential, 'tier'>): string => tierRules(tier).title;

export const systemTitle = (system: FoundCredential['system']): string =>
  system === null ? 'Other' : SYSTEMS[system].title;
