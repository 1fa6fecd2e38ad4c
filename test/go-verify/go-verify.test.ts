import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { Secret } from '#kernel';
import { ed25519Signer } from '#kernel/node';
import { sampleEntry, sampleLog } from '../../src/ledger/tree/naive-tree.fixture.ts';
import { publishLog } from './publish-log.ts';

/** Where Debian's golang-golang-x-mod-dev puts Go's checksum-database packages: a GOPATH of its own. */
const GOPATH = '/usr/share/gocode';
const SIZE = 70_000;

const findGo = (): string | undefined => {
  const debian = existsSync('/usr/lib')
    ? readdirSync('/usr/lib')
        .filter((name) => /^go-\d/.test(name))
        .map((name) => `/usr/lib/${name}/bin/go`)
    : [];
  return ['go', '/usr/local/go/bin/go', ...debian].find((go) => spawnSync(go, ['version']).status === 0);
};

const go = findGo();
const missing =
  go === undefined
    ? 'There is no Go here: apt-get install golang-go golang-golang-x-mod-dev'
    : existsSync(`${GOPATH}/src/golang.org/x/mod/sumdb/tlog`)
      ? undefined
      : 'Go finds no golang.org/x/mod: apt-get install golang-golang-x-mod-dev';
const skip = missing !== undefined && process.env['CHATELAINE_REQUIRE'] !== '1' ? missing : false;

const work = mkdtempSync(join(tmpdir(), 'chatelaine-go-verify-'));
after(() => rmSync(work, { recursive: true, force: true }));
const directory = join(work, 'ledger');
const program = join(work, 'verify');

/** Without modules and without a network: only what Debian installed. */
const build = () => {
  if (existsSync(program)) return;
  if (go === undefined || missing !== undefined) assert.fail(missing);
  const env = {
    PATH: process.env['PATH'] ?? '',
    HOME: work,
    GOPATH,
    GOCACHE: join(work, 'cache'),
    GO111MODULE: 'off',
    GOFLAGS: '',
    GOPROXY: 'off',
    GOTOOLCHAIN: 'local',
    CGO_ENABLED: '0',
  };
  execFileSync(go, ['build', '-o', program, join(import.meta.dirname, 'main.go')], { env });
};

const verify = () => {
  const { status, stdout, stderr } = spawnSync(program, [directory, '7'], { encoding: 'utf8' });
  return { status, stdout, stderr };
};

test("Go's own sumdb packages verify our log, and refuse it once it was touched", { skip }, async (t) => {
  build();
  const signer = ed25519Signer('porch.example/ledger', Secret.fromBytes(new Uint8Array(32).fill(1)));
  const log = sampleLog(SIZE);
  const places = Array.from({ length: 200 }, (_, i) => {
    const size = 1 + ((i * 9_973) % SIZE);
    return { index: (i * 7_919) % size, size };
  });
  await publishLog(directory, log, signer, places);

  await t.test('signature, root, inclusion and consistency fit', () => {
    const { status, stdout, stderr } = verify();
    assert.equal(status, 0, stderr);
    assert.match(
      stdout,
      /root of 70000 entries ok, 500 inclusion and 40 consistency proofs from tiles ok, 200 and 200/,
    );
  });

  const touched = async (name: string, change: (content: Buffer) => Buffer | string, reason: RegExp) => {
    const path = join(directory, name);
    const content = readFileSync(path);
    await t.test(`refused: ${name} changed`, () => {
      writeFileSync(path, change(Buffer.from(content)));
      const { status, stderr } = verify();
      writeFileSync(path, content);
      assert.equal(status, 1);
      assert.match(stderr, reason);
    });
  };
  const flip = (at: number) => (content: Buffer) => {
    content[at]! ^= 1;
    return content;
  };
  await touched('tile/entries/100', flip(40), /the entries give the root/);
  await touched('tile/entries/273.p/112', (content) => content.subarray(35), /ends inside entry 111/);
  await touched('tile/0/273.p/112', flip(3), /tile/);
  await touched('tile/1/001.p/17', flip(100), /tile/);
  await touched('checkpoint', (content) => content.toString().replace('70000', '69999'), /invalid signature/);
  await touched('key', (content) => content.toString().replace('porch', 'perch'), /verifier/);
  await touched('proofs.json', (content) => content.toString().replace(/"Proof":\["./, '"Proof":["_'), /proofs.json/);
  await touched(
    'proofs.json',
    (content) => content.toString().replace('"Index":7919', '"Index":7918'),
    /inclusion proof/,
  );

  await t.test('refused: an entry more than was signed', async () => {
    const checkpoint = readFileSync(join(directory, 'checkpoint'));
    log.append([sampleEntry(SIZE)]);
    await publishLog(directory, log, signer, []);
    writeFileSync(join(directory, 'checkpoint'), checkpoint);
    assert.equal(verify().status, 1);
  });
});

test('Go verifies logs of 1, 255, 256 and 257 entries', { skip }, async () => {
  build();
  const signer = ed25519Signer('porch.example/ledger', Secret.fromBytes(new Uint8Array(32).fill(1)));
  for (const size of [1, 255, 256, 257]) {
    await publishLog(
      directory,
      sampleLog(size),
      signer,
      Array.from({ length: size }, (_, index) => ({ index, size })),
    );
    const { status, stderr } = verify();
    assert.equal(status, 0, `${size}: ${stderr}`);
  }
});
