import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { hasCode, utf8Text } from '#kernel';
import {
  type SourceFile,
  type Survey,
  applyFileEdit,
  planRewrite,
  programValues,
  render,
  survey,
  templateOf,
} from './index.ts';
import { RUNS, file, hostilePassword, hostileText } from '../../test/hostile.ts';

/** A home is some twenty files and forty values, so fewer of them are enough. */
const HOMES = Math.min(RUNS, 2000);

/** Spelt without the code under test: JSON is a part of YAML's double quotes, of JavaScript and of Python. */
const quoted = (text: string): string =>
  JSON.stringify(text).replaceAll(
    /[\u007f-\u009f\u2028\u2029]/g,
    (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
const single = (text: string): string =>
  /[\n\t\u0085\u2028]/.test(text) ? quoted(text) : `'${text.replaceAll("'", "''")}'`;
const block = (text: string): string =>
  /^[A-Za-z0-9!-~ ]+(?:\n[A-Za-z0-9!-~][!-~ ]*)*$/.test(text) && !/\s$/.test(text)
    ? `|-\n          ${text.replaceAll('\n', '\n          ')}`
    : quoted(text);
const c = (text: string): string =>
  `"${[...Buffer.from(text, 'utf8')].map((byte) => (/[A-Za-z0-9 ]/.test(String.fromCharCode(byte)) || byte > 127 ? String.fromCharCode(byte) : `\\${byte.toString(8).padStart(3, '0')}`)).join('')}"`;
const cText = (text: string): string => Buffer.from(c(text), 'latin1').toString('utf8');
const styles = [quoted, single, block] as const;

const style = fc.constantFrom(...styles);
const port = fc.integer({ min: 1, max: 65535 });

/** Path → text, so that a counterexample can be read. */
const homeArbitrary: fc.Arbitrary<Readonly<Record<string, string>>> = fc
  .record({
    v: fc.array(hostilePassword, { minLength: 16, maxLength: 16 }),
    plain: fc.array(hostileText, { minLength: 4, maxLength: 4 }),
    s: fc.array(style, { minLength: 12, maxLength: 12 }),
    key: fc.array(fc.integer({ min: 0, max: 255 }), { minLength: 16, maxLength: 16 }),
    blockKey: fc.boolean(),
    port,
    crlf: fc.boolean(),
    bom: fc.boolean(),
    secrets: fc.boolean(),
    shared: fc.boolean(),
    pin: fc.integer({ min: 1000, max: 999999 }),
  })
  .map(({ v, plain, s, key, blockKey, port: number, crlf, bom, secrets, shared, pin }) => {
    const at = (index: number) => (shared && index % 3 === 0 ? v[0]! : v[index]!);
    const texts: Record<string, string> = {
      'ha/configuration.yaml': `# my home: ${plain[0]!.replaceAll(/[\n\u0085\u2028]/g, ' ')}
homeassistant:
  name: ${quoted(plain[1]!)} # a comment
mqtt:
  broker: 10.0.0.2
  port: ${number}
  password: ${s[0]!(at(0))}   # trailing
other: &anchor
    client_secret: ${s[1]!(at(1))}
again: *anchor
alarm_control_panel:
  - {platform: manual, code: ${pin}, api_key: ${quoted(at(2))}, name: "x"}
known: !secret known_password
camera:
  - stream: ${quoted(`rtsp://viewer:${encodeURIComponent(at(3))}@10.0.0.9/live`)}
`,
      ...(secrets
        ? {
            'ha/secrets.yaml': `# kept ${plain[2]!.replaceAll(/[\n\u0085\u2028]/g, ' ')}\nknown_password: ${s[2]!(at(4))}\nlatitude: 47.1\nalarm_code: ${pin}`,
          }
        : {}),
      'esphome/porch.yaml': `substitutions:\n  name: porch\nesphome:\n  name: \${name}\nota:\n  - platform: esphome\n    password: ${s[3]!(at(5))}\nwifi:\n  password: ${s[4]!(at(6))}\n  ap: {password: ${quoted(at(7))}}\n`,
      'zigbee2mqtt/configuration.yaml': `mqtt:\n  base_topic: zigbee2mqtt\n  user: u\n  password: ${s[5]!(at(8))}\nserial:\n  port: /dev/ttyUSB0\nadvanced:\n  network_key:${blockKey ? key.map((byte) => `\n    - ${byte}`).join('') : ` [${key.join(',')}]`}\n  channel: 11\n`,
      'docker-compose.yml': `services:\n  db:\n    image: mariadb:11\n    environment:\n      MARIADB_PASSWORD: ${s[6]!(at(9).replaceAll('$', '$$$$'))}\n      URL: \${HOST:-local}\n  web:\n    environment:\n      - ${quoted(`API_TOKEN=${at(10).replaceAll('$', '$$$$')}`)}\n      - PLAIN=1\n`,
      'nodered/settings.js': `// settings\nmodule.exports = {\n  uiPort: process.env.PORT || 1880,\n  credentialSecret: ${quoted(at(11))}, // keep\n  httpNodeAuth: { user: 'x', pass: ${quoted(at(12))} },\n};\n`,
      'nodered/flows.json': JSON.stringify(
        [{ id: 'a1', type: 'http request', z: 'f', name: plain[3], token: at(13), wires: [] }],
        null,
        4,
      ),
      'sketch/sketch.ino': `#include <WiFi.h>\nconst char* password = ${cText(at(14))};\nvoid setup() { WiFi.begin("home", password); }\n`,
      'app/main.py': `"""Doc."""\nimport json\n\nAPI_TOKEN = ${quoted(at(15))}\nprint("hello")\n`,
      '.env': `# before\nOLD_TOKEN=Ab3dEf6hIj9k\n`,
    };
    return Object.fromEntries(
      Object.entries(texts).map(([path, text]) => [
        path,
        (bom && /\.ya?ml$/.test(path) ? '\uFEFF' : '') +
          (crlf && !path.endsWith('.py') ? text.replaceAll('\n', '\r\n') : text),
      ]),
    );
  });

