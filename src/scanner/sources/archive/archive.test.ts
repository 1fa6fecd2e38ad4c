import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { appendFileSync, mkdirSync, readFileSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { gunzipSync, gzipSync, zstdCompressSync } from 'node:zlib';
import fc from 'fast-check';
import { Secret } from '#kernel';
import { type Collected, collect, has, measure, run, temporaryFolder } from '../collect.fixture.ts';
import { archiveSource } from './archive.ts';
import { byteReader } from './byte-reader.ts';
import { ARCHIVE_LIMITS } from './limits.ts';
import { openContent, startOpening } from './open-content.ts';

const RUNS = Number(process.env['CHATELAINE_FUZZ_RUNS'] ?? 300);
const folder = temporaryFolder();
after(folder.remove);

const write = (name: string, bytes: Uint8Array | string): string => {
  const file = join(folder.path, name);
  writeFileSync(file, bytes);
  return file;
};

/** One tar header with its sum; `change` sees it before the sum is made. */
const header = (name: string, size: number, type = '0', change: (block: Buffer) => void = () => {}): Buffer => {
  const block = Buffer.alloc(512);
  block.write(name, 0);
  block.write('0000640\0', 100);
  block.write(`${size.toString(8).padStart(11, '0')}\0`, 124);
  block.write('        ', 148);
  block.write(type, 156);
  block.write('ustar\x0000', 257);
  change(block);
  let sum = 0;
  for (const byte of block) sum += byte;
  block.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
  return block;
};

const padded = (bytes: Uint8Array): Buffer => Buffer.concat([bytes, Buffer.alloc((512 - (bytes.length % 512)) % 512)]);
const tar = (members: Readonly<Record<string, Uint8Array | string>>): Buffer =>
  Buffer.concat([
    ...Object.entries(members).flatMap(([name, content]) => {
      const bytes = Buffer.from(content as string);
      return [header(name, bytes.length), padded(bytes)];
    }),
    Buffer.alloc(1024),
  ]);

const readBytes = (bytes: Uint8Array, key?: Secret): Promise<Collected> =>
  collect((signal) =>
    openContent(
      {
        path: 'a',
        origin: { type: 'file' },
        size: bytes.length,
        reader: byteReader(
          (async function* () {
            yield bytes;
          })(),
        ),
        depth: 0,
      },
      startOpening(ARCHIVE_LIMITS, key, signal),
    ),
  );

const pairs = ({ units }: Collected): readonly (readonly [string, string])[] =>
  units.map(({ path, text }) => [path, text] as const).toSorted(([a], [b]) => (a < b ? -1 : 1));

describe('archives that other tools made', () => {
  const deep = `${'long-name/'.repeat(15)}end-${'x'.repeat(90)}.yaml`;
  const work = join(folder.path, 'work');
  before(() => {
    mkdirSync(join(work, deep, '..'), { recursive: true });
    writeFileSync(join(work, 'secrets.yaml'), 'wifi: one');
    writeFileSync(join(work, deep), 'deep: two');
    writeFileSync(join(work, 'empty'), '');
    writeFileSync(join(work, 'größe.txt'), 'three');
    symlinkSync('/etc/passwd', join(work, 'link'));
  });

  for (const format of ['ustar', 'pax', 'gnu', 'v7'])
    for (const [end, option] of [
      ['tar', []],
      ['tar.gz', ['-z']],
      ['tar.zst', ['--zstd']],
    ] as const)
      test(
        `${format} in .${end} gives every member by its whole name`,
        { skip: !has('tar') && 'no tar here' },
        async () => {
          const members = format === 'pax' || format === 'gnu' ? ['.'] : ['secrets.yaml', 'empty', 'link'];
          const file = join(folder.path, `${format}.${end}`);
          run('tar', [`--format=${format}`, ...option, '-cf', file, ...members], work);
          const found = await collect(archiveSource({ file, path: 'b' }));
          const expected = members.length === 1 ? [`b!${deep}`, 'b!größe.txt'] : [];
          assert.deepEqual(
            found.units.map(({ path }) => path).toSorted(),
            [...expected, 'b!empty', 'b!secrets.yaml'].toSorted(),
          );
          assert.equal(found.units.find(({ path }) => path === 'b!secrets.yaml')?.text, 'wifi: one');
          assert.equal(found.units.find(({ path }) => path === 'b!secrets.yaml')?.unit.mode !== undefined, true);
          if (members.length === 1)
            assert.equal(found.units.find(({ path }) => path === `b!${deep}`)?.text, 'deep: two');
          assert.deepEqual(found.gaps, []);
          assert.deepEqual(found.skipped, ['b!link: a link in an archive is not followed']);
        },
      );

  test('sparse files of GNU tar are read', { skip: !has('tar') && 'no tar here' }, async () => {
    const file = join(work, 'sparse');
    writeFileSync(file, '');
    truncateSync(file, 10_000_000);
    appendFileSync(file, 'token: at-the-end');
    for (const version of ['--format=gnu', '--sparse-version=1.0']) {
      run(
        'tar',
        [
          '-S',
          ...(version.includes('1.0') ? ['--format=pax'] : []),
          version,
          '-cf',
          '../s.tar',
          'sparse',
          'secrets.yaml',
        ],
        work,
      );
      const found = await collect(archiveSource({ file: join(folder.path, 's.tar'), path: 's' }));
      assert.deepEqual(found.gaps, [], version);
      assert.match(found.units.find(({ path }) => path === 's!sparse')!.text, /token: at-the-end/);
      assert.equal(found.units.find(({ path }) => path === 's!secrets.yaml')!.text, 'wifi: one');
    }
    run('rm', [file]);
  });

  test(
    'zip gives every member, stored or deflated, also behind other bytes',
    { skip: !has('zip') && 'no zip here' },
    async () => {
      run('zip', ['-q', '-r', '-y', '../w.zip', '.'], work);
      run('zip', ['-q', '-0', '../s.zip', 'secrets.yaml'], work);
      for (const [name, count] of [
        ['w.zip', 4],
        ['s.zip', 1],
      ] as const) {
        const plain = await collect(archiveSource({ file: join(folder.path, name), path: 'z' }));
        assert.equal(plain.units.length, count);
        assert.equal(plain.units.find(({ path }) => path === 'z!secrets.yaml')?.text, 'wifi: one');
        assert.deepEqual(plain.gaps, []);
        const inside = await readBytes(tar({ 'in.zip': readFileSync(join(folder.path, name)) }));
        assert.equal(inside.units.find(({ path }) => path === 'a!in.zip!secrets.yaml')?.text, 'wifi: one');
      }
    },
  );

  test('zip64 is read', { skip: !has('zip') && 'no zip here' }, async () => {
    // Reading from a pipe, zip cannot know the sizes and writes zip64 with data descriptors.
    writeFileSync(
      join(folder.path, 'p.zip'),
      Buffer.from(run('sh', ['-c', 'cat secrets.yaml | zip -q -fz - - | base64'], work), 'base64'),
    );
    const found = await collect(archiveSource({ file: join(folder.path, 'p.zip'), path: 'z' }));
    assert.deepEqual(pairs(found), [['z!-', 'wifi: one']]);
  });

  test(
    'an encrypted member of a zip is a gap, the others are read',
    { skip: !has('zip') && 'no zip here' },
    async () => {
      run('zip', ['-q', '-P', 'word', '../e.zip', 'secrets.yaml'], work);
      run('zip', ['-q', '../e.zip', 'größe.txt'], work);
      const found = await collect(archiveSource({ file: join(folder.path, 'e.zip'), path: 'z' }));
      assert.deepEqual(found.gaps, ['encrypted z!secrets.yaml']);
      assert.equal(found.units[0]?.text, 'three');
    },
  );

  test('archives in archives are opened, compressed files lose one ending', async () => {
    const inner = gzipSync(tar({ auth: 'token' }));
    const file = write(
      'nest.tar.gz',
      gzipSync(tar({ 'inner.tgz': inner, 'log.gz': gzipSync('line'), 'z.zst': zstdCompressSync('zz') })),
    );
    assert.deepEqual(pairs(await collect(archiveSource({ file, path: 'n' }))), [
      ['n!inner.tgz!auth', 'token'],
      ['n!log.gz!log', 'line'],
      ['n!z.zst!z', 'zz'],
    ]);
  });
});

describe('hostile archives', () => {
  test('a member that climbs out is looked through, and told', async () => {
    const found = await readBytes(tar({ '../../etc/passwd': 'a', '/abs': 'b', 'C:\\w': 'c', 'a\x1b[2Jb': 'd' }));
    assert.deepEqual(found.gaps, ['climbs_out a!etc/passwd', 'climbs_out a!abs', 'climbs_out a!C:/w']);
    assert.equal(found.units.map(({ text }) => text).join(''), 'abcd');
  });

  test('fifty layers are not followed to the end', async () => {
    let bytes: Buffer = Buffer.from('core');
    for (let layer = 0; layer < 50; layer += 1) bytes = gzipSync(bytes);
    const found = await readBytes(bytes);
    assert.deepEqual(
      found.gaps.map((text) => text.split(' ')[0]),
      ['too_deep'],
    );
    assert.equal(found.units.length, 0);
  });

  test('a bomb stops at its ratio and does not fill the memory', async () => {
    const zeros = Buffer.alloc(8 * 1024 * 1024);
    const layer = Buffer.concat(Array.from({ length: 100 }, () => gzipSync(zeros)));
    const file = write('bomb.gz', layer);
    const before = process.memoryUsage.rss();
    const { bytes, gaps, messages } = await measure(archiveSource({ file, path: 'b' }));
    assert.deepEqual(gaps, ['too_large b'], messages.join());
    assert.ok(bytes >= ARCHIVE_LIMITS.floor && bytes < ARCHIVE_LIMITS.floor + 2 * 1024 * 1024, String(bytes));
    assert.ok(process.memoryUsage.rss() - before < 150 * 1024 * 1024);
  });

  test('many members and many bytes end the whole archive', async () => {
    const many = write('many.tar', tar(Object.fromEntries(Array.from({ length: 50 }, (_, at) => [`f${at}`, 'x']))));
    const few = await collect(archiveSource({ file: many, path: 'm', limits: { members: 10 } }));
    assert.deepEqual([few.units.length, few.gaps], [10, ['too_many m']]);
    const big = write(
      'big.tar.gz',
      tar({ one: gzipSync(randomBytes(3000)), two: gzipSync(randomBytes(3000)), three: 'x' }),
    );
    const cut = await collect(archiveSource({ file: big, path: 'm', limits: { expanded: 5000 } }));
    assert.deepEqual([cut.gaps.at(-1), cut.units.some(({ text }) => text === 'x')], ['too_large m', false]);
  });

  test('what is cut off is read as far as it goes, and told', async () => {
    const whole = gzipSync(tar({ first: 'one', second: randomBytes(5000).toString('hex') }));
    const found = await readBytes(whole.subarray(0, whole.length - 2000));
    assert.equal(found.units.find(({ path }) => path === 'a!first')?.text, 'one');
    assert.ok(
      found.gaps.some((text) => text.startsWith('broken')),
      found.gaps.join(),
    );
    const plain = tar({ first: 'one', second: 'x'.repeat(5000) });
    const cut = await readBytes(plain.subarray(0, 2500));
    assert.deepEqual(
      cut.units.map(({ text }) => text.slice(0, 3)),
      ['one', 'xxx'],
    );
    assert.deepEqual(cut.gaps, ['broken a']);
  });

  test('a zip without its end is told', { skip: !has('zip') && 'no zip here' }, async () => {
    const whole = readFileSync(join(folder.path, 'w.zip'));
    assert.deepEqual((await readBytes(whole.subarray(0, whole.length - 40))).gaps, ['broken a']);
  });

  test('formats that are not opened are told with what opens them', async () => {
    const magic = Buffer.from('fd377a585a000000', 'hex');
    const { gaps, messages } = await measure(archiveSource({ file: write('x.xz', magic), path: 'x' }));
    assert.deepEqual(gaps, ['unreadable x']);
    assert.match(messages[0]!, /unxz/);
  });

  test('a file that grows while it is read is told', async () => {
    const file = write('grows.tar', tar({ a: '1', b: '2' }));
    const gaps: string[] = [];
    for await (const one of archiveSource({ file, path: 'g' })(new AbortController().signal)) {
      if (one.type === 'unit' && one.unit.path === 'g!a') appendFileSync(file, 'more');
      if (one.type === 'gap') gaps.push(one.gap.code);
    }
    assert.deepEqual(gaps, ['changed']);
  });

  test('a stop between members ends the archive with a gap', async () => {
    const stop = new AbortController();
    const codes: string[] = [];
    const file = write('stop.tar', tar({ a: '1', b: '2', c: '3' }));
    for await (const one of archiveSource({ file, path: 's' })(stop.signal)) {
      stop.abort();
      codes.push(one.type === 'gap' ? one.gap.code : one.type);
    }
    assert.deepEqual(codes, ['unit', 'interrupted']);
  });

  test('no bytes make a reader throw or hang, whatever they are', async () => {
    const zip = has('zip') ? readFileSync(join(folder.path, 'w.zip')) : Buffer.alloc(0);
    const seeds = [
      tar({ a: 'one', 'b.gz': gzipSync('two'), 'backup.json': '{}', 'c.tar.gz': 'SecureTar\x02' }),
      gzipSync(tar({ a: 'one' })),
      zstdCompressSync('text'),
      zip,
      Buffer.concat([
        header('x', 30, 'x'),
        padded(Buffer.from('30 path=a/very/long/name\n9 size=1')),
        header('f', 3),
        padded(Buffer.from('abc')),
      ]),
    ];
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...seeds),
        fc.array(fc.tuple(fc.nat(), fc.nat(255)), { maxLength: 8 }),
        fc.option(fc.nat()),
        async (seed, changes, cut) => {
          const bytes = Buffer.from(seed);
          for (const [at, byte] of changes) if (bytes.length > 0) bytes[at % bytes.length] = byte;
          const found = await readBytes(
            cut === null ? bytes : bytes.subarray(0, cut % (bytes.length + 1)),
            Secret.fromText('k'),
          );
          assert.ok(!found.gaps.some((text) => text.startsWith('failed')), found.gaps.join());
        },
      ),
      { numRuns: RUNS },
    );
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 2000 }), async (bytes) => {
        await readBytes(bytes);
      }),
      { numRuns: RUNS },
    );
  });

  test('content comes out as it went in, at any size', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.uint8Array({ maxLength: 3000 }), { maxLength: 6 }), async (contents) => {
        const plain = [new Uint8Array([1]), ...contents.filter((bytes) => bytes.length < 3 || bytes[0]! < 4)];
        const bytes = gzipSync(tar(Object.fromEntries(plain.map((content, at) => [`f${at}`, content]))));
        const found = await readBytes(bytes);
        assert.deepEqual(
          found.units.map(({ text }) => text),
          plain.map((content) => Buffer.from(content).toString('latin1')),
        );
      }),
      { numRuns: Math.min(RUNS, 500) },
    );
    const large = randomBytes(20 * 1024 * 1024);
    const [unit] = (await readBytes(tar({ large }))).units;
    assert.equal(unit?.unit.content.type, 'stream');
    assert.equal(unit?.text, large.toString('latin1'));
    assert.equal(gunzipSync(gzipSync('x')).toString(), 'x');
  });
});
