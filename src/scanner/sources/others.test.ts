import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { deflateSync, gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { hasCode } from '#kernel';
import { collect, temporaryFolder } from './collect.fixture.ts';
import { imageSource } from './image.ts';
import { stdinSource } from './stdin.ts';
import { type FetchUrl, openPage } from './url.ts';

const RUNS = Number(process.env['CHATELAINE_FUZZ_RUNS'] ?? 300);
const area = temporaryFolder();
after(area.remove);
const bytesOf = async function* (...parts: readonly (string | Uint8Array)[]): AsyncGenerator<Uint8Array> {
  for (const part of parts) yield Buffer.from(part as string);
};

describe('standard input', () => {
  test('is one unit, whatever its chunks', async () => {
    const found = await collect(stdinSource({ input: bytesOf('to', 'ken', ': x'), name: 'secrets.yaml' }));
    assert.deepEqual(
      found.units.map(({ path, text }) => [path, text]),
      [['secrets.yaml', 'token: x']],
    );
    assert.deepEqual(
      await collect(stdinSource({ input: bytesOf() })).then(({ units }) => units.map(({ text }) => text)),
      [''],
    );
  });

  test('is opened when it is an archive', async () => {
    const packed = gzipSync('inside');
    const found = await collect(stdinSource({ input: bytesOf(packed.subarray(0, 3), packed.subarray(3)) }));
    assert.deepEqual(
      found.units.map(({ text }) => text),
      ['inside'],
    );
  });

  test('that never ends is left when asked to', async () => {
    const stop = new AbortController();
    const forever = async function* (): AsyncGenerator<Uint8Array> {
      yield Buffer.from('first');
      await new Promise(() => {});
    };
    setTimeout(() => stop.abort(), 30);
    const found = await collect(stdinSource({ input: forever() }), stop.signal);
    assert.deepEqual(found.gaps, ['interrupted (stdin)']);
  });

  test('that fails is a gap', async () => {
    const fails = async function* (): AsyncGenerator<Uint8Array> {
      yield Buffer.from('read');
      throw Object.assign(new Error('x'), { code: 'EIO' });
    };
    const found = await collect(stdinSource({ input: fails() }));
    assert.deepEqual([found.units.map(({ text }) => text), found.gaps], [['read'], ['unreadable (stdin)']]);
  });
});

describe('an image', () => {
  const image = (bytes: Uint8Array) => {
    const file = join(area.path, 'image.bin');
    writeFileSync(file, bytes);
    return collect(imageSource({ file, path: 'fw' }));
  };

  test('is given as it is, with every compressed stream in it', async () => {
    const page = `<html>${'wifi password '.repeat(50)}</html>`;
    const found = await image(
      Buffer.concat([
        randomBytes(5000),
        gzipSync(page),
        randomBytes(2 * 1024 * 1024),
        deflateSync(`z${page}`),
        Buffer.from('tail'),
      ]),
    );
    const inside = found.units.filter(({ text }) => text.includes('wifi'));
    assert.deepEqual(
      inside.map(({ text }) => text),
      [page, `z${page}`],
    );
    assert.match(inside[0]!.path, /^fw!gzip@0x1388$/);
    assert.ok(found.units[0]?.unit.origin.type === 'image' && found.units[0].text.endsWith('tail'));
  });

  test('with a file system that is not opened says which and where', async () => {
    const found = await image(Buffer.concat([Buffer.alloc(4096), Buffer.from('hsqs'), Buffer.alloc(100)]));
    assert.deepEqual(found.gaps, ['unreadable fw!squashfs@0x1000']);
  });

  test('of chance gives itself and hardly anything else', async () => {
    const found = await image(randomBytes(8 * 1024 * 1024));
    assert.ok(found.units.length + found.gaps.length < 6, `${found.units.length} units, ${found.gaps.join()}`);
  });

  test('of any bytes makes nothing throw', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.uint8Array({ maxLength: 3000 }),
        fc.constantFrom(gzipSync('x'.repeat(500)), deflateSync('y'.repeat(500))),
        fc.nat(600),
        async (bytes, stream, cut) => {
          const found = await image(Buffer.concat([bytes, stream.subarray(0, cut), bytes]));
          assert.ok(found.units.length >= 1);
          assert.ok(!found.gaps.some((text) => text.startsWith('failed')), found.gaps.join());
        },
      ),
      { numRuns: Math.min(RUNS, 300) },
    );
  });
});

