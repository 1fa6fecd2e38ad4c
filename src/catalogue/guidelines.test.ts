import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, test } from 'node:test';
import { guidelineOf } from './guidelines.ts';
import { KINDS, isKindId } from './kinds.ts';

const guidelines = Object.keys(KINDS)
  .filter(isKindId)
  .map((kind) => ({ kind, ...guidelineOf(kind) }));

describe('guidelines', () => {
  test('there is one for every kind of the catalogue', () => {
    assert.equal(guidelines.length, Object.keys(KINDS).length);
    for (const { kind, why, instead, command } of guidelines)
      for (const text of [why, instead, command]) assert.equal(typeof text, 'string', kind);
  });

  test('each is three sentences that fit beside a finding', () => {
    for (const { kind, why, instead, command } of guidelines) {
      for (const sentence of [why, instead, command]) {
        assert.match(sentence, /^[A-Z`].{20,170}\.$/s, `${kind}: ${sentence}`);
        // A full stop inside a name (`secrets.yaml`, `github.com`) has no blank behind it.
        assert.doesNotMatch(sentence, /[.!?] [A-Z]/, `${kind} says two sentences: ${sentence}`);
      }
      assert.ok([why, instead, command].join(' ').length <= 400, kind);
    }
  });

  test('each names a command that there is, and only such', () => {
    const reference = readFileSync(new URL('../../docs/cli.md', import.meta.url), 'utf8');
    const commands = new Set(Array.from(reference.matchAll(/^### chatelaine (.+)$/gm), ([, name]) => name));
    for (const { kind, command } of guidelines) {
      const named = Array.from(command.matchAll(/`\.\/chatelaine ([^`]+)`/g), ([, line]) => line!);
      assert.ok(named.length > 0, kind);
      for (const line of named) {
        const [first = '', second = ''] = line.split(' ');
        assert.ok(commands.has(first) || commands.has(`${first} ${second}`), `${kind}: ${line}`);
        for (const [option] of line.matchAll(/--[a-z-]+/g)) assert.ok(reference.includes(option), `${kind}: ${option}`);
      }
    }
  });

  test('a kind that is named in a command is one of the catalogue', () => {
    for (const { kind, command } of guidelines)
      for (const [, named] of command.matchAll(/--kind ([a-z-]+)/g)) assert.ok(isKindId(named!), `${kind}: ${named}`);
  });
});