const filesOf = (home: Readonly<Record<string, string>>): readonly SourceFile[] =>
  Object.entries(home).map(([path, text]) => file(path, text));

type Rewritten = {
  readonly before: Survey;
  readonly after: Survey;
  readonly files: ReadonlyMap<string, SourceFile>;
  readonly plan: ReturnType<typeof planRewrite>;
};

const rewriteAndRender = (files: readonly SourceFile[]): Rewritten => {
  const before = survey(files);
  const plan = planRewrite(before);
  const values = new Map(before.credentials.map(({ name, value }) => [name, value]));
  const result = new Map(files.map((one) => [one.path, one]));
  for (const edit of plan.edits) result.set(edit.path, applyFileEdit(result.get(edit.path)!, edit));
  for (const target of plan.targets)
    result.set(target.path, { path: target.path, bytes: render(target, (name) => values.get(name)).reveal() });
  return { before, after: survey([...result.values()]), files: result, plan };
};

test('after a rewrite and a render every program reads the values it read before', () => {
  fc.assert(
    fc.property(homeArbitrary, (home) => {
      const files = filesOf(home);
      const { before, after } = rewriteAndRender(files);
      assert.deepEqual(before.problems, []);
      assert.deepEqual(after.problems, []);
      const later = Map.groupBy(programValues(after), ({ file: path, keyPath }) => `${path} ${keyPath.join('.')}`);
      for (const { file: path, keyPath, value, typed } of programValues(before)) {
        const now = later.get(`${path} ${keyPath.join('.')}`)?.shift();
        assert.ok(now !== undefined, `${path} ${keyPath.join('.')} is gone`);
        assert.equal(now.value.revealText(), value.revealText(), `${path} ${keyPath.join('.')}`);
        assert.equal(now.typed, typed, `${path} ${keyPath.join('.')} changed its type`);
      }
    }),
    { numRuns: HOMES },
  );
});

test('a rewrite changes nothing outside of its spans, and leaves no value it moved', () => {
  fc.assert(
    fc.property(homeArbitrary, (home) => {
      const files = filesOf(home);
      const { before, files: after, plan } = rewriteAndRender(files);
      const keptNames = new Set(plan.kept.flatMap(({ credentials }) => credentials));
      for (const { path, edits } of plan.edits) {
        const old = utf8Text(files.find((one) => one.path === path)!.bytes);
        const rest = utf8Text(after.get(path)!.bytes);
        let at = 0;
        let from = 0;
        for (const { start, end, replacement } of edits.toSorted((a, b) => a.start - b.start)) {
          assert.equal(rest.slice(at, at + start - from), old.slice(from, start));
          assert.equal(rest.slice(at + start - from, at + start - from + replacement.length), replacement);
          at += start - from + replacement.length;
          from = end;
        }
        assert.equal(rest.slice(at), old.slice(from));
      }
      const edited = plan.edits.map(({ path }) => utf8Text(after.get(path)!.bytes)).join('\n');
      for (const { name, value } of before.credentials) {
        const text = value.revealText();
        if (keptNames.has(name) || text.length < 10 || !/^[A-Za-z0-9]+$/.test(text)) continue;
        assert.ok(!edited.includes(text), `${name} is still in clear`);
      }
    }),
    { numRuns: HOMES },
  );
});

test('any file written back from its template holds the values it held', () => {
  fc.assert(
    fc.property(homeArbitrary, (home) => {
      const before = survey(filesOf(home));
      const values = new Map(before.credentials.map(({ name, value }) => [name, value]));
      const back = before.readings.flatMap((reading): readonly SourceFile[] => {
        try {
          return [
            { path: reading.path, bytes: render(templateOf(before, reading), (name) => values.get(name)).reveal() },
          ];
        } catch (error) {
          // A value that a shell and Compose read differently has no spelling in .env.
          assert.ok(hasCode(error, 'formats.unrepresentable') && reading.format === 'dotenv', String(error));
          return [file(reading.path, reading.text!)];
        }
      });
      const plain = (found: Survey) =>
        programValues(found).map(({ file: path, keyPath, value, typed }) => [
          path,
          ...keyPath,
          value.revealText(),
          typed,
        ]);
      assert.deepEqual(plain(survey(back)), plain(before));
    }),
    { numRuns: HOMES },
  );
});

test('a second rewrite finds nothing to do', () => {
  fc.assert(
    fc.property(homeArbitrary, (home) => {
      const files = filesOf(home);
      const { files: after } = rewriteAndRender(files);
      const again = planRewrite(survey([...after.values()]));
      assert.deepEqual(
        again.edits.map(({ path }) => path),
        [],
      );
    }),
    { numRuns: Math.min(HOMES, 1000) },
  );
});

test('rendered files keep comments, plain entries and order, and equal the original byte for byte while values are the same', () => {
  const secrets =
    '# top\r\nb: "two words"  # why\r\nlatitude: 47.1\r\na_password: Tr0ub4dor&3\r\npin: 04711\r\nurl: \'http://u:s3cr3tPass@h/\'\r\n\r\n# end';
  const files = [
    file('configuration.yaml', 'homeassistant:\n  x: !secret a_password\n'),
    file('secrets.yaml', secrets),
  ];
  const found = survey(files);
  const target = planRewrite(found).targets.find(({ path }) => path === 'secrets.yaml')!;
  assert.equal(
    render(target, (name) => found.credentials.find((one) => one.name === name)?.value).revealText(),
    secrets,
  );
});
