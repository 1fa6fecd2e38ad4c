import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { systemClock } from '#kernel/node';
import type { FileDetector } from './detector.ts';
import { SEARCH, TEST_RULES } from './engine.fixture.ts';
import { exitCodeOf } from './scan-report.ts';
import { type ScanOptions, scan } from './scan.ts';
import { chance, drawTokenOf } from './tokens.fixture.ts';
import type { Origin, Source, Unit, Yield } from './unit.ts';
import { threads } from './workers/threads.ts';

const next = chance(99);
const draw = (id: string): string =>
  drawTokenOf(
    TEST_RULES.find((rule) => rule.id === id)!,
    next,
  );
const PORCH = draw('porch-key');
const GITHUB = draw('github-token');
const OPTIONS: ScanOptions = { ...SEARCH, clock: systemClock };

const unit = (path: string, text: string, origin: Origin = { type: 'file' }): Yield => ({
  type: 'unit',
  unit: { path, origin, size: null, content: { type: 'bytes', bytes: new TextEncoder().encode(text) } },
});
const file = (path: string): Yield => ({
  type: 'unit',
  unit: { path, origin: { type: 'file' }, size: null, content: { type: 'path', file: path } } satisfies Unit,
});
const source = (...given: readonly Yield[]): Source =>
  async function* () {
    yield* given;
  };

