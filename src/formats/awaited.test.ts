import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { Secret, utf8 } from '#kernel';
import { withAwaited } from './awaited.ts';
import { templateOf } from './pieces.ts';
import { survey } from './survey.ts';
import { awaitedIn, credentialsIn, render, templateText } from './template.ts';

const templateFor = (secrets: string) => {
  const found = survey([
    {
      path: 'configuration.yaml',
      bytes: utf8('mqtt:\n  password: !secret mqtt_password\n  token: !secret lost_token\n'),
    },
    { path: 'secrets.yaml', bytes: utf8(secrets) },
  ]);
  return withAwaited(
    templateOf(
      found,
      found.readings.find(({ path }) => path === 'secrets.yaml')!,
    ),
    found,
  );
};
const valuesOf = (known: Readonly<Record<string, string>>) => (name: string) =>
  known[name] === undefined ? undefined : Secret.fromText(known[name]);

suite('a name that is asked for and missing', () => {
  for (const end of ['\n', ''])
    test(`has an entry once it has a value, and none before, in a file that ends ${end === '' ? 'without' : 'with'} a line end`, () => {
      const text = `mqtt_password: Long-Enough-4711${end}`;
      const template = templateFor(text);
      const [password] = credentialsIn(template);
      assert.deepEqual(awaitedIn(template), ['lost_token']);
      assert.equal(render(template, valuesOf({ [password!]: 'Long-Enough-4711' })).revealText(), text);
      assert.equal(
        render(template, valuesOf({ [password!]: 'Long-Enough-4711', lost_token: 'it is: "found"' })).revealText(),
        'mqtt_password: Long-Enough-4711\nlost_token: "it is: \\"found\\""\n',
      );
      assert.match(templateText(template), /\nlost_token: .*\{\{lost_token\}\}/);
      assert.throws(() => render(template, valuesOf({ lost_token: 'x' })), /has no value/);
    });
});
