import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { CredentialPath, MAX_NAME_BYTES, MAX_SEGMENTS } from './credential-path.ts';
import { hasCode } from './errors.ts';

const isRefused = (text: string): boolean => {
  try {
    CredentialPath.parse(text);
    return false;
  } catch (error) {
    assert.ok(hasCode(error, 'path.malformed'), String(error));
    return true;
  }
};

const CANONICAL = [
  'porch/home/mqtt',
  'porch/home/MQTT_password',
  'p1/dev/a/b/c',
  'porch/home/Küche',
  'a-b/c-d/wifi ssid',
];

for (const path of CANONICAL)
  test(`${path} is a path and reads back as itself`, () => {
    assert.equal(CredentialPath.parse(path).toString(), path);
  });

/** The class of CVE-2025-54996, CVE-2025-64761, CVE-2026-3605: names that are one thing here and another there. */
const HOSTILE: Readonly<Record<string, string>> = {
  'too few parts': 'porch/home',
  'an empty segment': 'porch/home//mqtt',
  'a trailing slash': 'porch/home/mqtt/',
  'a leading slash': '/porch/home/mqtt',
  'a dot': 'porch/home/./mqtt',
  'two dots': 'porch/home/../prod/mqtt',
  'an encoded slash': 'porch/home/mqtt%2fpassword',
  'a doubly encoded dot': 'porch/home/%252e%252e/mqtt',
  'a trailing space': 'porch/home/mqtt ',
  'a space before a slash': 'porch/home/mqtt /password',
  'a no-break space at the end': 'porch/home/mqtt ',
  'a capital project': 'Porch/home/mqtt',
  'a capital environment': 'porch/Home/mqtt',
  'a project with a dotless i': 'porchı/home/mqtt',
  'a NUL': 'porch/home/mq\0tt',
  'a newline': 'porch/home/mq\ntt',
  'a right-to-left override': 'porch/home/mq‮tt',
  'a zero-width space': 'porch/home/mq​tt',
  'an unpaired surrogate': 'porch/home/mq\ud800tt',
  'a backslash': 'porch/home/mq\\tt',
  'a glob': 'porch/home/*',
  'a query': 'porch/home/mqtt?version=1',
  'too many segments': `porch/home/${'a/'.repeat(MAX_SEGMENTS)}a`,
  'too many bytes': `porch/home/${Array.from({ length: 6 }, () => 'é'.repeat(100)).join('/')}`,
};

for (const [what, path] of Object.entries(HOSTILE))
  test(`a path with ${what} is refused`, () => {
    assert.ok(isRefused(path));
  });

test('two spellings of one name in Unicode become one path', () => {
  assert.equal(
    CredentialPath.parse('porch/home/Ku\u0308che').toString(),
    CredentialPath.parse('porch/home/K\u00fcche').toString(),
  );
});

test('names that differ by case alone fold to one key', () => {
  assert.equal(CredentialPath.parse('porch/home/MQTT').foldedName, CredentialPath.parse('porch/home/mqtt').foldedName);
});

test('whatever is accepted is canonical: reading it again changes nothing, and it holds no way out', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 80 }), (name) => {
      const text = `porch/home/${name}`;
      if (isRefused(text)) return;
      const path = CredentialPath.parse(text);
      assert.equal(CredentialPath.parse(path.toString()).toString(), path.toString());
      assert.ok(new TextEncoder().encode(path.name).length <= MAX_NAME_BYTES);
      assert.ok(path.name.split('/').every((segment) => segment !== '' && segment !== '.' && segment !== '..'));
      assert.doesNotMatch(path.name, /[\p{Cc}%\\]/u);
    }),
    { numRuns: 2_000 },
  );
});
