import assert from 'node:assert/strict';
import { createPrivateKey, generateKeyPairSync, randomBytes } from 'node:crypto';
import { suite, test } from 'node:test';
import fc from 'fast-check';
import { Secret } from '#kernel';
import { planFor } from '../open-plan.ts';
import { copyFiles } from './copy-files.ts';
import { fakeOf } from './fake-of.ts';
import { openMask } from './mask.ts';
import { replaceFound } from './replace-found.ts';

const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString('utf8');
const URL_VALUE = ['gR7', 'kPw2', 'vTz9'].join('');
const LOG = `connecting to mqtt://house:${URL_VALUE}@broker.example:1883\nretry with ${URL_VALUE} failed\nnothing here\n`;
const SEED = new Uint8Array(32).fill(7);

suite('replacing what was found', () => {
  test('a value is replaced where it is found and wherever it stands again, and nothing else changes', async () => {
    const plan = await planFor({});
    const { bytes, count, complete } = await replaceFound(plan, 'a.log', Buffer.from(LOG), () => '‹x›');
    assert.equal(text(bytes), LOG.replaceAll(URL_VALUE, '‹x›'));
    assert.deepEqual([count, complete], [2, true]);
  });

  test('content without a credential comes back as it is', async () => {
    const plan = await planFor({});
    const bytes = Buffer.from('temperature: 21.5\nname: living room\n\u00e9\u00ff');
    assert.deepEqual(Buffer.from((await replaceFound(plan, 'a.yaml', bytes, () => 'x')).bytes), bytes);
  });

  test('a copy has the same fake for the same value in every file, and no value anywhere', async () => {
    const files = [
      { path: 'a.log', bytes: Buffer.from(LOG) },
      { path: 'notes.txt', bytes: Buffer.from(`the word of the broker is ${URL_VALUE}, said ann`) },
      { path: 'image.bin', bytes: Buffer.from([1, 0, 2]) },
    ];
    const copy = await copyFiles(files, SEED);
    const fake = fakeOf(SEED, URL_VALUE);
    assert.deepEqual(
      copy.files.map(({ path }) => path),
      ['a.log', 'notes.txt'],
    );
    assert.equal(text(copy.files[1]!.bytes), `the word of the broker is ${fake}, said ann`);
    assert.ok(copy.files.every(({ bytes }) => !text(bytes).includes(URL_VALUE)));
    assert.deepEqual(
      copy.leftOut.map(({ path }) => path),
      ['image.bin'],
    );
  });

  test('a fake has the shape of its value and is never the value', () => {
    const shape = (value: string) =>
      value
        .replaceAll(/\p{Lu}/gu, 'A')
        .replaceAll(/\p{N}/gu, '0')
        .replaceAll(/(?!A)\p{L}/gu, 'a');
    fc.assert(
      fc.property(
        fc.string({ minLength: 1, maxLength: 60, unit: 'grapheme' }),
        fc.uint8Array({ minLength: 32, maxLength: 32 }),
        (value, seed) => {
          const fake = fakeOf(seed, value);
          if (/[\p{L}\p{N}]/u.test(value)) assert.equal(shape(fake), shape(value));
          assert.equal(fakeOf(seed, value), fake);
          if (/\S/.test(value)) assert.notEqual(fake, value);
        },
      ),
    );
    assert.match(fakeOf(SEED, `ghp_${'a'.repeat(36)}`), /^ghp_[a-f]{36}$/);
  });

  test('a fake keeps no letter of any script, and of a value of signs none of them', () => {
    assert.match(fakeOf(SEED, 'Пароль-дома٣'), /^[A-Z][a-z]{5}-[a-z]{4}\d$/);
    assert.match(fakeOf(SEED, '秘密の鍵'), /^[a-z]{4}$/);
    assert.match(fakeOf(SEED, '!?#… %'), /^[a-z]{4} [a-z]$/);
  });

  test('the fake of a web token is a web token with the same claims, of nobody', () => {
    const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
    const claims = {
      iss: 'a1b2c3d4e5f60718293a4b5c6d7e8f90',
      iat: 1_764_000_000,
      exp: 2_079_360_000,
      roles: ['admin1'],
    };
    const token = `${part({ alg: 'HS256', typ: 'JWT' })}.${part(claims)}.${'aB3'.repeat(14)}x`;
    const fake = fakeOf(SEED, token);
    const [header, payload, signature] = fake.split('.');
    const read = (text: string) => JSON.parse(Buffer.from(text, 'base64url').toString()) as Record<string, unknown>;
    assert.deepEqual(read(header!), { alg: 'HS256', typ: 'JWT' });
    const faked = read(payload!);
    assert.deepEqual(Object.keys(faked), Object.keys(claims));
    assert.match(String(faked['iss']), /^[\da-f]{32}$/);
    assert.notEqual(faked['iss'], claims.iss);
    assert.equal(faked['exp'], claims.exp);
    assert.equal(signature!.length, 43);
    assert.notEqual(signature, token.split('.')[2]);
    assert.equal(fakeOf(SEED, token), fake);
  });

  test('the fake of a private key has its armour, its lines and its structure, and none of its bytes of chance', () => {
    for (const [type, pem] of [
      ['ed25519', generateKeyPairSync('ed25519').privateKey.export({ format: 'pem', type: 'pkcs8' })],
      ['x25519', generateKeyPairSync('x25519').privateKey.export({ format: 'pem', type: 'pkcs8' })],
    ] as const) {
      const fake = fakeOf(SEED, pem);
      assert.equal(createPrivateKey(fake).asymmetricKeyType, type);
      assert.notEqual(fake, pem);
    }
    const rsa = generateKeyPairSync('rsa', { modulusLength: 1024 }).privateKey.export({ format: 'pem', type: 'pkcs1' });
    const fake = fakeOf(SEED, rsa);
    const der = (text: string) => Buffer.from(text.replaceAll(/-----[^-]+-----|\s/g, ''), 'base64');
    assert.deepEqual(
      fake.split('\n').map((line) => line.length),
      rsa.split('\n').map((line) => line.length),
    );
    assert.deepEqual(der(fake).subarray(0, 11), der(rsa).subarray(0, 11), 'sequence, version, length of the modulus');
    for (let at = 16; at + 16 < der(rsa).length; at += 16)
      assert.ok(!der(fake).includes(der(rsa).subarray(at, at + 16)), `bytes ${at} are those of the key`);
  });

  test('the fake of a key of OpenSSH or OpenPGP, and of one that is damaged, keeps nothing that says whose it is', () => {
    const text = (value: string | Uint8Array): Buffer => {
      const length = Buffer.alloc(4);
      length.writeUInt32BE(value.length);
      return Buffer.concat([length, Buffer.from(value as string)]);
    };
    const open = Buffer.concat([Buffer.from('openssh-key-v1\0'), text('none'), text('none')]);
    const salted = Buffer.concat([text(randomBytes(16)), Buffer.from([0, 0, 0, 16])]);
    const locked = Buffer.concat([Buffer.from('openssh-key-v1\0'), text('aes256-ctr'), text('bcrypt')]);
    const ed25519 = generateKeyPairSync('ed25519').privateKey.export({ format: 'der', type: 'pkcs8' });
    const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ format: 'der', type: 'sec1' });
    for (const [label, head, secret] of [
      ['OPENSSH', open, Buffer.concat([text(''), Buffer.from([0, 0, 0, 1]), text(randomBytes(300))])],
      ['OPENSSH', locked, Buffer.concat([text(salted), Buffer.from([0, 0, 0, 1]), text(randomBytes(300))])],
      ['OPENSSH', Buffer.from('openssh-key-v1\0'), Buffer.concat([Buffer.from([0xff, 0, 0, 0]), randomBytes(300)])],
      ['PGP', Buffer.from([0x95, 1, 0x2c, 4]), randomBytes(300)],
      ['PGP', Buffer.from([0xc5, 0xc1, 0x2c, 6]), randomBytes(300)],
      ['', Buffer.alloc(0), Buffer.concat([ed25519, Buffer.from('x')])],
      ['EC', Buffer.alloc(0), ec.subarray(0, ec.length - 3)],
      ['RSA', Buffer.alloc(0), randomBytes(300).fill(0x31, 0, 1)],
    ] as const) {
      const name = label === '' ? 'PRIVATE KEY' : `${label} PRIVATE KEY`;
      const whole = Buffer.concat([head, secret]);
      const key = `-----BEGIN ${name}-----\n${whole
        .toString('base64')
        .match(/.{1,64}/g)!
        .join('\n')}\n-----END ${name}-----\n`;
      const fake = Buffer.from(fakeOf(SEED, key).replaceAll(/-----[^-]+-----|\s/g, ''), 'base64');
      assert.equal(fake.length, whole.length);
      assert.deepEqual(fake.subarray(0, head.length), head, name);
      for (let at = head.length; at + 4 <= whole.length; at++)
        if (whole.readUInt32BE(at) > 0xffff)
          assert.notEqual(fake.readUInt32BE(at), whole.readUInt32BE(at), `${name}: bytes from ${at} on`);
    }
  });

  test('a mask hides known values however a stream is cut, in every spelling', () => {
    const value = 'p"ss w/rd+0ne';
    const known = [{ path: 'porch/home/mqtt', value: Secret.fromText(value) }];
    const spelt = [value, JSON.stringify(value), encodeURIComponent(value), Buffer.from(value).toString('base64')];
    const whole = Buffer.from(`before ${spelt.join(' and ')} after`);
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: whole.length }), { maxLength: 12 }),
        fc.boolean(),
        (cuts, flushes) => {
          const mask = openMask(known);
          const out: Uint8Array[] = [];
          let at = 0;
          for (const cut of [...cuts, whole.length].toSorted((a, b) => a - b)) {
            out.push(mask.write(whole.subarray(at, cut)));
            if (flushes) out.push(mask.flush());
            at = cut;
          }
          out.push(mask.end());
          const shown = Buffer.concat(out).toString();
          assert.equal(
            shown,
            'before ‹porch/home/mqtt› and "‹porch/home/mqtt›" and ‹porch/home/mqtt› and ‹porch/home/mqtt› after',
          );
        },
      ),
    );
  });

  test('a mask lets through at once what can be no beginning of a value', () => {
    const mask = openMask([{ path: 'a/b/c', value: Secret.fromText('secret-value') }]);
    const shown = Buffer.concat([mask.write(Buffer.from('password? ')), mask.flush()]).toString();
    assert.equal(shown, 'password? ');
    assert.equal(Buffer.concat([mask.write(Buffer.from('sec')), mask.flush()]).toString(), '');
    assert.equal(Buffer.concat([mask.write(Buffer.from('ond')), mask.flush()]).toString(), 'second');
  });
});
