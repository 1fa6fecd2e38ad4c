import type { Discovery } from '../finding.ts';
import type { Gap } from '../unit.ts';
import { describeManaged } from './describe-managed.ts';
import { clausesOf, placeOf } from './describe-place.ts';
import type { WriteReport } from './report-options.ts';
import { shownValue } from './shown-value.ts';
import { xmlText } from './xml-text.ts';

/**
 * JUnit's XML as CI systems read it (testmoapp/junitxml describes the common ground): a failure per credential, an
 * error per gap, a note as a passed test with its text, and one passed test when there is nothing to say.
 */
export const junitReport: WriteReport = ({ discoveries, gaps, took, covered }, { subject }) => {
  const failures = discoveries.filter(({ confidence }) => confidence !== 'note').length;
  const cases = [...discoveries.map(caseOfDiscovery), ...gaps.map(caseOfGap)];
  const nothing = `    <testcase classname="chatelaine.scan" name="${xmlText(`no credential in ${covered.units} units`)}"/>`;
  const counts = `tests="${Math.max(1, cases.length)}" failures="${failures}" errors="${gaps.length}" time="${(took / 1000).toFixed(3)}"`;
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="chatelaine scan" ${counts}>`,
    `  <testsuite name="${xmlText(subject)}" ${counts}>`,
    ...(cases.length === 0 ? [nothing] : cases),
    '  </testsuite>',
    '</testsuites>',
    '',
  ].join('\n');
};

const caseOfDiscovery = (discovery: Discovery): string => {
  const { title, rule, why, remedy, opens, confidence, occurrences, value, managed } = discovery;
  const places = occurrences.map((one) => [placeOf(one), ...clausesOf(one)].join(', '));
  const kept = managed === undefined ? [] : [`Kept: ${describeManaged(managed)}.`];
  const body = [`${shownValue(value)}: ${why}`, ...kept, `Opens ${opens}.`, `Remedy: ${remedy}`, ...places].join('\n');
  const head = `    <testcase classname="${xmlText(rule)}" name="${xmlText(`${title} in ${places[0] ?? 'no place'}`)}"`;
  return confidence === 'note'
    ? `${head}><system-out>${xmlText(body)}</system-out></testcase>`
    : `${head}><failure type="${xmlText(rule)}" message="${xmlText(`${title}: ${why}`)}">${xmlText(body)}</failure></testcase>`;
};

const caseOfGap = ({ path, code, message }: Gap): string =>
  `    <testcase classname="chatelaine.incomplete" name="${xmlText(path)}"><error type="${code}" message="${xmlText(message)}"/></testcase>`;
