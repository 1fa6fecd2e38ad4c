import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { describe, test } from 'node:test';
import { scanBytes } from '../engine.fixture.ts';
import { chance } from '../tokens.fixture.ts';

const SEARCH = { builtin: false, rules: [], fileDetectors: [] };
const seen = async (text: string, path = 'src/porch.ts'): Promise<readonly string[]> =>
  (await scanBytes(text, path, SEARCH)).found.map(({ confidence, rule, value }) => `${confidence} ${rule} ${value}`);
const none = async (text: string, path?: string): Promise<void> => assert.deepEqual(await seen(text, path), [], text);

const next = chance(7);
const random = (length: number, letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789'): string =>
  Array.from({ length }, () => letters[Math.floor(next() * letters.length)]!).join('');
const part = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');
const jwt = (claims: unknown, header: unknown = { alg: 'HS256', typ: 'JWT' }): string =>
  `${part(header)}.${part(claims)}.${random(43)}`;

describe('private keys', () => {
  const pem = generateKeyPairSync('ed25519').privateKey.export({ format: 'pem', type: 'pkcs8' });
  const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;

  test('are found whole, however their lines are written', async () => {
    const asOne = `certain private-key-pem ${pem}`;
    assert.deepEqual(await seen(pem, 'id.key'), [asOne]);
    assert.deepEqual(await seen(pem.replaceAll('\n', '\r\n'), 'id.key'), [asOne]);
    assert.deepEqual(await seen(JSON.stringify({ private_key: pem }), 'service.json'), [asOne]);
    assert.deepEqual(await seen(pem.replaceAll(/^/gm, '    '), 'values.yaml'), [asOne]);
    assert.deepEqual(await seen(pem.replaceAll(/^(.*)$/gm, '"$1\\n" +'), 'Key.java'), [asOne]);
    assert.deepEqual(await seen(pem.replaceAll(/^/gm, '# '), 'notes'), [asOne]);
    assert.deepEqual(await seen(pem.trimEnd().replaceAll('\n', '\\n\\\n'), 'application.properties'), [asOne]);
    assert.deepEqual(await seen(JSON.stringify(JSON.stringify({ private_key: pem })), 'log'), [asOne]);
  });

  test('keep the signs of base64 at the ends of their lines, in a patch and a comment, too', async () => {
    const letters = `MIIE${'+/'.repeat(30)}\n+${random(61)}/+\n//${random(60)}++`;
    const label = ['RSA', 'PRIVATE', 'KEY'].join(' ');
    const key = `-----BEGIN ${label}-----\n${letters}\n-----END ${label}-----\n`;
    for (const [text, path] of [
      [key, 'id.key'],
      [key.replaceAll(/^(?=.)/gm, '+'), 'a.patch'],
      [key.replaceAll(/^(?=.)/gm, '// '), 'a.go'],
      [key.replaceAll(/^(?=.)/gm, '//'), 'b.go'],
      [key.replaceAll(/^(.+)$/gm, '"$1\\n" +'), 'Key.java'],
    ] as const)
      assert.deepEqual(await seen(text, path), [`certain private-key-pem ${key}`], path);
  });

  test('protected by a passphrase are likely, not certain, and say so', async () => {
    const locked = rsa.export({ format: 'pem', type: 'pkcs8', cipher: 'aes-256-cbc', passphrase: 'porch' });
    const { found } = await scanBytes(locked, 'id.key', SEARCH);
    assert.deepEqual([found[0]!.confidence, found[0]!.facts['encrypted']], ['likely', 'yes']);
  });

  test('too long to be read are told by their beginning, and that they go on', async () => {
    const packet = Buffer.concat([Buffer.from([0x95, 0x01]), Buffer.from(random(60_000), 'latin1')]);
    const lines = packet
      .toString('base64')
      .match(/.{1,64}/g)!
      .join('\n');
    const ring = `-----BEGIN ${['PGP', 'PRIVATE', 'KEY', 'BLOCK'].join(' ')}-----\n\n${lines}\n=aB3d\n-----END`;
    for (const text of [ring, JSON.stringify({ ring })]) {
      const { found, gap } = await scanBytes(text, 'ring.asc', SEARCH);
      assert.deepEqual([found.map(({ rule }) => rule), gap?.code], [['private-key-pgp'], 'too_large']);
      assert.ok(found[0]!.place.length > 29_900 && found[0]!.value.length > 29_000);
    }
  });

  test('without a body, with a picture of one, or public, are none', async () => {
    await none('-----BEGIN PRIVATE KEY-----\n...\n-----END PRIVATE KEY-----');
    await none(`-----BEGIN RSA PRIVATE KEY-----\n${'x'.repeat(64)}\n-----END RSA PRIVATE KEY-----`);
    await none("if (text.startsWith('-----BEGIN PRIVATE KEY-----')) parse(text.split('-----END'))");
    await none(generateKeyPairSync('ed25519').publicKey.export({ format: 'pem', type: 'spki' }));
  });
});

describe('web tokens', () => {
  test('of Home Assistant are told by exactly their claims, with id and life', async () => {
    const token = jwt({ iss: 'a1b2c3d4e5f60718293a4b5c6d7e8f90', iat: 1_700_000_000, exp: 2_015_360_000 });
    const { found } = await scanBytes(`token: ${token}\n`, 'notes.yaml', SEARCH);
    assert.equal(found[0]!.rule, 'home-assistant-long-lived-token');
    assert.deepEqual(found[0]!.facts, {
      algorithm: 'HS256',
      ends: '2033-11-11',
      'refresh token id': 'a1b2c3d4e5f60718293a4b5c6d7e8f90',
      lives: '10 years',
    });
    const more = jwt({ iss: 'a1b2c3d4e5f60718293a4b5c6d7e8f90', iat: 1_700_000_000, exp: 2_015_360_000, sub: 'x' });
    assert.deepEqual(await seen(more), [`likely json-web-token ${more}`]);
  });

  test('of others are named by their issuers', async () => {
    const service = jwt({ iss: 'supabase', ref: 'abcdefghijklmnop', role: 'service_role', iat: 1, exp: 2 });
    assert.deepEqual(await seen(service), [`certain supabase-service-role-key ${service}`]);
    const anon = jwt({ iss: 'supabase', ref: 'abcdefghijklmnop', role: 'anon', iat: 1, exp: 2 });
    assert.deepEqual(await seen(anon), [`note supabase-anon-key ${anon}`]);
    const tunnel = Buffer.from(JSON.stringify({ a: random(32), t: 'b1c2', s: random(44) })).toString('base64');
    assert.deepEqual(await seen(`run --token ${tunnel}`), [`certain cloudflare-tunnel-token ${tunnel}`]);
  });

  test('that do not decode are none', async () => {
    await none(`eyJ${random(30)}.eyJ${random(40)}.${random(43)}`);
    await none('eyJhbGciOiJIUzI1NiJ9.eyJ...');
  });
});

describe('addresses with a password', () => {
  test('are found in every scheme, percent-decoded', async () => {
    const secret = `k7${random(9)}`;
    for (const scheme of [
      'http',
      'mqtt',
      'mqtts',
      'rtsp',
      'amqp',
      'postgres',
      'mysql',
      'mongodb+srv',
      'redis',
      'ftp',
      'smb',
      'ldap',
      'nats',
      'jdbc:postgresql',
      'odd9',
    ])
      assert.deepEqual(
        await seen(`url: ${scheme}://hub:${secret}@porch.lan:1883/x`),
        [`likely url-credential ${secret}`],
        scheme,
      );
    assert.deepEqual(await seen('rtsp://admin:gate%40Zw7q@10.0.0.7/live'), ['likely url-credential gate@Zw7q']);
    assert.deepEqual(await seen(`redis://:${secret}@cache.lan:6379`), [`likely url-credential ${secret}`]);
  });

  test('with a reference, a stand-in or no password are none', async () => {
    for (const text of [
      'mqtt://hub:${MQTT_PASSWORD}@porch.lan',
      'postgres://user:password@localhost/db',
      'https://{user}:{token}@host/path',
      'http://user:pass@example.com/',
      'mqtt://porch.lan:1883',
      'https://host/path:with@sign',
      'git+ssh://git@github.com:owner/repo.git',
      'https://medium.com/@someone/a:b',
      'http://%s:%s@%s/',
    ])
      assert.deepEqual(
        (await seen(text)).filter((one) => !one.startsWith('note')),
        [],
        text,
      );
  });
});

describe('headers', () => {
  test('with a bearer or basic credential are found in source and commands', async () => {
    const token = random(40);
    assert.deepEqual(await seen(`curl -H "Authorization: Bearer ${token}" http://hub`), [
      `likely http-bearer ${token}`,
    ]);
    assert.deepEqual(await seen(`headers: { authorization: 'Token ${token}' }`), [`likely http-bearer ${token}`]);
    const basic = Buffer.from('hub:Zr8qW2mXc9').toString('base64');
    for (const text of [
      `Authorization: Basic ${basic}`,
      `<Authorization>Basic ${basic}</Authorization>`,
      `https://hub/?Authorization=Basic%20${basic}&x=1`,
    ])
      assert.deepEqual(await seen(text), ['likely http-basic Zr8qW2mXc9']);
    await none('Authorization: Bearer ${token}');
    await none('Authorization: Bearer <your-access-token>');
    await none('`Bearer ${accessToken}`; a bearer certificate-of-authenticity');
    await none(`Authorization: Basic ${Buffer.from('user:password').toString('base64')}`);
  });
});

describe('assignments', () => {
  const secret = `q9${random(26)}`;

  test('are found as the common languages write them', async () => {
    for (const [text, path] of [
      [`const apiKey = '${secret}';`, 'a.ts'],
      [`  "api_key": "${secret}",`, 'a.json'],
      [`api_key => '${secret}'`, 'a.php'],
      [`:api_key => "${secret}"`, 'a.rb'],
      [`apiKey := "${secret}"`, 'a.go'],
      [`private static final String API_KEY = "${secret}";`, 'A.java'],
      [`let api_key: &'static str = "${secret}";`, 'a.rs'],
      [`#define HUB_API_KEY "${secret}"`, 'a.h'],
      [`export HUB_API_KEY=${secret}`, 'a.sh'],
      [`HUB_API_KEY=${secret}\n`, '.env'],
      [`ENV HUB_API_KEY=${secret}`, 'Dockerfile'],
      [`api_key: ${secret}\n`, 'a.yaml'],
      [`api_key = ${secret}\n`, 'a.ini'],
      [`<apiKey>${secret}</apiKey>`, 'a.xml'],
      [`config['api_key'] = '${secret}'`, 'a.py'],
      [`setApiKey("${secret}")`, 'A.kt'],
      [`const char* api_key = "${secret}";`, 'a.cpp'],
      [`hub --api-key=${secret} `, 'run.sh'],
      [`client_secret = "${secret}"`, 'a.toml'],
      [`auth_token: "${secret}"`, 'a.yml'],
      [`SESSION_SECRET=${secret}\n`, '.env'],
      [`"{\\"api_key\\":\\"${secret}\\"}"`, 'a.go'],
      [`data-hub="{&quot;api_key&quot;:&quot;${secret}&quot;}"`, 'a.vue'],
      [`"first\\napi_key: ${secret}\\nlast"`, 'a.json'],
      [`https://hub/?a=1&api_key=${secret}&b=2`, 'a.ts'],
      [`"https://hub/?a=1\\u0026api_key=${secret}\\u0026b=2"`, 'a.json'],
      [`name,value\napi_key,${secret}\n`, 'a.csv'],
    ] as const)
      assert.deepEqual(
        (await seen(text, path)).map((one) => one.split(' ').at(-1)),
        [secret],
        `${path}: ${text}`,
      );
  });

  test('of passwords that people made up are found in configuration', async () => {
    assert.deepEqual(await seen('mqtt:\n  password: Lantern42!\n', 'configuration.yaml'), [
      'likely assigned-password Lantern42!',
    ]);
    assert.deepEqual(await seen('DB_PASSWORD=wx7blau_33\n', '.env'), ['likely assigned-password wx7blau_33']);
    for (const name of ['spring.datasource.password', 'spring.datasource.pwd', 'hub-pwd'])
      assert.deepEqual(
        await seen(`${name}=wx7blau_34\n`, 'application.properties'),
        ['likely assigned-password wx7blau_34'],
        name,
      );
    for (const name of ['porch.api.key', 'porch.api-key', 'porch.access.key', 'porch.signing-key']) {
      const drawn = random(24);
      const [first] = await seen(`${name}=${drawn}\n`, 'application.properties');
      assert.match(first ?? '', new RegExp(`^likely assigned-(?:api-key|secret) ${drawn}$`), name);
    }
  });

  test('of what is no credential are none', async () => {
    for (const [text, path] of [
      ['password: !secret mqtt_password', 'a.yaml'],
      ['password: "{{ vault_password }}"', 'a.yml'],
      ['password = os.environ["DB_PASSWORD_2"]', 'a.py'],
      ['const token = process.env.HUB_TOKEN1;', 'a.ts'],
      ['API_KEY=${API_KEY:-none}', 'a.sh'],
      ['api_key: your_api_key_here', 'a.yaml'],
      ["password: 'changeme123'", 'a.ts'],
      ['token: string;', 'a.ts'],
      ["const tokenType = 'urn:ietf:params:oauth:token-type:jwt';", 'a.ts'],
      ["secretName: 'hub-tls-3f9c1'", 'a.yaml'],
      ["password_hash = hashlib.sha256(b'x')", 'a.py'],
      [`integrity: sha512-${random(86)}==`, 'package-lock.json'],
      ['if (password === confirmPassword2) return;', 'a.js'],
      ["t('form.password.error8')", 'a.js'],
      ['token = "0123456789abcdef0123456789abcdef"', 'a.py'],
      ["tokenId = '3f2504e0-4f89-41d3-9a0c-0305e82c3301'", 'a.ts'],
      ['secretKeyRef: { name: hub, key: token }', 'a.yaml'],
      ['api_key = "xxxxxxxxxxxxxxxxxxxxxxxx"', 'a.toml'],
      ['passwordField = "input#password-v2"', 'a.ts'],
      [`nextToken: "${secret}"`, 'a.ts'],
      [`next_page_token = "${secret}"`, 'a.py'],
      [`csrfToken: '${secret}'`, 'a.ts'],
    ] as const)
      await none(text, path);
  });

  test('in tests and documents are notes', async () => {
    assert.deepEqual(await seen(`api_key = "${secret}"`, 'handbook/docs/setup.txt'), [
      `note assigned-api-key ${secret}`,
    ]);
  });
});
