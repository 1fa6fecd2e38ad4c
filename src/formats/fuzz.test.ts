import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { ChatelaineError, utf8 } from '#kernel';
import { RUNS } from '../../test/hostile.ts';
import {
  type FileReading,
  type FormatId,
  type SourceFile,
  applyFileEdit,
  planRewrite,
  readFile,
  render,
  renderText,
  survey,
} from './index.ts';

/** One small, valid file per format; mutation does the rest. */
const SEEDS: Readonly<Record<string, string>> = {
  'configuration.yaml': `homeassistant:\n  name: x\nmqtt: &m\n  password: 'Hunt3r2x'\n  <<: *m\nlist:\n  - !secret api_key\n  - !env_var TOKEN fallback\nblock: |+\n  a\n\n  b\n? [a, b]\n: {c: "d\\n"}\n---\nz: !include other.yaml\n`,
  'secrets.yaml': `<<: !include ../secrets.yaml\npassword: "a: b"\nkey: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16]\nurl: http://u:p4ssw0rd@host/?token=abc123def456\n`,
  'esphome/a.yaml': `substitutions:\n  pw: S3cretPassw0rd\nesphome:\n  name: a\nota:\n  password: \${pw}\napi:\n  encryption: {key: "5EabKJeqfIr1Dsc0OjCPlnQcSUysOdFgjtUASAZ4kgM="}\n`,
  'zigbee2mqtt/configuration.yaml': `mqtt:\n  base_topic: z\n  password: '!secret.yaml password'\nserial: {port: x}\nadvanced:\n  network_key:\n    - 1\n    - 3\n`,
  'docker-compose.yml': `services:\n  a:\n    env_file: [.env]\n    environment:\n      - TOKEN=\${T:-x$$y}\n      - PASS\n      - URL=mqtt://u:Sup3rS3cret@\${HOST}\n`,
  '.github/workflows/a.yml': `on: push\njobs:\n  a:\n    env:\n      TOKEN: \${{ secrets.TOKEN }}\n      PASSWORD: Hunt3r2xyz\n`,
  'template.yaml': `Transform: AWS::Serverless-2016-10-31\nParameters:\n  Pw: {Type: String, NoEcho: true, Default: abc}\nResources:\n  F: {Properties: {Environment: {Variables: {PW: !Ref Pw, K: !Sub "\${Pw}"}}}}\n`,
  'serverless.yml': `provider:\n  environment:\n    TOKEN: \${env:TOKEN, 'dev'}\n    PASSWORD: hunter2hunter2\n`,
  'flows.json': `[{"id":"a","type":"x","z":"f","password":"Hunt3r2x","url":"\${URL}","k":[1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16],"wires":[]}]`,
  'flows_cred.json': `{"$":"00112233445566778899aabbccddeeff"}`,
  '.storage/auth': `{"version":1,"data":{"refresh_tokens":[{"token":"abcdef0123456789","jwt_key":"0123456789abcdef"}]}}`,
  'settings.js': `module.exports = { credentialSecret: "a'b", /* c */ adminAuth: { users: [{ password: \`x\` }] }, re: /["']/g, t: process.env.TOKEN || 'd' };`,
  'a.ino': `#include "arduino_secrets.h"\nconst char pass[] = "p\\x41\\101";\nvoid f() { WiFi.begin(SECRET_SSID, R"x(y)x"); char c = '"'; }\n`,
  'arduino_secrets.h': `#define SECRET_SSID "home"\n#define SECRET_PASS "Hunt3r2x" // c\n`,
  'a.py': `"""d"""\nimport os\nTOKEN = os.environ.get("TOKEN", "d3fault-Token-1")\nx = {"password": 'p', **y}\nz = f"{TOKEN}" r'\\n' b'x'\n`,
  '.env': `export A='x y'\nB="a \${A} \\$ \\n"\nC=bare # c\n`,
  'mosquitto.conf': `listener 1883\nconnection b\nremote_password Hunt3r2x\n`,
  passwd: `user:$7$101$c2FsdA==$aGFzaA==\n`,
  'platformio.ini': `[env:x]\nbuild_flags =\n  -DPASS=\\"abc\\"\n  -DT=\${sysenv.T} ; c\nupload_flags = --auth=Hunt3r2x\n`,
  'config.json': `{"bridge":{"pin":"031-45-154"},"platforms":[{"password":"Hunt3r2x","n":1e5}]}`,
};

const TROUBLE = [
  '\0',
  '\r',
  '\n',
  '\t',
  '"',
  "'",
  '`',
  '[',
  ']',
  '{',
  '}',
  '*a',
  '&a ',
  '!x ',
  '!!str ',
  ': ',
  '- ',
  '? ',
  '|',
  '>',
  '#',
  '$',
  '${',
  '\\',
  '\uFEFF',
  '---\n',
  '%YAML 9.9\n',
  '<<: *a',
  '\u{1f511}',
  '/*',
  '"""',
  ' '.repeat(40),
  '[[[[[[[[[[',
];

type Cut = { readonly at: number; readonly length: number; readonly put: string };
const cut: fc.Arbitrary<Cut> = fc.record({
  at: fc.nat(600),
  length: fc.nat(20),
  put: fc.oneof(fc.constantFrom(...TROUBLE), fc.string({ maxLength: 6 }), fc.constant('')),
});
const mutate = (text: string, cuts: readonly Cut[]): string =>
  cuts.reduce((current, { at, length, put }) => {
    const start = at % (current.length + 1);
    return current.slice(0, start) + put + current.slice(start + length);
  }, text);

