import assert from 'node:assert/strict';
import { gzipSync } from 'node:zlib';
import { describe, test } from 'node:test';
import { TEST_RULES, scanBytes, values } from './engine.fixture.ts';
import { planFor } from './open-plan.ts';
import { scanContent } from './scan-content.ts';
import { SEARCH } from './engine.fixture.ts';
import { OVERLAP, scanUnit } from './scan-unit.ts';
import { WINDOW } from './matcher/matcher.ts';
import { chance, drawTokenOf } from './tokens.fixture.ts';

const next = chance(20261123);
const draw = (id: string): string =>
  drawTokenOf(
    TEST_RULES.find((rule) => rule.id === id)!,
    next,
  );
const PORCH = draw('porch-key');
const GITHUB = draw('github-token');

/** Prose of so many bytes, without anything to find. */
const prose = (bytes: number): Buffer => {
  const words = 'the lamp on the porch is lit at dusk and put out at dawn by whoever wakes first; ';
  return Buffer.from(words.repeat(Math.ceil(bytes / words.length)).slice(0, bytes));
};

const hex = (letter: string): string => letter.charCodeAt(0).toString(16).padStart(2, '0');
const everyLetter = (text: string): string => [...text].map((letter) => `%${hex(letter).toUpperCase()}`).join('');

