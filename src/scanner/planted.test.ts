import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, test } from 'node:test';
import { scanBytes } from './engine.fixture.ts';
import { leadTo } from './rules/example-of.ts';
import { RULES } from './rules/index.ts';
import type { Rule } from './rule.ts';
import { chance, drawTokenOf } from './tokens.fixture.ts';

/** Real text to plant into: sources, documents, data of this repository, and prose of several kinds of files. */
const HOSTS: readonly (readonly [path: string, text: string])[] = [
  ['src/hub/scan.ts', 'src/scanner/scan.ts'],
  ['src/hub/matcher.c', 'assembly/kernel.ts'],
  ['config/hub.json', 'package.json'],
  ['config/hub.yaml', '.oxlintrc.json'],
].map(([path, file]) => [path!, readFileSync(new URL(`../../${file}`, import.meta.url), 'utf8')] as const);

/** The rules that come with the program, and all detectors. */
const BUILTIN = {};

/** How a line of a file gives a value. */
const LINES: readonly ((name: string, value: string) => string)[] = [
  (name, value) => `${name} = "${value}"`,
  (name, value) => `${name}: ${value}`,
  (name, value) => `"${name}": "${value}",`,
  (name, value) => `export ${name}=${value}`,
  (name, value) => `const ${name} = '${value}';`,
  (name, value) => `<${name}>${value}</${name}>`,
];

const ROUNDS = 6;
/** Share of planted tokens that must be found under their own rule's name, or one that says more. */
const RECALL = 0.99;

const plant = (rule: Rule, round: number, next: () => number) => {
  const [path, text] = HOSTS[Math.floor(next() * HOSTS.length)]!;
  const lines = text.split('\n');
  const word = rule.near?.words[0] ?? rule.vendor.toLowerCase().split(' ')[0]!;
  const value = drawTokenOf(rule, next);
  const line = LINES[(round + Math.floor(next() * LINES.length)) % LINES.length]!(
    `${word}_key`,
    leadTo(rule.lead ?? []) + value,
  );
  lines.splice(Math.floor(next() * lines.length), 0, line);
  return { path, value, line, content: lines.join(next() < 0.3 ? '\r\n' : '\n') };
};

describe('planted tokens of every rule', () => {
  test(`are found at ${RECALL * 100} % and more`, { timeout: 120_000 }, async () => {
    const next = chance(Number(process.env['TEST_SEED'] ?? 31));
    const missed: string[] = [];
    let planted = 0;
    for (const rule of RULES) {
      // Their letters depend on each other in ways that a token drawn by chance does not.
      if (rule.checksum === 'base64-json' || rule.checksum === 'luhn' || rule.checksum === 'gitlab-crc32') continue;
      for (let round = 0; round < ROUNDS; round++) {
        const { content, line, path, value } = plant(rule, round, next);
        const { found } = await scanBytes(content, path, BUILTIN);
        planted++;
        if (!found.some((one) => one.value.includes(value) || value.includes(one.value)))
          missed.push(`${rule.id} in ${path}: ${line}`);
      }
    }
    assert.ok(
      missed.length <= planted * (1 - RECALL),
      `${missed.length} of ${planted} missed:\n${missed.slice(0, 40).join('\n')}`,
    );
  });
});