type Served = {
  readonly status?: number;
  readonly headers?: Record<string, string>;
  readonly body?: string | AsyncIterable<Uint8Array>;
};
const web = (pages: Readonly<Record<string, Served>>): { fetchUrl: FetchUrl; asked: string[] } => {
  const asked: string[] = [];
  return {
    asked,
    fetchUrl: async ({ url }) => {
      asked.push(url);
      const page = pages[url];
      if (page === undefined) throw new Error('nobody there');
      const { body = '', headers = {}, status = 200 } = page;
      return { status, header: (name) => headers[name] ?? null, body: typeof body === 'string' ? bytesOf(body) : body };
    },
  };
};
const html = { 'content-type': 'text/html; charset=utf-8' };
const stop = new AbortController().signal;

describe('a page', () => {
  test('is looked through with the scripts of its own origin', async () => {
    const { asked, fetchUrl } = web({
      'http://home.local:8080/': {
        headers: html,
        body: `<body>${'Dashboard '.repeat(40)}<script src="/app.js?v=1"></script><script src='http://elsewhere.example/x.js'></script><script src=lost.js></script>`,
      },
      'http://home.local:8080/app.js?v=1': { body: 'const key = 1' },
      'http://home.local:8080/lost.js': { status: 404 },
    });
    const page = await openPage({ url: 'http://home.local:8080/', fetchUrl }, stop);
    const found = await collect(page.source);
    assert.equal(page.facts.access, 'open');
    assert.deepEqual(
      found.units.map(({ path }) => path),
      ['http://home.local:8080/', 'http://home.local:8080/app.js'],
    );
    assert.deepEqual(found.gaps, ['unreadable http://home.local:8080/lost.js']);
    assert.ok(!asked.some((url) => url.includes('elsewhere')));
  });

  test('tells whether it is open', async () => {
    const access = async (served: Served): Promise<string> =>
      (await openPage({ url: 'https://a.example/', fetchUrl: web({ 'https://a.example/': served }).fetchUrl }, stop))
        .facts.access;
    assert.equal(await access({ headers: { 'content-type': 'application/json' }, body: '{}' }), 'open');
    assert.equal(await access({ headers: html, body: '<form><input name=p type="password"></form>' }), 'login');
    assert.equal(await access({ headers: html, body: '<div id=app></div><script>x</script>' }), 'app');
    assert.equal(await access({ status: 401, headers: { 'www-authenticate': 'Basic' } }), 'refused');
    assert.equal(await access({ status: 403 }), 'refused');
    assert.equal(await access({ status: 404 }), 'absent');
    assert.equal(await access({ status: 500 }), 'failed');
  });

  test('is not followed to other kinds of address, from https to http, or for ever', async () => {
    const moved = (location: string): Served => ({ status: 302, headers: { location } });
    for (const to of [
      'file:///etc/passwd',
      'ftp://a.example/',
      'http://a.example/',
      'https://u:p@a.example/x',
      'https://[',
    ]) {
      const { asked, fetchUrl } = web({ 'https://a.example/': moved(to) });
      const page = await openPage({ url: 'https://a.example/', fetchUrl }, stop);
      const found = await collect(page.source);
      assert.equal(asked.length, 1, to);
      assert.match(found.skipped.join(), /redirect was not followed/, to);
      assert.ok(!found.skipped.join().includes('u:p'));
    }
    const round = web({ 'https://a.example/': moved('/') });
    assert.equal((await openPage({ url: 'https://a.example/', fetchUrl: round.fetchUrl }, stop)).facts.redirects, 5);
    const login = web({
      'http://a.example/': moved('https://a.example/login?next=token'),
      'https://a.example/login?next=token': { headers: html, body: 'Sign in' },
    });
    const { facts } = await openPage({ url: 'http://a.example/', fetchUrl: login.fetchUrl }, stop);
    assert.deepEqual([facts.access, facts.url], ['login', 'https://a.example/login']);
  });

  test('is an address without credentials', async () => {
    for (const url of [
      'file:///etc/passwd',
      'javascript:alert(1)',
      'nonsense',
      'https://user:pass@a.example/',
      'https://t@a.example/',
    ])
      await assert.rejects(
        openPage({ url, fetchUrl: web({}).fetchUrl }, stop),
        (error) => hasCode(error, 'scanner.url'),
        url,
      );
    await assert.rejects(
      openPage({ url: 'https://gone.example/?token=abc', fetchUrl: web({}).fetchUrl }, stop),
      (error) => hasCode(error, 'scanner.url_failed') && !error.message.includes('abc'),
    );
  });

  test('without end is cut, and told', async () => {
    const endless = async function* (): AsyncGenerator<Uint8Array> {
      for (;;) yield new Uint8Array(64 * 1024);
    };
    const { fetchUrl } = web({ 'http://a.example/': { body: endless() } });
    const page = await openPage({ url: 'http://a.example/', fetchUrl, limits: { bytes: 1_000_000 } }, stop);
    const found = await collect(page.source);
    assert.deepEqual([found.units[0]?.text.length, found.gaps], [1_000_000, ['too_large http://a.example/']]);
  });
});
