import type { Tier } from '#kernel';
import type { Discovery, Occurrence } from '../finding.ts';
import { type Guideline, guidelineOf } from '#catalogue';
import type { Gap } from '../unit.ts';
import { describeManaged } from './describe-managed.ts';
import { clausesOf, placeOf } from './describe-place.ts';
import type { WriteReport } from './report-options.ts';
import { shownValue } from './shown-value.ts';

/** Where the standard lives: SARIF 2.1.0, OASIS, Errata 01. */
const SCHEMA = 'https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json';

/** Code hosts sort by this number, 0 to 10, as if it were a CVSS score. */
const SEVERITY: Readonly<Record<Tier, string>> = { gold: '9.5', silver: '8.0', bronze: '5.0' };

/**
 * SARIF 2.1.0 for code-scanning hosts. One result a place, because hosts show one line a result. URIs are relative to
 * the repository; rule ids occur once; the fingerprint is keyed, and so survives a rebase and leaks nothing; who
 * committed what stays out of it, as alerts are kept for years.
 */
export const sarifReport: WriteReport = ({ discoveries, gaps }, { version, fingerprint }) => {
  const rules = [...new Map(discoveries.map((one) => [one.rule, one])).values()];
  const indexes = new Map(rules.map(({ rule }, index) => [rule, index]));
  return `${JSON.stringify(
    {
      $schema: SCHEMA,
      version: '2.1.0',
      runs: [
        {
          tool: { driver: { name: 'Chatelaine', semanticVersion: version, version, rules: rules.map(ruleOf) } },
          columnKind: 'utf16CodeUnits',
          originalUriBaseIds: { SRCROOT: { description: { text: 'The folder that was scanned.' } } },
          invocations: [
            { executionSuccessful: gaps.length === 0, toolExecutionNotifications: gaps.map(notificationOf) },
          ],
          results: discoveries.flatMap((discovery) =>
            discovery.occurrences.map((place) =>
              resultOf(discovery, place, indexes.get(discovery.rule)!, fingerprint(discovery)),
            ),
          ),
        },
      ],
    },
    null,
    2,
  )}\n`;
};

const ruleOf = ({ rule, title, opens, remedy, tier, kind, confidence }: Discovery) => ({
  id: rule,
  name: pascal(rule),
  shortDescription: { text: `${title} in clear text` },
  fullDescription: { text: `It opens ${opens}.` },
  help: helpOf(opens, remedy, guidelineOf(kind)),
  defaultConfiguration: { level: levelOf(tier, confidence) },
  properties: {
    tags: ['security', 'credential', kind],
    precision: confidence === 'certain' ? 'very-high' : confidence === 'likely' ? 'high' : 'medium',
    'security-severity': SEVERITY[tier],
  },
});

const helpOf = (opens: string, remedy: string, { why, instead, command }: Guideline) => ({
  text: `It opens ${opens}. ${remedy} ${why} ${instead} ${command}`,
  markdown: `It opens ${opens}.\n\n**Remedy.** ${remedy}\n\n**Guideline.** ${why} ${instead} ${command}`,
});

const pascal = (id: string): string => id.replace(/(?:^|-)([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());

const levelOf = (tier: Tier, confidence: Discovery['confidence']): 'error' | 'warning' | 'note' => {
  if (confidence === 'note') return 'note';
  return tier === 'bronze' ? 'warning' : 'error';
};

const resultOf = (discovery: Discovery, place: Occurrence, ruleIndex: number, fingerprint: string | null) => ({
  ruleId: discovery.rule,
  ruleIndex,
  level: discovery.managed?.live === true ? 'error' : levelOf(discovery.tier, discovery.confidence),
  // SARIF 2.1.0, section 3.27.25: 100 is the most important.
  ...(discovery.managed?.live === true ? { rank: 100 } : {}),
  message: {
    text: `${discovery.title} ${shownValue(discovery.value)}: ${sentence([discovery.why, ...keptClause(discovery), ...clausesOf(publicPart(place))])} ${discovery.remedy}`,
  },
  locations: [locationOf(place)],
  ...(fingerprint === null ? {} : { partialFingerprints: { 'chatelaineValue/v1': fingerprint } }),
  ...propertiesOf(discovery, place),
});

const keptClause = ({ managed }: Discovery): readonly string[] =>
  managed === undefined ? [] : [describeManaged(managed)];

const propertiesOf = ({ managed }: Discovery, { origin, commit }: Occurrence) => {
  const properties = {
    ...(origin.type === 'blob' ? { blob: origin.id, inHead: commit?.inHead ?? null } : {}),
    ...(managed === undefined ? {} : { managed }),
  };
  return Object.keys(properties).length === 0 ? {} : { properties };
};

/** Names and addresses of authors do not belong in a file that hosts keep. */
const publicPart = (place: Occurrence): Occurrence => {
  const { commit, ...rest } = place;
  return commit === undefined ? place : rest;
};

const sentence = (clauses: readonly string[]): string => `${clauses.join(', ')}.`;

const locationOf = (place: Occurrence) => ({
  physicalLocation: {
    artifactLocation: { uri: uriOf(place.path), uriBaseId: 'SRCROOT' },
    // Hosts want a line; in a binary there is none, and the message says the byte.
    region: { startLine: place.line ?? 1, ...(place.column === null ? {} : { startColumn: place.column }) },
  },
  ...(place.line === null ? { message: { text: placeOf(place) } } : {}),
});

/** RFC 3986: each segment percent-encoded; a leading `./` or `/` would make it another file for the host. */
const uriOf = (path: string): string =>
  path
    .replace(/^(?:\.?\/)+/, '')
    .split('/')
    .map((segment) => encodeURIComponent(segment.toWellFormed()))
    .join('/') || '.';

const notificationOf = ({ path, code, message }: Gap) => ({
  level: 'error' as const,
  descriptor: { id: `incomplete-${code}` },
  message: { text: `Not looked through: ${message}` },
  locations: [{ physicalLocation: { artifactLocation: { uri: uriOf(path), uriBaseId: 'SRCROOT' } } }],
});
