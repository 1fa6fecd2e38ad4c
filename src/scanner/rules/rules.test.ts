import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { describe, test } from 'node:test';
import type { Random } from '#kernel';
import { compileRule } from '../compile-rule.ts';
import { scanBytes } from '../engine.fixture.ts';
import { lintRule } from '../lint-rule.ts';
import type { Rule } from '../rule.ts';
import { exampleOf, inContext, leadTo, nearMisses } from './example-of.ts';
import { RULES, THEMES } from './index.ts';

/** The rules alone: what a detector would also see is its own matter. */
const SEARCH = { builtin: false, rules: RULES, detectors: [], fileDetectors: [] };

/** The same bytes in every run: SHA-256 of a counter. */
const seeded = (seed: string): Random => {
  let counter = 0;
  return { bytes: (length) => createHash('sha256').update(`${seed}/${counter++}`).digest().subarray(0, length) };
};

const whole = (text: string): string => text.replaceAll('·', '');

const found = async (content: string | Uint8Array, rule: Rule, path = 'config/porch.conf') =>
  (await scanBytes(content, path, SEARCH)).found.filter((one) => one.rule === rule.id);

describe('the table of rules', () => {
  test('has more than 300 kinds, each with an id of its own that begins with its theme’s vendor', () => {
    assert.ok(RULES.length > 300);
    assert.equal(new Set(RULES.map(({ id }) => id)).size, RULES.length);
    for (const { id, vendor, title } of RULES) {
      assert.match(id, /^[a-z\d]+(?:-[a-z\d]+)+$/);
      assert.ok(beginsWith(id, vendor) || beginsWith(id, title), `${id} begins with neither ${vendor} nor ${title}`);
    }
  });

  test('is sound: shapes are linear, begin with three fixed characters or have words near', () => {
    for (const rule of RULES) assert.deepEqual(lintRule(rule), [], rule.id);
    for (const rule of RULES) assert.doesNotThrow(() => compileRule(rule), rule.id);
  });

  test('cites a page of the vendor, says what a value opens and how to end it, and has texts to try', () => {
    for (const rule of RULES) {
      if (rule.vendor === 'Chatelaine') assert.match(rule.source, /^docs\//);
      else assert.equal(new URL(rule.source).protocol, 'https:', rule.id);
      for (const text of [rule.opens, rule.remedy, rule.title])
        assert.ok(text.length >= 4 && text.length <= 260, `${rule.id}: ${text}`);
      assert.match(rule.remedy, /\.$/, rule.id);
      assert.doesNotMatch(rule.opens, /\.$/, rule.id);
      assert.ok(rule.examples.length > 0 && rule.notThese.length > 0, rule.id);
      assert.ok(
        rule.examples.every((text) => text.includes('·')),
        `${rule.id}: an example lies whole in the repository`,
      );
    }
  });

  test('says of what is public by design that it is plain', () => {
    for (const { id, kind, publishable } of RULES) assert.equal(publishable === true, kind === 'plain', id);
  });

  test('has no value of a vendor’s own documents among its examples, nor one value twice', () => {
    const examples = RULES.flatMap((rule) => rule.examples);
    assert.equal(new Set(examples).size, examples.length);
  });

  test('is listed by theme, each theme with something in it', () => {
    for (const [theme, rules] of Object.entries(THEMES)) assert.ok(rules.length > 0, theme);
  });
});

describe('each rule', () => {
  test('finds what it is meant for in its examples', async () => {
    for (const rule of RULES)
      for (const text of rule.examples) assert.equal((await found(whole(text), rule)).length, 1, `${rule.id}: ${text}`);
  });

  test('is silent in texts that only look like it', async () => {
    for (const rule of RULES)
      for (const text of rule.notThese) assert.deepEqual(await found(whole(text), rule), [], `${rule.id}: ${text}`);
  });

  test('finds nineteen of twenty values drawn by chance, whole and with the right name', async () => {
    const random = seeded('drawn');
    const rounds = 20;
    for (const rule of RULES) {
      let right = 0;
      for (let round = 0; round < rounds; round++) {
        const value = exampleOf(rule, random);
        if ((await found(inContext(rule, value), rule)).some((one) => one.value === value)) right++;
      }
      assert.ok(right >= rounds - 1, `${rule.id}: ${right} of ${rounds}`);
    }
  });

  test('is silent when a value is one letter short or long, glued, broken, of a wrong checksum, or far from its words', async () => {
    const random = seeded('near misses');
    for (const rule of RULES)
      for (const { text, what } of nearMisses(rule, random))
        assert.deepEqual(await found(text, rule), [], `${rule.id}, ${what}: ${text.slice(0, 200)}`);
  });
});

describe('a value that hides', () => {
  const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
  const utf16 = (text: string): Uint8Array => Buffer.from(`\ufeff${text}`, 'utf16le');

  /** Ways of writing a text in which its tokens must still be found; those with a word need it in the same text. */
  const WAYS: Readonly<Record<string, (text: string) => string | Uint8Array>> = {
    'in base64': (text) => `data: ${Buffer.from(text).toString('base64')}\n`,
    'in base64 twice': (text) => `data: ${Buffer.from(Buffer.from(text).toString('base64')).toString('base64')}\n`,
    'in hexadecimal digits': (text) => `data: ${Buffer.from(text).toString('hex')}\n`,
    'in UTF-16': utf16,
    'in a string of JSON': (text) => JSON.stringify({ log: `line one\n${text}\nline three` }),
    'with Windows line ends': (text) => `first\r\n${text}\r\nlast`,
    'at the start of a file': (text) => bytes(text),
    'behind a byte order mark': (text) => `\ufeff${text}`,
    'beside letters outside ASCII': (text) => `Zoë’s 🔑: ${text} — für später`,
    'in a comment of XML': (text) => `<!-- ${text} -->`,
    'behind a shell prompt': (text) => `$ export ${text}; make`,
  };

  for (const [way, write] of Object.entries(WAYS))
    test(`is found ${way}`, async () => {
      const random = seeded(way);
      const missed: string[] = [];
      for (const rule of RULES) {
        const value = exampleOf(rule, random);
        if ((await found(write(inContext(rule, value)), rule)).length === 0) missed.push(`${rule.id}: ${value}`);
      }
      assert.ok(missed.length <= RULES.length / 100, `${missed.length} missed:\n${missed.slice(0, 10).join('\n')}`);
    });

  test('is found in the query of a URL, percent-encoded', async () => {
    const random = seeded('query');
    const missed: string[] = [];
    for (const rule of RULES) {
      const name = encodeURIComponent(rule.near?.words[0] ?? 'key');
      const value = exampleOf(rule, random);
      const url = `https://porch.lan/hook?a=1&${name}=${encodeURIComponent(leadTo(rule.lead ?? []) + value)}&b=2`;
      if ((await found(url, rule)).length === 0) missed.push(`${rule.id}: ${url}`);
    }
    assert.ok(missed.length <= RULES.length / 100, `${missed.length} missed:\n${missed.slice(0, 10).join('\n')}`);
  });
});

/** `HashiCorp Vault` and `hashicorp-vault-…`, `crates.io` and `crates-io-…`, `Amazon Web Services` and `aws-…`. */
const beginsWith = (id: string, name: string): boolean => {
  const words = name
    .toLowerCase()
    .split(/[^a-z\d]+/)
    .filter(Boolean);
  const first = id.split('-')[0]!;
  return (
    words.includes(first) ||
    words.join('').startsWith(first) ||
    (name.match(/\b[A-Z]/g) ?? []).join('').toLowerCase() === first
  );
};