describe('a scan', () => {
  let folder = '';
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'scan-'));
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  test('lists a credential once with all its places, the most dangerous first', async () => {
    const report = await scan(
      source(
        unit('b.conf', `x = ${PORCH}\ny = ${PORCH}\n`),
        unit('a.conf', `z = ${GITHUB} ${PORCH}`),
        unit('c.conf', 'q'),
      ),
      OPTIONS,
    );
    assert.deepEqual(
      report.discoveries.map(({ rule, occurrences }) => [rule, occurrences.map(({ path, line }) => `${path}:${line}`)]),
      [
        ['porch-key', ['a.conf:1', 'b.conf:1', 'b.conf:2']],
        ['github-token', ['a.conf:1']],
      ],
    );
    assert.equal(report.covered.units, 3);
    assert.equal(exitCodeOf(report), 1);
    assert.ok(!JSON.stringify(report).includes(PORCH), 'a report written as it is shows no value');
  });

  test('of nothing is clean, and of a gap is not', async () => {
    assert.equal(exitCodeOf(await scan(source(unit('a', 'nothing')), OPTIONS)), 0);
    const gap: Yield = { type: 'gap', gap: { path: 'x', code: 'unreadable', message: 'No.' } };
    assert.equal(exitCodeOf(await scan(source(gap), OPTIONS)), 3);
  });

  test('reads files by path, never through a link, and names what it could not read', async () => {
    const at = (name: string) => join(folder, name);
    writeFileSync(at('plain.conf'), `k = ${PORCH}`);
    writeFileSync(at('empty'), '');
    symlinkSync(at('plain.conf'), at('link.conf'));
    mkdirSync(at('folder'));
    const report = await scan(
      source(...['plain.conf', 'empty', 'link.conf', 'folder', 'gone'].map((name) => file(at(name)))),
      OPTIONS,
    );
    assert.equal(report.discoveries.length, 1);
    assert.deepEqual(
      report.gaps.map(({ code, path }) => `${code} ${path.slice(folder.length + 1)}`),
      ['changed link.conf', 'changed folder', 'changed gone'],
    );
  });

  test('by threads finds exactly what one thread finds', { timeout: 60_000 }, async () => {
    const tree = join(folder, 'tree');
    mkdirSync(tree);
    const files: Yield[] = [];
    for (let i = 0; i < 400; i++) {
      const path = join(tree, `f${i}.conf`);
      writeFileSync(path, `line\nkey${i} = ${i % 7 === 0 ? draw('porch-key') : 'none'}\nall = ${PORCH}\n`);
      files.push(file(path));
      if (i % 50 === 0) files.push(unit(`m${i}.conf`, `in memory ${draw('github-token')}`));
    }
    const one = await scan(source(...files), OPTIONS);
    // The contents in memory were handed away by the first scan only if it had threads: it had none.
    const two = await scan(source(...files), { ...OPTIONS, workers: { factory: threads, count: 2 } });
    const plain = ({ discoveries }: typeof one) =>
      discoveries
        .map(({ value, occurrences, ...rest }) => ({ ...rest, value: value.revealText(), occurrences }))
        .toSorted((a, b) => (a.value < b.value ? -1 : 1));
    assert.deepEqual(plain(two), plain(one));
    assert.deepEqual(two.covered, one.covered);
    assert.ok(one.discoveries.length > 60);
  });

  test('whose threads die is incomplete, not clean', { timeout: 60_000 }, async () => {
    const report = await scan(source(...Array.from({ length: 400 }, (_, i) => unit(`u${i}`, 'x'))), {
      ...OPTIONS,
      workers: {
        count: 1,
        factory: (setup) => {
          const worker = threads(setup);
          void worker.terminate();
          return worker;
        },
      },
    });
    assert.ok(report.gaps.length > 0 && report.gaps.every(({ code }) => code === 'failed'));
    assert.equal(exitCodeOf(report), 3);
    assert.equal(report.covered.units + report.gaps.length, 400);
  });

  test('that is stopped says what it covered', async () => {
    const stop = new AbortController();
    const endless: Source = async function* (signal) {
      for (let i = 0; !signal.aborted; i++) {
        if (i === 3) stop.abort();
        yield unit(`u${i}`, PORCH);
      }
    };
    const report = await scan(endless, { ...OPTIONS, signal: stop.signal });
    assert.deepEqual(
      report.gaps.map(({ code }) => code),
      ['interrupted'],
    );
    assert.ok(report.covered.units >= 3 && report.discoveries.length === 1);
  });

  test('keeps a verdict only of blobs in which nothing was found', async () => {
    const clean: string[] = [];
    const verdicts = { digest: 'd', isClean: () => false, addClean: (id: string) => void clean.push(id) };
    const blob = (id: string, text: string) => unit(`${id}.conf`, text, { type: 'blob', id });
    const report = await scan(source(blob('aa', 'x'), blob('bb', PORCH), { type: 'known', units: 5 }, unit('f', 'x')), {
      ...OPTIONS,
      verdicts,
    });
    assert.deepEqual(clean, ['aa']);
    assert.equal(report.covered.fromCache, 5);
  });

  test('lets the parser of a format win over what its text looks like', async () => {
    const parser: FileDetector = {
      id: 'hub-json',
      literals: ['"hub_version"'],
      wants: (path, hits) => path.endsWith('.json') && hits.has('"hub_version"'),
      detect: ({ text }) => {
        const start = text.indexOf(PORCH);
        return start === -1 ? [] : [{ ...words, start, end: start + PORCH.length }];
      },
    };
    const words = {
      rule: 'hub-owner-key',
      title: 'Hub owner key',
      vendor: 'Hub',
      kind: 'api-key',
      tier: 'gold',
      rotation: 'api',
      opens: 'the hub',
      remedy: 'Make a new one.',
      why: 'stands under owner',
      name: 'owner',
      facts: {},
      also: [],
      confidence: 'certain',
    } as const;
    const text = `{"Ünicode": "ö",\n "hub_version": 3, "owner": "${PORCH}"}`;
    const report = await scan(source(unit('hub.json', text), unit('hub.txt', text)), {
      ...OPTIONS,
      fileDetectors: [parser],
    });
    const [one] = report.discoveries;
    assert.equal(report.discoveries.length, 1);
    assert.equal(one!.rule, 'hub-owner-key');
    assert.deepEqual(
      one!.occurrences.map(({ line, column, path, offset }) => [path, line, column, offset]),
      [
        ['hub.json', 2, 30, Buffer.byteLength(text.slice(0, text.indexOf(PORCH)))],
        ['hub.txt', 2, 30, Buffer.byteLength(text.slice(0, text.indexOf(PORCH)))],
      ],
    );
  });
});
