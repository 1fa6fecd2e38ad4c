import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { ChatelaineError, Secret, fromBase64, hasCode, toBase64, utf8 } from '#kernel';
import { ed25519Signer } from '#kernel/node';
import { formatCheckpoint, openCheckpoint, parseCheckpoint, signCheckpoint } from './checkpoint.ts';
import { EMPTY_ROOT } from './merkle.ts';
import { openNote, parseNote, signNote } from './note.ts';
import { formatVerifierKey, parseVerifierKey, verifierKey } from './verifier-key.ts';

// The example in the documentation of Go's golang.org/x/mod/sumdb/note.
const GO_SEED = fromBase64('AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz').subarray(1);
const GO_KEY = 'PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW';
const GO_TEXT = "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n";
const GO_LINE =
  '— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n';
const GO_NOTE = `${GO_TEXT}\n${GO_LINE}`;

const signerOf = (name: string, fill: number) => ed25519Signer(name, Secret.fromBytes(new Uint8Array(32).fill(fill)));
const signer = signerOf('porch.example/ledger', 1);
const key = verifierKey(signer.name, signer.publicKey);
const malformed = (error: unknown) => hasCode(error, 'ledger.note_malformed');

test("Go's note: the same key gives the same verifier key and the same note", () => {
  const neumann = ed25519Signer('PeterNeumann', Secret.fromBytes(GO_SEED));
  assert.equal(formatVerifierKey(verifierKey(neumann.name, neumann.publicKey)), GO_KEY);
  assert.equal(signNote(GO_TEXT, [neumann]), GO_NOTE);
  assert.deepEqual(openNote(GO_NOTE, [parseVerifierKey(GO_KEY)]).text, GO_TEXT);
  assert.deepEqual(openNote(utf8(GO_NOTE), [parseVerifierKey(GO_KEY)]).text, GO_TEXT);
});

test('C2SP tlog-checkpoint: the example is read, and written back the same', () => {
  const text = 'example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n';
  const line =
    '— example.com/behind-the-sofa Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=\n';
  const checkpoint = parseCheckpoint(parseNote(`${text}\n${line}`).text);
  assert.equal(checkpoint.size, 20_852_163);
  assert.equal(formatCheckpoint(checkpoint), text);
});

test('a note may hold empty lines and carry sixteen signatures, of which one known is enough', () => {
  const signers = Array.from({ length: 16 }, (_, i) => signerOf(`witness${i}.example`, i + 10));
  const text = 'Ognuno sta solo\n\ned è subito sera.\n\n';
  const opened = openNote(signNote(text, [...signers, signer]), [key]);
  assert.equal(opened.text, text);
  assert.deepEqual(opened.signedBy, [key]);
});

test('a changed text or signature is refused with the name of the key', () => {
  const note = signNote('a\nb\n', [signer]);
  for (const changed of [note.replace('a\n', 'c\n'), note.replace(/(.{8})=\n$/, 'AAAAAAA0=\n')])
    assert.throws(
      () => openNote(changed, [key]),
      (error) => error instanceof ChatelaineError && /signature_wrong|note_malformed/.test(error.code),
    );
  assert.throws(
    () => openNote(note.replace('a\n', 'c\n'), [key]),
    (error) => hasCode(error, 'ledger.signature_wrong'),
  );
});

test('one wrong signature by a known key condemns a note that has a right one too', () => {
  const note = signNote('a\n', [signer]);
  const other = signNote('b\n', [signer]).split('\n\n')[1]!;
  assert.throws(
    () => openNote(note + other, [key]),
    (error) => hasCode(error, 'ledger.signature_wrong'),
  );
});

test('a key of the same name, or another name for the same key, has not signed', () => {
  const note = signNote('a\n', [signer]);
  const namesake = verifierKey(key.name, signerOf(key.name, 2).publicKey);
  for (const stranger of [namesake, verifierKey('other', key.publicKey)])
    assert.throws(
      () => openNote(note, [stranger]),
      (error) => hasCode(error, 'ledger.note_unsigned'),
    );
  assert.throws(
    () => openNote(note, []),
    (error) => hasCode(error, 'ledger.note_unsigned'),
  );
  // A forged key ID leads to the check of the signature and fails there.
  assert.throws(
    () => openNote(note, [{ ...namesake, id: key.id }]),
    (error) => hasCode(error, 'ledger.signature_wrong'),
  );
});

test('malformed notes are refused', () => {
  const good = signNote('a\n', [signer]);
  const line = good.split('\n\n')[1]!;
  for (const bad of [
    '',
    '\n',
    'a\n',
    'a\n\n',
    `a${line}`,
    `a\n${line}`,
    good.slice(0, -1),
    `${good}\n`,
    `${good}x\n`,
    good.replace('a', '\t'),
    good.replace('a', 'a\r'),
    good.replace('a', '\u0000'),
    good.replace('a', '\ud800'),
    good.replace('—', '-'),
    good.replace('— ', '—'),
    good.replace('— ', '—  '),
    good.replace('porch', 'po+rch'),
    good.replace('porch', 'po\u00a0rch'),
    good.replace(/ \S+\n$/, ' AAAA\n'),
    good.replace(/=\n$/, '\n'),
    good.replace(/\n$/, ' \n'),
    `a\n\n${line.repeat(65)}`,
    good.replace('a', 'a'.repeat(600_000)),
  ])
    assert.throws(() => parseNote(bad), malformed, JSON.stringify(bad.slice(0, 200)));
  assert.throws(() => parseNote(Uint8Array.of(0xff, 0x0a, 0x0a)), malformed);
});

