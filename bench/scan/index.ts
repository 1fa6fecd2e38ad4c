/**
 * Measures the scanner on sources of installed packages, beside a plain read of the same bytes, `git log -p` over the
 * same history, and ripgrep with the same literals, all in the same run.
 *
 *     npm run bench:scan                        about two minutes, 300 MB in a folder of its own under the system's
 *     npm run bench:scan -- --bytes 150000000   less
 *     BENCH_RIPGREP=/path/to/rg npm run bench:scan
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { fileURLToPath } from 'node:url';
import { DETECTORS } from '../../src/scanner/detectors/index.ts';
import { builtinRules } from '../../src/scanner/rule-set.ts';
import { RULES } from '../../src/scanner/rules/index.ts';
import { WINDOW } from '../../src/scanner/matcher/matcher.ts';
import { type Corpus, assembleCorpus, walk } from './corpus.ts';
import { blobsOf, makeHistory, readPatches } from './history.ts';
import { best, measureKernel, readPlainly, scanBlobs, scanTree } from './stages.ts';

const { values: options } = parseArgs({ options: { bytes: { type: 'string', default: '300000000' } } });
const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const RUNS = 3;
const COMMITS = 3_000;
const STAGED = 50;

const line = (name: string, ...rest: readonly string[]): void =>
  console.log(name.padEnd(44), ...rest.map((text) => text.padStart(14)));
const rate = (bytes: number, seconds: number): string => `${(bytes / 1e6 / seconds).toFixed(0)} MB/s`;
const inSeconds = (seconds: number): string => `${seconds.toFixed(2)} s`;

const folder = mkdtempSync(join(tmpdir(), 'bench-scan-'));
try {
  const corpus = assembleCorpus(ROOT, join(folder, 'tree'), Number(options.bytes));
  const files = [...walk(corpus.folder)];
  console.log(`${files.length} files, ${(corpus.bytes / 1e6).toFixed(0)} MB, from ${corpus.from.join(', ')}\n`);
  await measureTree(corpus, files);
  measureRules(files);
  measureOthers(corpus);
  await measureHistory(files);
  measureStart(files);
  console.log(`\npeak memory of this process: ${(process.resourceUsage().maxRSS / 1000).toFixed(0)} MB`);
} finally {
  rmSync(folder, { recursive: true, force: true });
}

async function measureTree({ bytes }: Corpus, files: readonly string[]): Promise<void> {
  const plain = await best(RUNS, () => readPlainly(files));
  line('plain read', inSeconds(plain.seconds), rate(bytes, plain.seconds));
  for (const workers of [0, 1, 2]) {
    const { out, seconds } = await best(RUNS, () => scanTree(files, workers));
    line(
      workers === 0
        ? 'scan, everything on, no threads'
        : `scan, everything on, ${workers} thread${workers > 1 ? 's' : ''}`,
      inSeconds(seconds),
      rate(bytes, seconds),
      `${(seconds / plain.seconds).toFixed(2)} × read`,
    );
    if (workers > 0) continue;
    const found = out.discoveries.filter(({ confidence }) => confidence !== 'note');
    line(
      '  findings, notes, gaps',
      String(found.length),
      String(out.discoveries.length - found.length),
      String(out.gaps.length),
    );
    line('  findings per 50 MB (aim: at most 1)', (found.length / (bytes / 50e6)).toFixed(2));
    for (const { rule, occurrences } of found)
      console.log(`    ${rule}  ${occurrences[0]!.path.slice(folder.length + 6)}`);
  }
}

function measureRules(files: readonly string[]): void {
  const text = Buffer.concat(files.slice(0, 400).map((file) => readFileSync(file))).subarray(0, WINDOW);
  const own = DETECTORS.flatMap(({ literals }) => literals);
  console.log();
  for (const count of [100, 300, 600]) {
    const literals = builtinRules().literals.filter(([, , ...rules]) => rules.some((rule) => rule < count));
    const measured = measureKernel(
      [...new Set([...literals.map(([literal]) => literal), ...own])],
      literals.map(([, run]) => run),
      text,
    );
    line(
      `kernel alone, ${Math.min(count, RULES.length)} rules`,
      `${measured.perSecond.toFixed(0)} MB/s`,
      `${measured.literals} literals`,
      `${measured.states} states`,
    );
  }
}

function measureOthers({ bytes, folder: tree }: Corpus): void {
  const literals = join(folder, 'literals.txt');
  writeFileSync(
    literals,
    builtinRules()
      .literals.map(([literal]) => literal)
      .join('\n'),
  );
  const programs: readonly (readonly [string, string, readonly string[]])[] = [
    ['ripgrep', process.env['BENCH_RIPGREP'] ?? 'rg', ['-c', '-i', '-F', '-uu', '-j', '2', '-f', literals, tree]],
    ['GNU grep', 'grep', ['-r', '-c', '-F', '-f', literals, tree]],
  ];
  for (const [name, program, args] of programs) {
    const started = performance.now();
    const { error } = spawnSync(program, args, { stdio: 'ignore' });
    const seconds = (performance.now() - started) / 1000;
    if (error === undefined) line(`${name}, the same literals`, inSeconds(seconds), rate(bytes, seconds));
    else line(`${name}: not on this machine`);
  }
}

async function measureHistory(files: readonly string[]): Promise<void> {
  const repository = join(folder, 'repository');
  await makeHistory(repository, files.filter((_, i) => i % 17 === 0).slice(0, 300), COMMITS);
  console.log();
  const patches = await best(RUNS, () => readPatches(repository));
  line(`git log -p of ${COMMITS} commits`, inSeconds(patches.seconds), `${(patches.out / 1e6).toFixed(0)} MB`);
  const blobs = await best(RUNS, () => scanBlobs(() => blobsOf(repository)));
  line(
    'scan of all their blobs',
    inSeconds(blobs.seconds),
    `${(blobs.out.covered.bytes / 1e6).toFixed(0)} MB`,
    `${(blobs.seconds / patches.seconds).toFixed(2)} × log -p`,
  );
}

function measureStart(files: readonly string[]): void {
  const some = files.filter((_, i) => i % 29 === 0).slice(0, STAGED);
  const run = (...args: readonly string[]): number => {
    const times = Array.from({ length: 7 }, () => {
      const started = performance.now();
      execFileSync(process.execPath, args, { env: { NODE_COMPILE_CACHE: join(folder, 'cache') } });
      return performance.now() - started;
    });
    return times.toSorted((a, b) => a - b)[3]!;
  };
  console.log();
  line('an empty Node, start to exit', `${run('-e', '0').toFixed(0)} ms`);
  line(`${STAGED} files, start to exit`, `${run(join(ROOT, 'bench/scan/staged.ts'), ...some).toFixed(0)} ms`);
}
