import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { Secret } from '#kernel';
import { withoutEntries } from './left-out.ts';
import { type Slot, type Template, render } from './template.ts';

const slot = (credential: string): Slot => ({
  style: 'yaml-plain',
  layer: 'none',
  indent: '',
  pad: '',
  lead: '',
  pieces: [{ credential, encoding: 'none' }],
});
const rendered = (parts: Template['parts'], ...gone: readonly string[]): string =>
  render(withoutEntries({ path: 'secrets.yaml', parts }, new Set(gone)), (name) =>
    gone.includes(name) ? undefined : Secret.fromText(`value-of-${name}`),
  ).revealText();

suite('a file without an entry', () => {
  const parts = ['# mine\na: ', slot('a'), '  # first\nb: ', slot('b'), '\nc: ', slot('c'), ''];
  test('keeps every other line, wherever the entry stood', () => {
    assert.equal(rendered(parts, 'a'), '# mine\nb: value-of-b\nc: value-of-c');
    assert.equal(rendered(parts, 'b'), '# mine\na: value-of-a  # first\nc: value-of-c');
    assert.equal(rendered(parts, 'c'), '# mine\na: value-of-a  # first\nb: value-of-b\n');
    assert.equal(rendered(parts, 'a', 'b', 'c'), '# mine\n');
    assert.equal(rendered(['A=', slot('a'), '\n#define B ', slot('b'), '\n'], 'a', 'b'), '');
  });

  test('is not written where the value stands inside something else', () => {
    assert.throws(() => rendered(['url: http://', slot('a'), '@host\n'], 'a'), /has no value/);
    assert.throws(() => rendered(['mqtt:\n  password: ', slot('a'), '\n'], 'a'), /has no value/);
    assert.throws(() => rendered(['a: [', slot('a'), ', ', slot('b'), ']\n'], 'a'), /has no value/);
    assert.throws(() => rendered(['x: ', slot('b'), '\nk: v', slot('a'), '\n'], 'a'), /has no value/);
  });
});
