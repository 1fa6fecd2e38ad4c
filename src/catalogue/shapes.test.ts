import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import type { KindId } from './kinds.ts';
import { SHAPES, findShapes, isBase64Of32, shapeOf, sixteenIntegers } from './shapes.ts';

const letters = (length: number): string => 'aB3dE5fG7h'.repeat(40).slice(0, length);

/** One text for every row of the table, made up and, where an issuer adds a checksum, with a wrong one. */
const SAMPLES: readonly (readonly [KindId, string])[] = [
  ['private-key', `-----BEGIN RSA PRIVATE KEY-----\n${letters(64)}\n-----END RSA PRIVATE KEY-----`],
  ['tunnel-token', `eyJhIjoi${letters(80)}`],
  ['access-token', `eyJhbGciOiJIUzI1NiJ9.eyJ${letters(20)}.${letters(43)}`],
  ['github-token', `gho_${letters(36)}`],
  ['github-token', `github_pat_${letters(60)}`],
  ['access-token', `glpat-${letters(20)}`],
  ['access-token', `npm_${letters(36)}`],
  ['access-token', `dckr_pat_${letters(27)}`],
  ['access-token', `xoxb-${letters(40)}`],
  ['api-key', `sk-${letters(40)}`],
  ['aws-access-key-id', 'AKIAIOSFODNN7EXAMPLE'],
  ['google-api-key', `AIza${letters(35)}`],
  ['client-secret', `GOCSPX-${letters(28)}`],
  ['access-token', `ya29.${letters(60)}`],
  ['refresh-token', `1//0${letters(60)}`],
  ['client-secret', `amzn1.oa2-cs.v1.${'0f'.repeat(32)}`],
  ['access-token', `Atza|${letters(80)}`],
  ['refresh-token', `Atzr|${letters(80)}`],
  ['access-token', `tskey-auth-${letters(30)}`],
  ['telegram-bot-token', `12345678:${letters(35)}`],
  ['access-token', `oh.porch.${letters(60)}`],
  ['local-key', `irk:${'0f'.repeat(16)}`],
  ['bcrypt-hash', `$2b$10$${letters(53)}`],
  ['bcrypt-hash', `JDJiJ${letters(75)}`],
  ['password-hash', `$argon2id$v=19$m=65536,t=3,p=4$${letters(22)}$${letters(43)}`],
  ['password-hash', `$7$101$${letters(16)}$${letters(86)}==`],
  ['password-hash', `$6$${letters(16)}$${letters(86)}==`],
];

suite('marked forms', () => {
  test('there is a sample for every row', () => assert.equal(SAMPLES.length, SHAPES.length));

  for (const [kind, sample] of SAMPLES)
    test(`${sample.slice(0, 12)}… is found alone and inside a text`, () => {
      assert.equal(shapeOf(sample)?.kind, kind);
      const text = `one "${sample}" two`;
      assert.deepEqual(
        findShapes(text).map(({ start, end }) => text.slice(start, end)),
        [sample],
      );
    });

  test('a form inside a longer word is none', () => {
    assert.deepEqual(findShapes(`xAKIAIOSFODNN7EXAMPLE AKIAIOSFODNN7EXAMPLEx risk-${letters(40)}`), []);
  });
});

suite('forms that need a name', () => {
  test('sixteen bytes are sixteen numbers up to 255', () => {
    assert.equal(sixteenIntegers('[1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,255]')?.length, 16);
    for (const text of ['[1,2,3]', '1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,256', '1.5,2', ''])
      assert.equal(sixteenIntegers(text), null);
  });

  test('32 bytes in base64 end in one equals sign', () => {
    assert.ok(isBase64Of32(Buffer.alloc(32, 7).toString('base64')));
    for (const length of [31, 33]) assert.ok(!isBase64Of32(Buffer.alloc(length, 7).toString('base64')));
  });
});
