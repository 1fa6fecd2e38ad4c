import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readYaml } from './yaml.ts';

const read = (text: string) => {
  const { scalars, faults } = readYaml(text);
  assert.deepEqual(faults, []);
  return scalars.map(({ keyPath, text: value, style, span, tag }) => [
    keyPath.join('.'),
    value,
    style,
    text.slice(span.start, span.end),
    ...(tag === undefined ? [] : [tag]),
  ]);
};

test('every scalar has its key path, its decoded text, its quoting and its exact span', () => {
  assert.deepEqual(read(`a: plain text # c\nb: 'it''s'\nc: "q\\n"\nd: {e: x, f: [1, w]}\ng:\n  - !secret name\n`), [
    ['a', 'plain text', 'yaml-plain', 'plain text'],
    ['b', "it's", 'yaml-single', "'it''s'"],
    ['c', 'q\n', 'yaml-double', '"q\\n"'],
    ['d.e', 'x', 'yaml-flow-plain', 'x'],
    ['d.f.0', '1', 'yaml-typed', '1'],
    ['d.f.1', 'w', 'yaml-flow-plain', 'w'],
    ['g.0', 'name', 'yaml-plain', 'name', '!secret'],
  ]);
});

test('a byte order mark, Windows line ends, several documents and block texts keep their places', () => {
  assert.deepEqual(read('\uFEFFa: x\r\nb: |\r\n  one\r\n  two\r\nc: 1\r\n---\r\nd: >-\r\n  f\r\n  g\r\n'), [
    ['a', 'x', 'yaml-plain', 'x'],
    ['b', 'one\ntwo\n', 'yaml-literal', '|\r\n  one\r\n  two'],
    ['c', '1', 'yaml-typed', '1'],
    ['d', 'f g', 'yaml-folded', '>-\r\n  f\r\n  g'],
  ]);
});

test('an alias is not a second occurrence, and a circle or a bomb of aliases costs nothing', () => {
  assert.deepEqual(
    read('a: &x {k: v}\nb: *x\nc: {<<: *x, d: e}\n').map(([path]) => path),
    ['a.k', 'c.d'],
  );
  assert.deepEqual(
    read('a: &a\n  b: *a\n  c: d\n').map(([path]) => path),
    ['a.c'],
  );
  const bomb = Array.from({ length: 60 }, (_, i) => `a${i}: &a${i} [${i === 0 ? 'x' : `*a${i - 1}, *a${i - 1}`}]`).join(
    '\n',
  );
  assert.equal(read(bomb).length, 1);
});

test('repeated keys and unknown tags are read as they stand', () => {
  assert.deepEqual(
    read('a: 1\na: 2\nb: !lambda return x;\n').map(([path, text]) => `${path}=${text}`),
    ['a=1', 'a=2', 'b=return x;'],
  );
});

test('sixteen bytes in a list are one value, in brackets or as a block', () => {
  const numbers = Array.from({ length: 16 }, (_, i) => i);
  assert.deepEqual(read(`key: [${numbers.join(', ')}]\n`)[0]!.slice(1, 3), [JSON.stringify(numbers), 'yaml-list']);
  const block = `key:\n${numbers.map((number) => `- 0x${number.toString(16)}`).join('\n')}\nz: 1\n`;
  const { scalars } = readYaml(block);
  assert.equal(block.slice(0, scalars[0]!.span.start), 'key:');
  assert.equal(scalars[0]!.pad, ' ');
  assert.equal(scalars[0]!.text, JSON.stringify(numbers));
  assert.match(readYaml(block.replace('- 0x3', '- 0x3 # mine')).scalars[0]!.fixed ?? '', /comments/);
  assert.equal(readYaml(`key: [${[...numbers.slice(1), 300].join(', ')}]\n`).scalars.length, 16);
});

test('a broken document is a fault with a place that quotes nothing, and the other documents are read', () => {
  const { scalars, faults } = readYaml('a: 1\n---\nb: "topsecret\n---\nc: 2\n');
  assert.ok(faults.length > 0);
  assert.ok(faults.every(({ message }) => !message.includes('topsecret')));
  assert.ok(scalars.some(({ keyPath }) => keyPath[0] === 'a'));
});

test('nesting without end is a fault, not a crash', () => {
  for (const text of ['['.repeat(100_000), '- '.repeat(100_000), `${'{a: '.repeat(300)}x${'}'.repeat(300)}`]) {
    const { faults } = readYaml(text);
    assert.ok(faults.length > 0);
  }
});
