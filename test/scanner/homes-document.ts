import { writeFileSync } from 'node:fs';
import { PLANTS } from '../../src/scanner/home/plants.fixture.ts';
import { chance } from '../../src/scanner/tokens.fixture.ts';
import { scanned } from './golden.ts';

/**
 * `docs/homes.md`: what a scan says of one made-up credential of every family, so that the page cannot promise what the
 * program does not find; a test compares.
 *
 *     node test/scanner/homes-document.ts
 */
export const homesDocument = async (): Promise<string> => {
  const rows: string[] = [];
  for (const [name, make] of Object.entries(PLANTS)) {
    const { path, text, rule, value } = make(chance(1));
    const bytes = Buffer.from(text);
    const { discoveries } = await scanned(async function* () {
      yield {
        type: 'unit',
        unit: { path, origin: { type: 'file' }, size: bytes.length, content: { type: 'bytes', bytes } },
      };
    });
    const one = discoveries.find((each) => each.rule === rule && each.value.revealText() === value);
    if (one === undefined) throw new Error(`${name} is not found.`);
    rows.push(
      `| ${[`\`${rule}\``, one.title, `\`${path}\``, one.opens, one.remedy].map((cell) => escaped(general(cell))).join(' | ')} |`,
    );
  }
  return `# Credentials of smart homes

What a scan finds by reading the files of a home as their programs do, and by what proves itself in any text: one example
of each. Made from the families in \`src/scanner/home/\`; change those and their examples, then run
\`node test/scanner/homes-document.ts\`. Where a family tells more (whose token it is, how long it lives, which class a key
has, how weakly a password is hashed, how many devices share it), that stands beside the finding.

| rule | what | for example in | opens | ends when |
| --- | --- | --- | --- | --- |
${rows.join('\n')}
`;
};

/** Ids of the example are nobody's. */
const general = (text: string): string => text.replaceAll(/\b[\da-f]{32,40}\b/g, 'ID');

const escaped = (text: string): string => text.replaceAll('|', '\\|').replaceAll('<', '\\<');

if (import.meta.main) writeFileSync(new URL('../../docs/homes.md', import.meta.url), await homesDocument());
