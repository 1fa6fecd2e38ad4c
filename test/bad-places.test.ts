import assert from 'node:assert/strict';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { Duration } from '#kernel';
import { type Place, type Said, call, makePlace, startServer } from './program/program.ts';

/** Every place that a person may name, given to the program as it should not be, on a machine where root may all. */

/** What may be named in place of a folder that can be written. */
const BAD_FOLDERS = ['file', 'file/under', 'dangling/under', 'loop/under', '/proc/x', '/proc/x/y', '/dev/full/under'];
/** … in place of a file that can be written. */
const BAD_TARGETS = ['folder', 'file/under', 'loop', '/proc/x', '/proc/x/y', '/dev/full/under'];
/** … in place of a file that can be read. */
const BAD_SOURCES = ['absent', 'folder', 'file/under', 'dangling', 'loop', '/proc/x'];

const LONGEST = Duration.of(30, 's');

type Case = {
  readonly what: string;
  readonly places: readonly string[];
  readonly args: (path: string, place: Place) => readonly string[];
  readonly env?: (path: string) => Readonly<Record<string, string>>;
  readonly input?: string;
};

/** A start and what works on a folder without a server. */
const OFFLINE: readonly Case[] = [
  { what: 'the data folder', places: BAD_FOLDERS, args: () => ['up'], env: (path) => ({ CHATELAINE_DATA: path }) },
  { what: 'the key file', places: BAD_TARGETS, args: () => ['up'], env: (path) => ({ CHATELAINE_KEY_FILE: path }) },
  { what: 'the anchor', places: BAD_TARGETS, args: () => ['up'], env: (path) => ({ CHATELAINE_ANCHOR_FILE: path }) },
  { what: 'the socket', places: BAD_TARGETS, args: (path) => ['up', '--socket', path] },
  { what: 'the operator token', places: BAD_TARGETS, args: (path) => ['up', '--operator-token-file', path] },
  { what: 'the settings', places: BAD_SOURCES, args: () => ['up'], env: (path) => ({ CHATELAINE_CONFIG: path }) },
  {
    what: 'the certificate',
    places: BAD_SOURCES,
    args: (path) => ['up', '--tls-cert', path, '--tls-key', path],
  },
  { what: 'the backup', places: BAD_SOURCES, args: (path) => ['restore', path, '--data', 'new', '--kit-file', 'file'] },
  {
    what: 'the folder to restore into',
    places: BAD_FOLDERS,
    args: (path) => ['restore', 'file', '--data', path, '--kit-file', 'file'],
  },
  { what: 'the kit', places: BAD_SOURCES, args: (path) => ['restore', 'file', '--data', 'new', '--kit-file', path] },
  { what: 'the folder to look into', places: [...BAD_SOURCES, 'file'], args: (path) => ['doctor', '--data', path] },
  {
    what: 'a tree to scan',
    places: ['absent', 'file/under', 'dangling', 'loop', '/proc/x'],
    args: (path) => ['scan', path],
  },
  { what: 'an archive', places: BAD_SOURCES, args: (path) => ['scan', '--archive', path] },
  { what: 'an image', places: BAD_SOURCES, args: (path) => ['scan', '--image', path] },
  { what: 'rules', places: BAD_SOURCES, args: (path) => ['scan', 'file', '--rules', path] },
  {
    what: 'a baseline',
    places: ['folder', 'file/under', 'loop'],
    args: (path) => ['scan', 'file', '--baseline', path],
  },
  {
    what: 'a report',
    places: BAD_TARGETS.filter((each) => each !== 'loop'),
    args: (path) => ['scan', 'file', '--format', 'sarif', '--output', path],
  },
  {
    what: 'a copy to share',
    places: ['file/under', '/proc/x', 'loop'],
    args: (path) => ['share-copy', 'folder', path],
  },
  { what: 'a verifier key', places: BAD_SOURCES, args: (path) => ['audit', 'verify', 'folder', '--key', path] },
];

