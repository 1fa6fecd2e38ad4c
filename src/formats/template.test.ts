import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Secret, hasCode } from '#kernel';
import { type Slot, type Template, credentialsIn, render, renderText } from './template.ts';

const slot = (style: Slot['style'], pieces: Slot['pieces']): Slot => ({
  style,
  layer: 'none',
  indent: '',
  pad: '',
  lead: '',
  pieces,
});
const values = (known: Readonly<Record<string, string>>) => (name: string) =>
  name in known ? Secret.fromText(known[name]!) : undefined;

const template: Template = {
  path: 'secrets.yaml',
  parts: [
    '# mine\nurl: ',
    slot('yaml-plain', [{ text: 'http://u:' }, { credential: 'cam', encoding: 'percent' }, { text: '@h/' }]),
    '\npin: ',
    slot('yaml-typed', [{ credential: 'pin', encoding: 'none' }]),
    '\n',
  ],
};

test('a template puts values into their slots, encoded for the text around them', () => {
  assert.equal(
    render(template, values({ cam: 'a/b@c', pin: '1234' })).revealText(),
    '# mine\nurl: http://u:a%2Fb%40c@h/\npin: 1234\n',
  );
  assert.deepEqual(credentialsIn(template), ['cam', 'pin']);
});

test('a new value that the old quoting cannot hold is quoted', () => {
  assert.equal(
    render(template, values({ cam: 'x', pin: 'a: b' })).revealText(),
    '# mine\nurl: http://u:x@h/\npin: "a: b"\n',
  );
});

test('a missing or impossible value stops the whole file', () => {
  assert.throws(
    () => render(template, values({ cam: 'x' })),
    (error) => hasCode(error, 'formats.value_missing') && /pin/.test(error.hint ?? ''),
  );
  const env: Template = { path: '.env', parts: ['A=', slot('dotenv', [{ credential: 'a', encoding: 'none' }])] };
  assert.throws(
    () => render(env, values({ a: "it's $5" })),
    (error) => hasCode(error, 'formats.unrepresentable') && !error.message.includes('$5'),
  );
});

test('references inside a value are left as they are written', () => {
  const mixed = slot('dotenv', [
    { text: 'mqtt://u:' },
    { credential: 'p', encoding: 'none' },
    { text: '@' },
    { written: '${HOST}' },
  ]);
  assert.equal(
    render({ path: '.env', parts: ['URL=', mixed, '\n'] }, values({ p: 'a"b' })).revealText(),
    'URL="mqtt://u:a\\"b@${HOST}"\n',
  );
  const compose: Slot = {
    ...slot('yaml-double', [{ credential: 'p', encoding: 'none' }, { written: '${X}' }]),
    layer: 'compose',
    lead: 'A=',
  };
  assert.equal(render({ path: 'c', parts: [compose] }, values({ p: 'a$b' })).revealText(), '"A=a$$b${X}"');
});

test('a text template looks names up and evaluates nothing', () => {
  assert.equal(
    renderText('a={{ mqtt/password }}; b={{{{ x }}', values({ 'mqtt/password': '{{ other }}' })).revealText(),
    'a={{ other }}; b={{ x }}',
  );
  assert.throws(
    () => renderText('\n{{ }}', values({})),
    (error) => hasCode(error, 'formats.malformed_template') && error.message.includes('Line 2'),
  );
  assert.throws(
    () => renderText('{{ 1 + 1 }}', values({})),
    (error) => hasCode(error, 'formats.value_missing'),
  );
});