describe('one unit', () => {
  test('gives each token with line, column, offset and the name it stands under', async () => {
    const text = `# Keys\nname: Zoë 🔑\n  "hub": "${PORCH}",\n`;
    const { found } = await scanBytes(text);
    assert.equal(found.length, 1);
    const [one] = found;
    assert.equal(one!.rule, 'porch-key');
    assert.equal(one!.value, PORCH);
    assert.deepEqual(one!.place, {
      line: 3,
      column: 11,
      offset: Buffer.byteLength(text.slice(0, text.indexOf(PORCH))),
      length: PORCH.length,
      name: 'hub',
      encodings: [],
    });
  });

  test('counts columns in UTF-16 units behind letters of any length', async () => {
    const { found } = await scanBytes(`é€🔑 ${PORCH}`);
    assert.equal(found[0]!.place.column, 6);
  });

  test('proves a token by its checksum, and is silent where the checksum is wrong', async () => {
    const { found } = await scanBytes(`a ${GITHUB} b`);
    assert.equal(found[0]!.confidence, 'certain');
    const last = GITHUB.at(-1) === 'a' ? 'b' : 'a';
    assert.deepEqual((await scanBytes(`a ${GITHUB.slice(0, -1)}${last} b`)).found, []);
  });

  test('keeps of an address only the part that nobody can guess, under the name of the whole', async () => {
    const rule = {
      ...TEST_RULES[2]!,
      id: 'gate-hook',
      lead: ['gate.lan/hooks/', { of: 'digits', min: 3, max: 6 }, '/'],
      shape: [{ of: 'alnum', min: 24, max: 24 }],
    } as const;
    const search = { builtin: false, rules: [rule], fileDetectors: [] };
    const [, token] = PORCH.split('porch-live-');
    const value = token!.slice(0, 24);
    const { found } = await scanBytes(`gate: https://gate.lan/hooks/4711/${value}\n`, 'a.yaml', search);
    assert.deepEqual(
      found.map(({ place, value: own }) => [own, place.name, place.column, place.length]),
      [[value, 'gate', 35, 24]],
    );
    for (const text of [`https://gate.lan/hooks/${value}`, `https://xgate.lan/hooks/4711/${value}`, value])
      assert.deepEqual((await scanBytes(text, 'a.yaml', search)).found, [], text);
  });

  test('hears a word near a value whatever separates its parts', async () => {
    const rule = { ...TEST_RULES[3]!, near: { words: ['lamp_api_key'], within: 40 } };
    const search = { builtin: false, rules: [rule], fileDetectors: [] };
    const value = draw('lantern-key');
    for (const name of ['lamp_api_key', 'lamp-api-key', 'lamp.api.key', 'LAMP.API_KEY', 'hub.lamp.api-key'])
      assert.equal((await scanBytes(`${name}=${value}`, 'a.properties', search)).found[0]?.place.name, name, name);
    assert.deepEqual((await scanBytes(`lamp api key=${value}`, 'a.properties', search)).found, []);
  });

  test('takes no token out of a longer word', async () => {
    for (const text of [`x${PORCH}`, `_${PORCH}`, `${PORCH}${'a'.repeat(60)}`, `9${GITHUB}`, `${GITHUB}9`])
      assert.deepEqual((await scanBytes(text)).found, [], text);
    for (const text of [`=${PORCH}`, `"\\n${PORCH}"`, `\\n${GITHUB}\\n`, `(${PORCH})`, `${PORCH}.`, `-${GITHUB}`])
      assert.equal((await scanBytes(text)).found.length, 1, text);
  });

  test('finds a bare token only near its words, before it and, where the rule says so, behind it', async () => {
    const lantern = draw('lantern-key');
    const orchard = draw('orchard-key');
    assert.deepEqual(values((await scanBytes(`lantern_key = "${lantern}"`)).found), [lantern]);
    assert.deepEqual((await scanBytes(`key = "${lantern}"`)).found, []);
    assert.deepEqual((await scanBytes(`lantern ${'. '.repeat(40)} = "${lantern}"`)).found, []);
    assert.deepEqual((await scanBytes(`"${lantern}" # lantern`)).found, []);
    assert.deepEqual(values((await scanBytes(`"${orchard}", # of the orchard`)).found), [orchard]);
    assert.deepEqual((await scanBytes(`lantern sha1 = "${lantern}"`)).found, [], 'a digest is called one');
  });

  test('finds tokens inside base64, hex, percent-encoding, gzip and UTF-16, in one another, and says so', async () => {
    const inner = `{"user":"porch","token":"${PORCH}"}`;
    const base64 = Buffer.from(inner).toString('base64');
    const wrapped = base64.match(/.{1,64}/g)!.join('\n');
    const utf16 = Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(`token = ${PORCH}\r\n`, 'utf16le')]);
    const cases: readonly (readonly [string, string | Uint8Array, readonly string[]])[] = [
      ['base64', `data: ${base64}\n`, ['base64']],
      ['base64, url-safe', `data: ${Buffer.from(inner).toString('base64url')}\n`, ['base64']],
      ['base64 in lines', `data: |\n${wrapped}\n`, ['base64']],
      ['hex', `data = ${Buffer.from(inner).toString('hex')};`, ['hex']],
      ['percent', `https://h/?q=${encodeURIComponent(inner)}`, ['percent']],
      ['percent, every letter', `https://h/?q=${everyLetter(inner)}`, ['percent']],
      ['percent, a token alone', `x=${everyLetter(PORCH)}&y=1`, ['percent']],
      ['XML, every letter', `<a>${[...PORCH].map((one) => `&#${one.charCodeAt(0)};`).join('')}</a>`, ['xml']],
      ['XML, every letter in hex', `<a>${[...PORCH].map((one) => `&#x${hex(one)};`).join('')}</a>`, ['xml']],
      ['base64 of base64', Buffer.from(`wrapped ${base64} here`).toString('base64'), ['base64', 'base64']],
      ['hex of base64', Buffer.from(`wrapped ${base64} here`).toString('hex'), ['hex', 'base64']],
      ['gzip', `release: ${gzipSync(inner.repeat(3)).toString('base64')}`, ['base64', 'gzip']],
      ['UTF-16', utf16, ['utf-16']],
      [
        'UTF-16 without a mark, other end first',
        Buffer.from(`token = ${PORCH} for the porch`, 'utf16le').swap16(),
        ['utf-16'],
      ],
    ];
    for (const [name, content, encodings] of cases) {
      const { found, gap } = await scanBytes(content);
      assert.deepEqual([...new Set(values(found))], [PORCH], name);
      assert.deepEqual(found[0]!.place.encodings, encodings, name);
      assert.equal(gap, null, name);
    }
  });

  test('reads names and values that XML and HTML write with entities', async () => {
    const value = ['gR7kPw', '2vTz9', 'mQ4x&'].join('');
    const json = JSON.stringify({ lamp: 'porch', mqtt_password: value });
    const escaped = json.replaceAll('&', '&amp;').replaceAll('"', '&quot;');
    for (const text of [`<node data="${escaped}"/>`, `<a>\n${escaped.replaceAll('&quot;', '&#34;')}\n</a>`]) {
      const { found, gap } = await scanBytes(text, 'config/porch.xml');
      assert.deepEqual([values(found), gap], [[value], null], text);
      assert.equal(found[0]!.place.name, 'mqtt_password');
    }
    const page = `<p title=&quot;the lamp&quot;>${'the porch &quot;is&quot; lit '.repeat(100_000)}</p>`;
    assert.equal((await scanBytes(page, 'porch.html')).gap, null, 'quotes of a page are not decoded');
  });

  test('shows where the encoded stretch lies, not where its inside would be', async () => {
    const encoded = Buffer.from(`the token is ${PORCH} indeed`).toString('base64');
    const { found } = await scanBytes(`one\ntwo: ${encoded}\n`);
    assert.deepEqual(
      { ...found[0]!.place, name: null },
      { line: 2, column: 6, offset: 9, length: encoded.length, name: null, encodings: ['base64'] },
    );
  });

  test('stops decoding at a limit, and says that it did', async () => {
    const line = `${Buffer.from(`${'lamp '.repeat(15)}\n`).toString('base64')} \n`;
    const { gap } = await scanBytes(line.repeat(Math.ceil((9 * 1024 * 1024) / 76)));
    assert.equal(gap?.code, 'too_large');
  });

  test(
    'finds a token at, before, behind and across every border of its windows, once',
    { timeout: 60_000 },
    async () => {
      const border = WINDOW - OVERLAP;
      for (const base of [border, WINDOW, WINDOW + border - 1024, 2 * WINDOW])
        for (const shift of [-PORCH.length - 12, -PORCH.length - 1, -20, -1, 0, 1, 7]) {
          const content = prose(2 * WINDOW + 100_000);
          const at = base + shift;
          content.write(` ${PORCH} `, at - 1, 'latin1');
          const { found, bytes } = await scanBytes(content);
          assert.deepEqual(
            found.map(({ place }) => place.offset),
            [at],
            `at ${at}`,
          );
          assert.equal(found[0]!.place.column, at + 1);
          assert.equal(bytes, content.length);
        }
    },
  );

  test('counts lines across windows', async () => {
    const lines = Buffer.from('a line of thirty-two characters\n'.repeat(140_000));
    lines.write(` ${PORCH} `, 32 * 130_000, 'latin1');
    const { found } = await scanBytes(lines);
    assert.deepEqual([found[0]!.place.line, found[0]!.place.column], [130_001, 2]);
  });

  test('looks through a line of hundreds of megabytes in a few of its own', { timeout: 120_000 }, async () => {
    const plan = await planFor(SEARCH);
    const chunk = prose(1024 * 1024);
    const size = 300 * 1024 * 1024;
    let given = 0;
    const feed = {
      read(into: Uint8Array) {
        const count = Math.min(into.length, chunk.length, size - given);
        into.set(chunk.subarray(0, count));
        given += count;
        if (given === size && count > 200) into.set(Buffer.from(` ${PORCH} `), count - 100);
        return count;
      },
    };
    const before = process.memoryUsage().rss;
    const { found, bytes } = await scanUnit(plan, { path: 'one-line.txt', size, mode: null }, feed, null);
    assert.equal(bytes, size);
    assert.equal(found.length, 1);
    assert.ok(found[0]!.place.column! > size - 200 && found[0]!.place.line === 1);
    assert.ok(process.memoryUsage().rss - before < 150 * 1024 * 1024, 'memory grows by windows, not by size');
  });

  test('reads binary content for tokens that prove themselves, and gives no lines', async () => {
    const content = Buffer.concat([Buffer.from([0, 1, 2, 0]), Buffer.from(GITHUB), Buffer.from([0, 0])]);
    const { found } = await scanBytes(content, 'firmware.bin');
    assert.deepEqual(
      found.map(({ value, place }) => [value, place.line, place.offset]),
      [[GITHUB, null, 4]],
    );
  });

  test('says when a file of a home is too large to be read as one', async () => {
    const large = `mqtt:\n  password: !secret mqtt\n${'# the lamp on the porch\n'.repeat(800_000)}`;
    assert.ok(large.length > 16 * 1024 * 1024);
    const { bytes, gap } = await scanBytes(large, 'ha/configuration.yaml', {});
    assert.deepEqual([gap?.code, bytes], ['too_large', large.length]);
    assert.match(gap!.message, /16 MiB/);
    const streamed = async (text: string, path: string) => {
      const chunks = (async function* () {
        for (let at = 0; at < text.length; at += 65_536) yield Buffer.from(text.slice(at, at + 65_536));
      })();
      return scanContent(await planFor({}), { path, size: null, mode: null, content: { type: 'stream', chunks } });
    };
    const key = Buffer.from(Array.from({ length: 32 }, (_, i) => (i * 89 + 41) % 256)).toString('base64');
    const gate = `esphome:\n  name: gate\napi:\n  encryption:\n    key: ${key}\n${'# of the gate\n'.repeat(60_000)}`;
    const { found, gap: none } = await streamed(gate, 'esphome/gate.yaml');
    assert.deepEqual([found.map(({ rule }) => rule), none], [['esphome-api-key'], null]);
    const longer = await streamed(gate.repeat(2), 'esphome/gate.yaml');
    assert.equal(longer.gap?.code, 'too_large', 'a limit of the reader of YAML');
    assert.equal((await streamed(large, 'ha/configuration.yaml')).gap?.code, 'too_large');
    assert.equal((await scanBytes(large, 'notes/plain', {})).gap, null, 'nothing would have read it as a whole');
  });

  test('survives bytes that are no text', async () => {
    for (let seed = 0; seed < 20; seed++) {
      const draw = chance(seed);
      const bytes = Buffer.from(Array.from({ length: 5_000 }, () => Math.floor(draw() * 256)));
      assert.equal((await scanBytes(bytes)).gap, null);
    }
  });
});