/** What asks a running server. */
const ONLINE: readonly Case[] = [
  { what: 'a value', places: BAD_SOURCES, args: (path) => ['set', 'lab/home/one', '--file', path] },
  { what: 'a template', places: BAD_SOURCES, args: (path) => ['render', 'folder', '--template', path, '--out', 'o'] },
  {
    what: 'what is rendered',
    places: BAD_TARGETS.filter((each) => each !== 'loop'),
    args: (path) => ['render', 'folder', '-t', 'file', '--out', path],
  },
  {
    what: 'a folder to adopt',
    places: [...BAD_SOURCES.filter((each) => each !== 'folder'), 'file'],
    args: (path) => ['adopt', path],
  },
  { what: 'what is imported', places: BAD_SOURCES, args: (path) => ['import', path, '-p', 'lab', '-e', 'home'] },
  {
    what: 'what is exported',
    places: BAD_TARGETS,
    args: (path) => ['export', '-p', 'lab', '-e', 'home', '--out', path],
  },
  {
    what: 'the certificate authority',
    places: BAD_SOURCES,
    args: (path) => ['login', '--server', 'https://localhost:1', '--ca', path, '--stdin'],
    input: 'x\n',
  },
];

const lay = async (t: TestContext): Promise<Place> => {
  const place = await makePlace(t, { CHATELAINE_LOG_LEVEL: 'error', NO_COLOR: '1' });
  const at = (name: string) => join(place.root, name);
  writeFileSync(at('file'), 'nothing to see\n');
  mkdirSync(at('folder'));
  writeFileSync(at('folder/notes.txt'), 'nothing to see\n');
  symlinkSync(at('nowhere'), at('dangling'));
  symlinkSync(at('loop'), at('loop'));
  return place;
};

/** Null when the program said it well, else what was wrong. */
const faultOf = ({ exit, out, err }: Said, seconds: number): string | null => {
  const said = `${out}${err}`;
  const faults = [
    ...(exit === 70 || exit === 0 || exit > 100 || exit < 0 ? [`ended with ${exit}`] : []),
    ...(/^\s+at |node:internal|undefined|inside the program|report it/m.test(said) ? ['shows its insides'] : []),
    ...(err.trim() === '' && out.trim() === '' ? ['says nothing'] : []),
    ...(seconds > LONGEST.ms / 1_000 ? [`took ${seconds} s`] : []),
  ];
  return faults.length === 0 ? null : `${faults.join(', ')}: ${said.trim().slice(0, 300)}`;
};

const tryAll = async (place: Place, cases: readonly Case[]): Promise<string[]> => {
  const wrong: string[] = [];
  const todo = cases.flatMap((one) => one.places.map((path) => ({ one, path })))[Symbol.iterator]();
  const worker = async () => {
    for (const { one, path } of todo) {
      const real = path.startsWith('/') ? path : join(place.root, path);
      const began = performance.now();
      const args = one
        .args(real, place)
        .map((arg) => (['file', 'folder', 'new', 'o'].includes(arg) ? join(place.root, arg) : arg));
      const said = await call(place, args, { input: one.input ?? '', env: { ...one.env?.(real) } }, [
        'timeout',
        '-k',
        '1',
        `${LONGEST.ms / 1_000}`,
      ]);
      const fault = faultOf(said, (performance.now() - began) / 1_000);
      if (fault !== null) wrong.push(`${one.what} at ${path}: ${fault}`);
    }
  };
  await Promise.all([worker(), worker()]);
  return wrong;
};

const onLinux = { skip: process.platform === 'linux' ? false : 'needs /proc and timeout(1)' };

test(
  'places for a start and for work without a server: each ends at once, says what is wrong and what to do',
  onLinux,
  async (t) => {
    assert.deepEqual(await tryAll(await lay(t), OFFLINE), []);
  },
);

test('places for what asks a server: the same', onLinux, async (t) => {
  const place = await lay(t);
  const { stop } = await startServer(t, place);
  assert.equal((await call(place, ['project', 'create', 'lab'])).exit, 0);
  assert.deepEqual(await tryAll(place, ONLINE), []);
  assert.equal(await stop(), 0);
});
