import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import fc from 'fast-check';
import { Secret } from '#kernel';
import { htmlReport } from './html-report.ts';
import { jsonReport } from './json-report.ts';
import { junitReport } from './junit-report.ts';
import { CONTEXT, HOSTILE, PLANTED, discovery, occurrence, report } from './report.fixture.ts';
import { sarifReport } from './sarif-report.ts';
import { shownValue } from './shown-value.ts';
import type { Discovery, Managed } from '../finding.ts';
import { withManaged } from './describe-managed.ts';

const WRITERS = { html: htmlReport, json: jsonReport, junit: junitReport, sarif: sarifReport };

type Sarif = {
  readonly runs: readonly {
    readonly tool: { readonly driver: { readonly rules: readonly { readonly id: string }[] } };
    readonly invocations: readonly { readonly executionSuccessful: boolean }[];
    readonly results: readonly {
      readonly level: string;
      readonly ruleIndex: number;
      readonly partialFingerprints?: object;
      readonly locations: readonly {
        readonly physicalLocation: { readonly artifactLocation: { readonly uri: string }; readonly region: object };
      }[];
    }[];
  }[];
};
const sarifOf = (...given: Parameters<typeof sarifReport>) => (JSON.parse(sarifReport(...given)) as Sarif).runs[0]!;

suite('reports of a scan', () => {
  test('show the first and last two characters of a long value, and none of a short one', () => {
    assert.equal(shownValue(Secret.fromText('abcdefghijkl')), 'ab…kl (12 characters)');
    assert.equal(shownValue(Secret.fromText('abcdefghijk')), '… (11 characters)');
    assert.equal(shownValue(Secret.fromText('-----BEGIN PRIVATE KEY-----')), '… (27 characters)');
    assert.equal(shownValue(Secret.fromText('\u001B[2Jabcdefghij')), '… (14 characters)');
  });

  for (const [name, write] of Object.entries(WRITERS))
    test(`${name} holds no more than that of any value`, () => {
      fc.assert(
        fc.property(fc.string({ minLength: 5, maxLength: 80, unit: 'grapheme' }), (text) => {
          const value = `${text}‡${text}`;
          const written = write(report({ discoveries: [discovery({ value: Secret.fromText(value) })] }), CONTEXT);
          assert.ok(!written.includes('‡'), name);
        }),
      );
      assert.ok(!write(HOSTILE, CONTEXT).includes(PLANTED.slice(0, 5)));
    });

  test('SARIF names each rule once, uses paths relative to the repository, and tells nothing of authors', () => {
    const run = sarifOf(HOSTILE, CONTEXT);
    const ids = run.tool.driver.rules.map(({ id }) => id);
    assert.deepEqual(ids, ['mqtt-password', 'a-note', 'a-key']);
    assert.deepEqual(
      run.results.map(({ level, ruleIndex }) => [level, ids[ruleIndex]]),
      [
        ['error', 'mqtt-password'],
        ['error', 'mqtt-password'],
        ['error', 'mqtt-password'],
        ['error', 'mqtt-password'],
        ['note', 'a-note'],
        ['error', 'a-key'],
      ],
    );
    assert.deepEqual(
      run.results.slice(0, 2).map(({ locations }) => locations[0]!.physicalLocation.artifactLocation.uri),
      ['a%20b/%3Cscript%3Ealert(1)%3C/script%3E/%23%3F%25.yaml', 'fw.bin'],
    );
    assert.ok(!sarifReport(HOSTILE, CONTEXT).includes('Eve'));
    assert.equal(run.invocations[0]!.executionSuccessful, false);
  });

  test('SARIF carries the keyed fingerprint, and none where there is no key', () => {
    const [result] = sarifOf(report(), CONTEXT).results;
    assert.deepEqual(result!.partialFingerprints, { 'chatelaineValue/v1': 'k1:0011' });
    const [without] = sarifOf(report(), { ...CONTEXT, fingerprint: () => null }).results;
    assert.equal(without!.partialFingerprints, undefined);
  });

  test('JUnit has a failure per credential, an error per gap, and a passed test when there is nothing', () => {
    const text = junitReport(HOSTILE, CONTEXT);
    assert.match(text, /tests="4" failures="2" errors="1"/);
    assert.equal(text.match(/<failure /g)?.length, 2);
    assert.equal(text.match(/<error /g)?.length, 1);
    assert.doesNotMatch(text, /[\u0001\uD800]|<script|<x y/);
    assert.match(
      junitReport(report({ discoveries: [] }), CONTEXT),
      /tests="1" failures="0" errors="0".*no credential in 3 units/s,
    );
  });

  test('HTML runs no script and loads nothing, whatever paths and names say', () => {
    const page = htmlReport(HOSTILE, CONTEXT);
    assert.match(page, /default-src 'none'; style-src 'unsafe-inline'/);
    assert.doesNotMatch(page, /<script|<x y|<img|https?:\/\/(?!.*<\/dd>)|src=/);
    assert.match(page, /Credentials lie here in clear text/);
    assert.match(htmlReport(report({ discoveries: [] }), CONTEXT), /Nothing was found, and everything was read/);
    const many = Array.from({ length: 7 }, (_, line) => occurrence({ line }));
    assert.match(htmlReport(report({ discoveries: [discovery({ occurrences: many })] }), CONTEXT), /2 more places/);
  });

  test('what a store keeps is told in every report, and what is live comes first and is certain', () => {
    const managed = (live: boolean): Managed => ({
      path: 'porch/prod/mqtt',
      version: 3,
      standing: live ? 'current' : 'earlier',
      live,
      state: 'active',
      tier: 'gold',
      owner: live ? 'ada' : null,
      consumers: { count: live ? 4 : 1, first: ['a.yaml'] },
    });
    const kept = withManaged(
      report({
        discoveries: [
          discovery({ rule: 'nobodys' }),
          discovery({ rule: 'replaced', confidence: 'note' }),
          discovery({ rule: 'live', confidence: 'note', tier: 'bronze' }),
        ],
      }),
      ({ rule }) => (rule === 'nobodys' ? undefined : managed(rule === 'live')),
    );
    assert.deepEqual(
      kept.discoveries.map(({ rule, confidence }) => [rule, confidence]),
      [
        ['live', 'certain'],
        ['nobodys', 'likely'],
        ['replaced', 'note'],
      ],
    );
    for (const [name, write] of Object.entries(WRITERS)) {
      const text = write(kept, CONTEXT);
      if (name === 'json')
        assert.deepEqual((JSON.parse(text) as { findings: Discovery[] }).findings[0]!.managed, managed(true));
      else assert.match(text, /this is porch\/prod\/mqtt, version 3, live, used by 4 consumers, owned by ada/, name);
      if (name !== 'json') assert.match(text, /replaced since.*used by 1 consumer, owned by nobody/, name);
    }
  });

  test('JSON says the outcome, and whether everything was read', () => {
    const of = (given: Parameters<typeof jsonReport>[0]) =>
      JSON.parse(jsonReport(given, CONTEXT)) as { outcome: string; complete: boolean };
    assert.deepEqual([of(HOSTILE).outcome, of(HOSTILE).complete], ['findings', false]);
    assert.equal(of(report({ discoveries: [] })).outcome, 'clean');
    assert.equal(of(report({ discoveries: [], gaps: HOSTILE.gaps })).outcome, 'incomplete');
  });
});
