import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import fc from 'fast-check';
import { Secret, hasCode } from '#kernel';
import { discovery } from '../report/report.fixture.ts';
import { type Accepted, applyBaseline, formatBaseline, parseBaseline } from './baseline.ts';
import { keyedFingerprints, slowFingerprints } from './fingerprint.ts';

const KEY = Secret.fromText('a-key-of-this-test-and-of-nothing-else');
const OTHER = Secret.fromText('another-key-of-this-test-and-no-other!');
const keyed = keyedFingerprints(KEY);
/** Made by chance, for this test. */
const RANDOM = discovery({ value: Secret.fromText(['Zq8vT2mK', '9xLw4RbN', '7cYh3GdJ'].join('')) });
const GUESSABLE = discovery({ value: Secret.fromText('kitchen-2024') });

const accept = (fingerprint: string | null, changes: Partial<Accepted> = {}): Accepted => ({
  fingerprint: fingerprint!,
  rule: 'mqtt-password',
  until: '2027-01-31',
  owner: 'ada',
  reason: 'test broker, on loopback only',
  ...changes,
});

suite('baseline', () => {
  test('a value has one name under a key, wherever it lies and whichever rule found it', () => {
    const name = keyed.of(RANDOM);
    assert.match(name!, /^k[\da-f]{4}:[\da-f]{40}$/);
    assert.equal(keyed.of(discovery({ value: RANDOM.value, rule: 'another', occurrences: [] })), name);
    assert.notEqual(keyedFingerprints(OTHER).of(RANDOM), name);
    assert.notEqual(keyed.of(GUESSABLE), name);
  });

  test('without a key only what nobody can guess has a name', () => {
    const slow = slowFingerprints();
    assert.match(slow.of(RANDOM)!, /^a:[\da-f]{40}$/);
    assert.equal(slow.of(RANDOM), slow.of(RANDOM));
    assert.equal(slow.of(GUESSABLE), null);
    assert.equal(slow.of(discovery({ value: Secret.fromText('correct horse battery staple again') })), null);
  });

  test('what is written is read again, sorted, one line a value, whatever people type', () => {
    fc.assert(
      fc.property(
        fc.array(fc.record({ owner: fc.string(), reason: fc.string(), n: fc.nat(50) }), { maxLength: 20 }),
        (given) => {
          const lines = given
            .filter(({ owner, reason }) => owner.trim() !== '' && reason.trim() !== '')
            .map(({ owner, reason, n }) => accept(`k0000:${n.toString(16).padStart(40, '0')}`, { owner, reason }));
          const text = formatBaseline(lines);
          const read = parseBaseline(text);
          assert.equal(read.length, new Set(lines.map(({ fingerprint }) => fingerprint)).size);
          assert.equal(formatBaseline(read), text);
        },
      ),
    );
  });

  test('lines of two branches merge by union, in any order', () => {
    const one = accept(`k0000:${'1'.repeat(40)}`);
    const two = accept(`k0000:${'2'.repeat(40)}`);
    assert.equal(formatBaseline([one, two]), formatBaseline([two, one]));
    const merged = `${formatBaseline([two])}${formatBaseline([one])}`;
    assert.deepEqual(parseBaseline(merged).length, 2);
  });

  test('a line that is none is an error that names it, never an exception that holds for nothing', () => {
    for (const line of [
      'zq-planted-password',
      `k0000:${'1'.repeat(40)} rule 2027-02-30 ada why`,
      `a:12 rule 2027-01-01 ada why`,
    ])
      assert.throws(
        () => parseBaseline(`# heading\n${line}\n`),
        (error: Error) =>
          hasCode(error, 'scanner.baseline') && /Line 2/.test(error.message) && !error.message.includes('planted'),
      );
  });

  test('what is accepted no longer counts, until its last day; another key’s lines accept nothing and are counted', () => {
    const other = keyedFingerprints(OTHER);
    const baseline = [accept(keyed.of(RANDOM)), accept(other.of(GUESSABLE))];
    const on = (day: string) => applyBaseline([RANDOM, GUESSABLE], baseline, [keyed], day);
    assert.deepEqual(on('2027-01-31').left, [GUESSABLE]);
    assert.deepEqual(on('2027-01-31').unreadable, 1);
    assert.deepEqual(on('2027-02-01').left, [RANDOM, GUESSABLE]);
    assert.deepEqual(on('2027-02-01').ended.length, 1);
  });

  test('no file holds the value, nor an unkeyed hash of it', () => {
    const text = formatBaseline([accept(keyed.of(GUESSABLE))]);
    assert.ok(!text.includes('kitchen'));
  });
});