test('a byte order mark counts as text: it cannot be slipped in or taken away', () => {
  const note = utf8(`\ufeff${signNote('a\n', [signer])}`);
  assert.throws(
    () => openNote(note, [key]),
    (error) => hasCode(error, 'ledger.signature_wrong'),
  );
});

test('what cannot be a note is not signed', () => {
  for (const text of ['', 'a', 'a\r\n', 'a\ud800\n']) assert.throws(() => signNote(text, [signer]), malformed);
  assert.throws(
    () => signNote('a\n', [signerOf('two words', 1)]),
    (error) => hasCode(error, 'ledger.key_malformed'),
  );
});

test('damaged and foreign verifier keys are refused', () => {
  const [name, id, base64] = ['PeterNeumann', 'c74f20a3', GO_KEY.slice(22)];
  const mldsa = `x+00000000+${toBase64(new Uint8Array(33).fill(6))}`;
  for (const bad of [
    '',
    'a',
    'a+b+c',
    `${name}+c74f20a4+${base64}`,
    `${name}+C74F20A3+${base64}`,
    `${name}x+${id}+${base64}`,
    `+${id}+${base64}`,
    `${name}+${id}+${base64.slice(4)}`,
    `${GO_KEY}\n`,
    ` ${GO_KEY}`,
    mldsa,
  ])
    assert.throws(
      () => parseVerifierKey(bad),
      (error) => hasCode(error, 'ledger.key_malformed'),
      bad,
    );
});

test('a checkpoint opens only for the log that bears the name of the key', () => {
  const note = signCheckpoint(signer, 0, EMPTY_ROOT);
  assert.deepEqual(openCheckpoint(note, key), {
    origin: key.name,
    size: 0,
    root: EMPTY_ROOT,
    extensions: [],
  });
  const foreign = signNote(formatCheckpoint({ origin: 'other', size: 1, root: EMPTY_ROOT, extensions: ['x'] }), [
    signer,
  ]);
  assert.throws(
    () => openCheckpoint(foreign, key),
    (error) => hasCode(error, 'ledger.checkpoint_origin'),
  );
});

test('malformed checkpoints are neither read nor written', () => {
  const root = toBase64(EMPTY_ROOT);
  const refused = (error: unknown) => hasCode(error, 'ledger.checkpoint_malformed');
  for (const bad of [
    '',
    '\n',
    'o\n1\n',
    `o\n01\n${root}\n`,
    `o\n+1\n${root}\n`,
    `o\n-1\n${root}\n`,
    `o\n1e3\n${root}\n`,
    `o\n\n${root}\n`,
    `\n1\n${root}\n`,
    `o\n1\n${root}`,
    `o\n1\n${root}\n\n`,
    `o\n1\n${root}\n\nx\n`,
    `o\n9007199254740992\n${root}\n`,
    `o\n1\n${root.slice(4)}\n`,
    `o\n1\n${root} \n`,
    `o\n1\n${root.replace(/.=$/, '/=')}\n`,
    `o\n1 \n${root}\n`,
    `o\n１\n${root}\n`,
  ])
    assert.throws(() => parseCheckpoint(bad), refused, JSON.stringify(bad));
  const good = { origin: 'o', size: 1, root: EMPTY_ROOT, extensions: [] };
  for (const bad of [
    { origin: '' },
    { origin: 'o\n2' },
    { size: -1 },
    { size: 0.5 },
    { size: 2 ** 53 },
    { root: new Uint8Array(31) },
    { extensions: [''] },
    { extensions: ['a\nb'] },
  ])
    assert.throws(() => formatCheckpoint({ ...good, ...bad }), refused, JSON.stringify(bad));
});

test('fuzz: any text, and any change of one character of a note, is refused or leaves the signed text alone', () => {
  const note = signCheckpoint(signer, 12_345, EMPTY_ROOT);
  const { text } = parseNote(note);
  const opens = (candidate: string | Uint8Array) => {
    try {
      assert.equal(openNote(candidate, [key]).text, text);
    } catch (error) {
      if (!(error instanceof ChatelaineError)) throw error;
    }
  };
  fc.assert(
    fc.property(
      fc.nat(note.length - 1),
      fc.string({ unit: 'binary', maxLength: 2 }),
      fc.string({ unit: 'binary' }),
      (at, put, any) => {
        opens(note.slice(0, at) + put + note.slice(at + 1));
        opens(any);
        opens(`${any}\n\n${any}\n`);
      },
    ),
    { numRuns: 10_000 },
  );
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => opens(bytes)),
    { numRuns: 10_000 },
  );
});
