import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readCode } from './code.ts';
import type { Language } from './tokens.ts';

const read = (text: string, language: Language) =>
  readCode(text, language).values.map(
    ({ keyPath, value, fixed }) =>
      `${keyPath.join('.')} = ${'text' in value ? value.text : `<${value.name}>`}${fixed === undefined ? '' : ` (${fixed})`}`,
  );

test('a JavaScript settings file gives its properties with the objects around them', () => {
  assert.deepEqual(
    read(
      `// "no"\nmodule.exports = {\n  credentialSecret: "a\\x41'b", /* 'no' */ re: /["'/]/g,\n  adminAuth: { users: [{ username: 'x', password: process.env.PW }] },\n  t: \`a\${b}\`,\n};\nconst k = process.env["KEY"];\n`,
      'js',
    ),
    [
      "exports.credentialSecret = aA'b",
      'exports.adminAuth.users.username = x',
      'exports.adminAuth.users.password = <PW>',
      'exports.t = a${b} (it is a template with expressions)',
      'k = <KEY>',
    ],
  );
});

test('a sketch gives its constants, its defines, its macros and what it passes to well-known calls', () => {
  assert.deepEqual(
    read(
      `#include "arduino_secrets.h"\n#define TOPIC "a/b"\nconst char pass[] = "p\\101\\"q";\nvoid f() { WiFi.begin("home", "psk-1"); client.connect("id", SECRET_USER, R"x(r"r)x"); char c = '"'; char* j = "a" "b"; }\n`,
      'c',
    ),
    [
      'TOPIC = a/b',
      'pass = pA"q',
      'WiFi.begin.ssid = home',
      'WiFi.begin.password = psk-1',
      'client.connect.client_id = id',
      'client.connect.username = <SECRET_USER>',
      'client.connect.password = r"r (it is a raw string)',
      'j = a (it is joined to the literal beside it)',
      'literal = b (it is joined to the literal beside it)',
    ],
  );
  assert.deepEqual(readCode('#include "a.h"\n#include <b.h>\n', 'c').includes, ['a.h']);
});

test('Python gives assignments, dictionary keys, keyword arguments and fetches from the environment', () => {
  assert.deepEqual(
    read(
      `# "no"\nimport os\nTOKEN = 'a\\'b'\nH = {"Authorization": "Bearer x", **y}\nc.login(user="u", password=r"\\n")\nA = os.environ["A"]\nB = os.environ.get("B", "dflt")\nC = os.getenv("C")\nD = f"x{A}"\nE = b"x"\n`,
      'python',
    ),
    [
      "TOKEN = a'b",
      'H.Authorization = Bearer x',
      'c.user = u',
      'c.password = \\n',
      'A = <A>',
      'B = <B>',
      'C = <C>',
      'D = x{A} (it is a formatted string)',
      'E = x (it is a byte string)',
    ],
  );
});

test('a literal that is never closed ends with its line', () => {
  assert.deepEqual(read(`a = "open\nb = "ok"\n`, 'python'), ['b = ok']);
});