/** What every reading promises, whatever it was given. */
const check = (reading: FileReading): void => {
  let at = 0;
  const length = reading.text?.length ?? 0;
  for (const { span, fixed } of reading.leaves.filter((leaf) => leaf.span.end > leaf.span.start)) {
    assert.ok(span.start >= at && span.end <= length, `${reading.path}: spans overlap or lie outside (${fixed})`);
    at = span.end;
  }
  for (const { line, column, message } of reading.problems) {
    assert.ok(line === null || (line >= 1 && column !== null && column >= 1));
    assert.ok(message.length < 200);
  }
};

for (const [path, seed] of Object.entries(SEEDS)) {
  test(`${path}: nothing that can be made of it breaks its reader`, () => {
    check(readFile({ path, bytes: utf8(seed) }));
    fc.assert(
      fc.property(fc.array(cut, { minLength: 1, maxLength: 8 }), (cuts) =>
        check(readFile({ path, bytes: utf8(mutate(seed, cuts)) })),
      ),
      { numRuns: RUNS },
    );
  });
  test(`${path}: any bytes are a reading or a problem`, () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.uint8Array({ maxLength: 400 }), fc.string({ unit: 'binary', maxLength: 200 }).map(utf8)),
        (bytes) => check(readFile({ path, bytes })),
      ),
      { numRuns: Math.ceil(RUNS / 4) },
    );
  });
}

test('every seed is recognised, and all formats have one', () => {
  const found = new Set<FormatId | null>(
    Object.entries(SEEDS).map(([path, seed]) => readFile({ path, bytes: utf8(seed) }).format),
  );
  assert.ok(!found.has(null));
  assert.ok(found.size >= 18, [...found].join(' '));
});

test('a home of broken files is surveyed, planned and rendered without any error but our own', () => {
  const paths = Object.keys(SEEDS);
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.constantFrom(...paths), fc.array(cut, { maxLength: 5 })), { maxLength: 12 }),
      (chosen) => {
        const files = [
          ...new Map(
            chosen.map(([path, cuts]): [string, SourceFile] => [
              path,
              { path, bytes: utf8(mutate(SEEDS[path]!, cuts)) },
            ]),
          ).values(),
        ];
        const found = survey(files);
        const plan = planRewrite(found);
        for (const edit of plan.edits)
          applyFileEdit(
            files.find(({ path }) => path === edit.path)!,
            edit,
          );
        for (const target of plan.targets)
          try {
            render(target, (name) => found.credentials.find((one) => one.name === name)?.value);
          } catch (error) {
            assert.ok(error instanceof ChatelaineError && error.code === 'formats.unrepresentable', String(error));
          }
      },
    ),
    { numRuns: RUNS },
  );
});

test('any text is a template, or says where it is malformed', () => {
  fc.assert(
    fc.property(
      fc.array(fc.oneof(fc.constantFrom('{{', '}}', '{', '}', 'a', ' ', '\n', '{{ a }}')), { maxLength: 20 }),
      (parts) => {
        try {
          renderText(parts.join(''), () => undefined);
        } catch (error) {
          assert.ok(
            error instanceof ChatelaineError && /^formats\.(?:malformed_template|value_missing)$/.test(error.code),
            String(error),
          );
        }
      },
    ),
    { numRuns: RUNS },
  );
});

/** Enough that work growing with the square of it shows. */
const MANY_COUNT = RUNS >= 10_000 ? 20_000 : 5_000;

const MANY: Readonly<Record<string, (count: number) => string>> = {
  'open brackets': (count) => `a: ${'['.repeat(count)}`,
  'open braces': (count) => '{a: '.repeat(count),
  'nested lists': (count) => `${'- '.repeat(count)}a`,
  'complex keys': (count) => '? '.repeat(count),
  anchors: (count) =>
    Array.from({ length: count }, (_, i) => `a${i}: &a${i} [*a${Math.max(0, i - 1)}, *a${Math.max(0, i - 1)}]`).join(
      '\n',
    ),
  quotes: (count) => '"'.repeat(count),
  tags: (count) => '!t '.repeat(count),
  'equals signs': (count) => `a: "${'='.repeat(count)}"`,
  assignments: (count) => `a: "${'password=x '.repeat(count)}"`,
  addresses: (count) => `a: "${'http://u:p@h/?key=abcdefgh1 '.repeat(count)}"`,
  letters: (count) => `a: "${'a'.repeat(count * 10)}"`,
  'empty lines': (count) => '\n'.repeat(count * 10),
  spaces: (count) => `a${' '.repeat(count * 10)}b`,
  'open classes': (count) => '=/['.repeat(count),
  'raw strings': (count) => 'R"x('.repeat(count),
  secrets: (count) => Array.from({ length: count }, (_, i) => `k${i}: !secret name`).join('\n'),
  dollars: (count) => `services:\n  a:\n    environment:\n      - A=${'${A:-'.repeat(count)}`,
};

for (const [what, text] of Object.entries(MANY))
  test(`thousands of ${what} end in seconds`, () => {
    const started = performance.now();
    for (const path of [
      'configuration.yaml',
      'secrets.yaml',
      'docker-compose.yml',
      'a.json',
      'settings.js',
      'a.py',
      'a.ino',
      '.env',
      'platformio.ini',
      'mosquitto.conf',
      'passwd',
    ])
      survey([{ path, bytes: utf8(text(MANY_COUNT) + (path === 'settings.js' ? '\ncredentialSecret' : '')) }]);
    assert.ok(performance.now() - started < 20_000);
  });
