import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { describe, test } from 'node:test';
import { gunzipSync, gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { parse } from 'yaml';
import { copyFiles } from './copy-files.ts';
import { fakeOf } from './fake-of.ts';
import { respell } from './respell.ts';

const SEED = new Uint8Array(32).fill(9);
const PEM = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({ format: 'pem', type: 'pkcs8' });
const ODD = ['p@ss/"w0rd', 'Zr8q%2W2mX'].join('+');

const copyOf = async (path: string, text: string): Promise<string> => {
  const { files, leftOut } = await copyFiles([{ path, bytes: Buffer.from(text) }], SEED);
  assert.deepEqual(leftOut, [], path);
  return Buffer.from(files[0]!.bytes).toString('utf8');
};
const bodyOf = (pem: string): string => pem.replaceAll(/-----[^-]+-----|\s/g, '');

describe('a copy to show loads as what it was copied from', () => {
  test('with private keys as JSON, YAML and programs write them', async () => {
    const fake = fakeOf(SEED, PEM);
    const account = { type: 'service_account', project_id: 'porch', private_key: PEM, client_email: 'hub@porch.lan' };
    const copied = JSON.parse(await copyOf('service-account.json', JSON.stringify(account))) as typeof account;
    assert.deepEqual([copied.private_key, copied.type], [fake, 'service_account']);
    const block = `tls:\n  key: |\n${PEM.replaceAll(/^(?=.)/gm, '    ')}  port: 8883\n`;
    assert.deepEqual(parse(await copyOf('broker.yaml', block)), { tls: { key: fake, port: 8883 } });
    const java = PEM.trimEnd().replaceAll(/^(.*)$/gm, '  "$1\\n" +');
    assert.equal(
      await copyOf('Key.java', `String key =\n${java}\n  "";\n`),
      `String key =\n${fake.trimEnd().replaceAll(/^(.*)$/gm, '  "$1\\n" +')}\n  "";\n`,
    );
    assert.ok(!(await copyOf('a.patch', PEM.replaceAll(/^(?=.)/gm, '+'))).includes(bodyOf(PEM).slice(64, 100)));
  });

  test('with values that are escaped, percent-encoded or in base64', async () => {
    const address = `mqtt://hub:${encodeURIComponent(ODD)}@porch.lan:1883`;
    const copy = await copyOf('.env', `MQTT_URL=${address}\n`);
    const { hostname, password, username } = new URL(copy.trim().slice('MQTT_URL='.length));
    assert.deepEqual([username, hostname], ['hub', 'porch.lan']);
    assert.equal(decodeURIComponent(password), fakeOf(SEED, ODD));

    const json = JSON.parse(
      await copyOf('config.json', JSON.stringify({ mqtt: { password: ODD } })),
    ) as typeof settings;
    const settings = { mqtt: { password: fakeOf(SEED, ODD) } };
    assert.deepEqual(json, settings);

    const hidden = `{"url": "${address}", "and": "postgres://hub:${bodyOf(PEM).slice(60, 84)}@db.porch.lan/x"}`;
    for (const [encode, decode] of [
      [(text: Buffer) => text.toString('base64'), (text: string) => Buffer.from(text, 'base64')],
      [(text: Buffer) => gzipSync(text).toString('base64'), (text: string) => gunzipSync(Buffer.from(text, 'base64'))],
      [(text: Buffer) => text.toString('hex'), (text: string) => Buffer.from(text, 'hex')],
    ] as const) {
      const [, written = ''] = (await copyOf('values.conf', `data: ${encode(Buffer.from(hidden))}\n`)).split(' ');
      const inside = JSON.parse(decode(written.trim()).toString('utf8')) as { url: string; and: string };
      assert.ok(inside.url.startsWith('mqtt://hub:') && inside.url.endsWith('@porch.lan:1883'), inside.url);
      assert.ok(!inside.and.includes(bodyOf(PEM).slice(60, 84)) && inside.and.endsWith('@db.porch.lan/x'), inside.and);
      assert.ok(!inside.url.includes('W2mX'));
    }
  });

  test('with values in addresses and attributes that are encoded as a whole', async () => {
    const token = `${['gh', 'o_'].join('')}${bodyOf(PEM).replaceAll(/[+/]/g, '').slice(90, 120)}`;
    const value = ['gR7kPw', '2vTz9', 'mQ4x'].join('');
    const json = JSON.stringify({ lamp: 'porch', mqtt_password: value });
    const address = `https://h.lan/?q=${encodeURIComponent(json)}`;
    const copied = new URL((await copyOf('a.env', `URL=${address}\n`)).trim().slice('URL='.length));
    const { lamp, mqtt_password: other } = JSON.parse(copied.searchParams.get('q')!) as Record<string, string>;
    assert.deepEqual([lamp, other], ['porch', fakeOf(SEED, value)]);
    const escaped = json.replaceAll('"', '&quot;');
    const xml = await copyOf('node.conf', `<node data="${escaped}" other="${token}"/>\n`);
    assert.ok(
      xml.includes(`{&quot;lamp&quot;:&quot;porch&quot;,&quot;mqtt_password&quot;:&quot;${fakeOf(SEED, value)}`),
      xml,
    );
  });

  test('and a value that one file tells is replaced in the others however it is written there', async () => {
    const { files } = await copyFiles(
      [
        { path: 'a/configuration.yaml', bytes: Buffer.from(`mqtt:\n  password: '${ODD}'\n`) },
        {
          path: 'notes.ini',
          bytes: Buffer.from(`note = ${JSON.stringify(ODD)} ${Buffer.from(ODD).toString('base64')}\n`),
        },
      ],
      SEED,
    );
    const note = Buffer.from(files[1]!.bytes).toString('utf8');
    const fake = fakeOf(SEED, ODD);
    assert.equal(note, `note = ${JSON.stringify(fake)} ${Buffer.from(fake).toString('base64')}\n`);
  });
});

test('whatever the spelling, no fake holds the value', () => {
  const spellings: readonly ((text: string) => string)[] = [
    (text) => text,
    (text) => JSON.stringify(text).slice(1, -1),
    encodeURIComponent,
    (text) => [...text].map((one) => `%${one.charCodeAt(0).toString(16).padStart(2, '0')}`).join(''),
    (text) => [...text].map((one) => `&#${one.charCodeAt(0)};`).join(''),
  ];
  fc.assert(
    fc.property(
      fc.string({ minLength: 8, maxLength: 40 }).filter((text) => /[A-Za-z\d]{4}/.test(text)),
      fc.nat(spellings.length - 1),
      (value, at) => {
        const spell = spellings[at]!;
        const fake = fakeOf(SEED, value);
        assert.equal(respell(spell(value), value, fake, []).toLowerCase(), spell(fake).toLowerCase());
      },
    ),
  );
});
