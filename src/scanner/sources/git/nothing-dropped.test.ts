import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { after, describe, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { systemClock } from '#kernel/node';
import { SEARCH, TEST_RULES } from '../../engine.fixture.ts';
import { scan } from '../../scan.ts';
import { chance, drawTokenOf } from '../../tokens.fixture.ts';
import { collect, run } from '../collect.fixture.ts';
import { historySource } from './git-history.ts';
import { readObjects } from './read-objects.ts';
import { commit, git, openWorkshop, put, texts } from './repository.fixture.ts';
import { openRepository } from './repository.ts';
import { stagedSource } from './staged.ts';

const workshop = openWorkshop();
after(workshop.remove);
const { tools } = workshop;
const PORCH = drawTokenOf(
  TEST_RULES.find(({ id }) => id === 'porch-key')!,
  chance(7),
);
const MIB = 1024 * 1024;

describe('a history drops nothing', () => {
  test('of notes and tags with many megabytes, or whose objects are gone', async () => {
    const folder = workshop.create('messages');
    commit(folder, 'first', { a: 'a' });
    const long = `${'the lamp on the porch\n'.repeat(250_000)}the end`;
    put(folder, { '../long.txt': long });
    git(folder, 'notes', 'add', '-F', '../long.txt');
    git(folder, 'tag', '-a', '-F', '../long.txt', 'v1');
    const found = await collect(historySource({ folder, tools }));
    const ends = found.units.filter(({ text }) => text.trimEnd().endsWith('the end'));
    assert.deepEqual(ends.map(({ unit }) => (unit.origin.type === 'message' ? unit.origin.of : '')).toSorted(), [
      'note',
      'tag',
    ]);
    assert.deepEqual(found.gaps, []);

    const note = git(folder, 'rev-parse', `refs/notes/commits:${git(folder, 'rev-parse', 'HEAD')}`);
    run('rm', ['-f', `${folder}/.git/objects/${note.slice(0, 2)}/${note.slice(2)}`]);
    const without = await collect(historySource({ folder, tools }));
    assert.match(without.gaps.join('\n'), /missing_object \(note of [\da-f]{12}\)/);
  });

  test('of archives that nobody called so, of their content in Git LFS, and of what is not opened', async () => {
    const folder = workshop.create('packed');
    const lfs = gzipSync(`token: ${PORCH}`);
    const oid = createHash('sha256').update(lfs).digest('hex');
    const pointer = `version https://git-lfs.github.com/spec/v1\noid sha256:${oid}\nsize ${lfs.length}\n`;
    put(folder, { [`.git/lfs/objects/${oid.slice(0, 2)}/${oid.slice(2, 4)}/${oid}`]: lfs });
    const large = gzipSync(Buffer.concat([randomBytes(5 * MIB), Buffer.from('the large end')]));
    commit(folder, 'first', {
      'backup.old': gzipSync('kept aside'),
      'large.old': large,
      'dump.bin': pointer,
      'x.tar.xz': 'anything',
    });
    const found = await collect(historySource({ folder, tools }));
    assert.ok(found.units.some(({ text, unit }) => text === 'kept aside' && unit.isMember === true));
    assert.ok(found.units.some(({ text }) => text.endsWith('the large end')));
    assert.deepEqual(found.gaps, ['unreadable x.tar.xz']);
    const { discoveries } = await scan(historySource({ folder, tools }), { ...SEARCH, clock: systemClock });
    assert.deepEqual(
      discoveries.map(({ value }) => value.revealText()),
      [PORCH],
      'from LFS',
    );
    put(folder, { 'next.old': gzipSync('kept aside, too'), 'y.7z': 'anything' });
    git(folder, 'add', '-A');
    const staged = await collect(stagedSource({ folder, tools }));
    assert.deepEqual([texts(staged), staged.gaps], [['kept aside, too'], ['unreadable y.7z']]);
  });

  test('behind a large object that nobody read to its end', async () => {
    const folder = workshop.create('stopped');
    const text = randomBytes(6 * MIB).toString('latin1');
    commit(folder, 'first', { large: text, small: 'small' });
    const { git: opened } = await openRepository(folder, tools);
    const ids = ['large', 'small'].map((path) => ({ id: git(folder, 'rev-parse', `HEAD:${path}`) }));
    const states: string[] = [];
    const asked = (async function* () {
      yield ids;
    })();
    for await (const object of readObjects(opened, asked, new AbortController().signal)) {
      states.push(object.state);
      if (object.state === 'large') for await (const _ of object.chunks) break;
      if (object.state === 'whole') assert.equal(Buffer.from(object.bytes).toString(), 'small');
    }
    assert.deepEqual(states, ['large', 'whole']);
  });

  test('when git dies over more objects than it is started again for', async () => {
    const folder = workshop.create('dying');
    commit(folder, 'first', { a: 'a' });
    const { git: opened } = await openRepository(folder, tools);
    let starts = 0;
    const dying = {
      ...opened,
      start: (_: readonly string[], signal?: AbortSignal) => {
        starts++;
        return opened.start(['no-such-command'], signal);
      },
    };
    const asked = (async function* () {
      for (let i = 0; i < 3; i++) yield Array.from({ length: 100 }, (_, j) => ({ id: `${i}${j}`.padStart(40, '0') }));
    })();
    const states: string[] = [];
    for await (const { state } of readObjects(dying, asked, new AbortController().signal)) states.push(state);
    assert.deepEqual([states.length, new Set(states)], [300, new Set(['damaged'])]);
    assert.ok(starts < 250, String(starts));
  });
});
