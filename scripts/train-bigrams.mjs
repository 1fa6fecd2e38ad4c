// Writes src/scanner/filters/bigrams.ts: how often one letter follows another in our own text (sources, documents).
import { globSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { classOf, CLASSES } from '../src/scanner/filters/letters.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const own = /src\/scanner\/(rules|filters\/bigrams)|vectors|golden|\.wasm$/;
const files = globSync(['src/**/*.ts', 'docs/**/*.md', 'bench/**/*.ts', 'scripts/*.mjs', '*.md'], { cwd: root });
const counts = new Float64Array(CLASSES * CLASSES).fill(0.5);
for (const file of files.filter((path) => !own.test(path)).toSorted()) {
  const text = readFileSync(root + file, 'latin1');
  for (let i = 1; i < text.length; i++)
    counts[classOf(text.charCodeAt(i - 1)) * CLASSES + classOf(text.charCodeAt(i))]++;
}
// One character per pair: minus the base-2 logarithm of its conditional frequency, in eighths, from `!` on.
let table = '';
for (let a = 0; a < CLASSES; a++) {
  const row = counts.subarray(a * CLASSES, (a + 1) * CLASSES);
  const sum = row.reduce((x, y) => x + y, 0);
  for (const count of row) table += String.fromCharCode(35 + Math.min(90, Math.round(-Math.log2(count / sum) * 6)));
}
const literal = table.replaceAll('\\', '~').replaceAll('`', '_').replaceAll("'", '&');
const lines = literal.match(/.{1,100}/g).map((line) => `  '${line}',`);
writeFileSync(
  `${root}src/scanner/filters/bigrams.ts`,
  `/**
 * Rarity of each letter after each other: ${CLASSES} rows of ${CLASSES}, one character each, whose code minus 35 is minus the base-2
 * logarithm of the frequency, in sixths of a bit. Trained on the sources and documents of this repository by
 * scripts/train-bigrams.mjs.
 */
export const BIGRAMS = [
${lines.join('\n')}
].join('');
`,
);
