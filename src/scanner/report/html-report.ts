import type { Tier } from '#kernel';
import type { Discovery, Occurrence } from '../finding.ts';
import { exitCodeOf } from '../scan-report.ts';
import type { Gap } from '../unit.ts';
import { clausesOf, placeOf } from './describe-place.ts';
import { describeManaged } from './describe-managed.ts';
import { STYLE } from './html-style.ts';
import type { WriteReport } from './report-options.ts';
import { shownValue } from './shown-value.ts';
import { xmlText } from './xml-text.ts';

/** Places shown at once; the rest stands folded below them. */
const OPEN_PLACES = 5;

const WORTH: Readonly<Record<Tier, string>> = {
  gold: 'gold: controls the home, or signs for it',
  silver: 'silver: one service or account',
  bronze: 'bronze: local, limited',
};

/** One file that needs nothing else: no script, no font, no address; its policy forbids the browser all of them. */
export const htmlReport: WriteReport = (report, { version, subject }) => {
  const { discoveries, gaps, skipped, covered } = report;
  const leaks = discoveries.filter(({ confidence }) => confidence !== 'note');
  const notes = discoveries.filter(({ confidence }) => confidence === 'note');
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width">
<meta name="referrer" content="no-referrer">
<title>${xmlText(`Credentials in ${subject}`)}</title>
<style>${STYLE}</style>
</head>
<body>
<header>
<h1>${xmlText(`Credentials in ${subject}`)}</h1>
<p class="quiet">Scanned by Chatelaine ${xmlText(version)}. Values are not in this page.</p>
<ul class="counts">${[
    ['credentials', leaks.length],
    ['places', leaks.reduce((sum, { occurrences }) => sum + occurrences.length, 0)],
    ['worth a look', notes.length],
    ['not looked through', gaps.length],
    ['units read', covered.units],
  ]
    .map(([says, count]) => `<li><b>${count}</b>${says}</li>`)
    .join('')}</ul>
<p><strong${exitCodeOf(report) === 0 ? ' class="good"' : ''}>${VERDICTS[exitCodeOf(report)]}</strong></p>
</header>
<main>
${section('Credentials, the most dangerous first', leaks.map(card))}
${section('Worth a look', notes.map(card))}
${section('Not looked through', gaps.map(gapOf))}
${section(
  'Left out on purpose',
  skipped.length === 0
    ? []
    : [
        `<ul>${skipped.map(({ path, why }) => `<li><code>${xmlText(path)}</code>: ${xmlText(why)}</li>`).join('')}</ul>`,
      ],
)}
</main>
</body>
</html>
`;
};

const VERDICTS = {
  0: 'Nothing was found, and everything was read.',
  1: 'Credentials lie here in clear text.',
  3: 'Nothing was found, but not everything could be read.',
} as const;

const section = (title: string, content: readonly string[]): string =>
  content.length === 0 ? '' : `<section><h2>${title}</h2>\n${content.join('\n')}\n</section>`;

const card = (discovery: Discovery): string => {
  const { title, tier, why, opens, remedy, value, occurrences, facts, also, confidence, managed } = discovery;
  const rows = [
    ...(managed === undefined ? [] : [['Kept', describeManaged(managed)]]),
    ['Why', why],
    ['Opens', opens],
    ...Object.entries(facts),
    ...also.map((one) => ['Also', one.why]),
    ['Remedy', remedy],
  ].map(([term, says]) => `<dt>${xmlText(term!)}</dt><dd>${xmlText(says!)}</dd>`);
  return `<article class="${tier}">
<h3>${xmlText(title)} <code>${xmlText(shownValue(value))}</code></h3>
<p class="tag">${WORTH[tier]}${confidence === 'certain' ? ', certain' : ''}</p>
<dl>${rows.join('')}</dl>
${places(occurrences)}
</article>`;
};

const places = (occurrences: readonly Occurrence[]): string => {
  const items = occurrences.map((one) => {
    const clauses = clausesOf(one);
    return `<li><code>${xmlText(placeOf(one))}</code>${clauses.length === 0 ? '' : ` <span class="quiet">${xmlText(clauses.join(', '))}</span>`}</li>`;
  });
  const rest = items.slice(OPEN_PLACES);
  return `<ul>${items.slice(0, OPEN_PLACES).join('')}</ul>${
    rest.length === 0 ? '' : `<details><summary>${rest.length} more places</summary><ul>${rest.join('')}</ul></details>`
  }`;
};

const gapOf = ({ path, code, message }: Gap): string =>
  `<article><h3><code>${xmlText(path)}</code></h3><p class="tag">${code}</p><p>${xmlText(message)}</p></article>`;
