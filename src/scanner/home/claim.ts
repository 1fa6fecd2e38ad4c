import { type KindId, type SystemId, type WeaknessCode, deriveTier, kindOf, weaknessOf } from '#catalogue';
import type { Tier } from '#kernel';
import type { Candidate } from '../detector.ts';
import type { Finding } from '../finding.ts';
import type { HomeFile, Value } from './home-file.ts';

/** What a family says of one sort of credential; tier and rotation follow from the kind where it does not say. */
export type About = {
  readonly rule: string;
  readonly title: string;
  readonly vendor: string;
  readonly kind: KindId;
  readonly opens: string;
  readonly remedy: string;
  readonly tier?: Tier;
  readonly rotation?: Candidate['rotation'];
};

export type Also = Finding['also'][number];

/** A span of which a family knows that it is no credential: nobody after it looks there. */
export type Plain = { readonly start: number; readonly end: number; readonly plain: true };

export type Claim = Candidate | Plain;

export const isPlain = (claim: Claim): claim is Plain => 'plain' in claim;

/** One way of writing credentials down: a format, a program's folder. */
export type Family = {
  /** The system, or what it is called where the catalogue has no row. */
  readonly id: string;
  /** Whether to look closer: by path and by words in the text, without parsing. */
  reads(file: HomeFile): boolean;
  find(file: HomeFile): readonly Claim[];
};

type Details = Partial<
  Pick<Candidate, 'value' | 'facts' | 'also' | 'confidence' | 'name' | 'remedy' | 'title' | 'yields' | 'around'>
> & {
  readonly why: string;
};

const WEAK: Readonly<Record<WeaknessCode, string>> = {
  default: 'published-default',
  common: 'common-value',
  short: 'too-short',
  repeated: 'repeated',
  'weak-hash': 'weak-hash',
};

/** Adds what is weak about the value itself. */
export const claim = (about: About, value: Value, details: Details): Candidate => {
  const secret = details.value ?? value.text;
  const weak = weaknessOf(about.kind, secret);
  const said = details.also ?? [];
  const also = [
    ...said,
    ...(weak === null || said.some(({ code }) => code === WEAK[weak.code])
      ? []
      : [{ code: WEAK[weak.code], why: weak.why }]),
  ];
  return {
    rule: about.rule,
    title: about.title,
    vendor: about.vendor,
    kind: about.kind,
    tier: about.tier ?? kindOf(about.kind).tier,
    rotation: about.rotation ?? kindOf(about.kind).rotation,
    opens: about.opens,
    remedy: about.remedy,
    start: value.start,
    end: value.end,
    value: secret,
    name: nameOf(value.keyPath),
    facts: {},
    confidence: 'certain',
    ...details,
    also,
  };
};

/** Longest name in a report, in characters. */
const LONGEST_NAME = 120;

export const nameOf = (keyPath: readonly string[]): string | null =>
  keyPath.length === 0 ? null : keyPath.join('.').slice(0, LONGEST_NAME);

export const tierOf = (kind: KindId, system: SystemId | null): Tier => deriveTier({ kind, system });

/** A setting that is wrong, where no credential stands for it: its line is what is shown. */
export const setting = (
  about: Omit<About, 'kind' | 'rotation'>,
  place: { readonly start: number; readonly end: number; readonly written: string },
  details: Details,
): Candidate =>
  claim(
    { ...about, kind: 'plain', rotation: 'restart' },
    { keyPath: [], text: place.written, start: place.start, end: place.end },
    { confidence: 'likely', ...details },
  );

/** Bits of a mode that let group and others read. */
const READABLE = 0o044;

/** What is wrong with the mode of a file that holds keys, where the source knows it. */
export const openToOthers = ({ mode }: HomeFile): readonly Also[] =>
  mode === null || (mode & READABLE) === 0
    ? []
    : [
        {
          code: 'readable-by-others',
          why: `its mode is ${(mode & 0o777).toString(8).padStart(4, '0')}: others on this machine may read it; chmod 600`,
        },
      ];

/** Only what may be told goes into facts: never a value of the file that could be a secret. */
export const facts = (entries: Readonly<Record<string, string | undefined>>): Readonly<Record<string, string>> =>
  Object.fromEntries(
    Object.entries(entries).flatMap(([name, text]) =>
      text === undefined || text === '' || text === 'null' ? [] : [[name, text.slice(0, 100)]],
    ),
  );
