import assert from 'node:assert/strict';
import { readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import { type LiveHouse, openLiveHouse } from './house.ts';

let house: LiveHouse;
before(async () => {
  house = await openLiveHouse();
});
after(() => house.close());

const ok = async (args: readonly string[], input?: string): Promise<string> => {
  const { exit, out, err } = await house.run(args, input === undefined ? {} : { input });
  assert.equal(exit, 0, `${args.join(' ')}: ${err}${out}`);
  return out;
};

suite('a lost machine', () => {
  test('comes back from the kit and a backup alone, every value readable', async () => {
    await ok(['project', 'create', 'lab']);
    await ok(['set', 'lab/home/first', '--stdin'], 'Value-Number-One-1');
    await ok(['kit', 'create', '--out', 'kit.txt']);
    await ok(['set', 'lab/home/second', '--stdin'], 'Value-Number-Two-2');
    await ok(['backup', 'home.age']);
    await house.stop();
    for (const lost of ['data', 'keys', 'backups']) rmSync(join(house.root, lost), { recursive: true, force: true });

    await ok(['restore', '--check', 'home.age', '--kit-file', 'kit.txt']);
    await ok(['restore', 'home.age', '--kit-file', 'kit.txt']);
    await house.start();
    assert.match(house.said(), /locked/);
    const key = /Recovery key:\n\s+(\S+)/.exec(readFileSync(join(house.root, 'kit.txt'), 'utf8'))?.[1];
    assert.ok(key !== undefined);
    assert.notEqual(
      (
        await house.run(['unlock', '--recovery-key', '--stdin'], {
          input: key.replace(/.$/, (last) => (last === '0' ? '1' : '0')),
        })
      ).exit,
      0,
    );
    await ok(['unlock', '--recovery-key', '--stdin'], key);
    assert.equal(await ok(['get', 'lab/home/first']), 'Value-Number-One-1');
    assert.equal(await ok(['get', 'lab/home/second']), 'Value-Number-Two-2');
    await ok(['rekey']);
    assert.equal(statSync(join(house.root, 'keys/root.key')).mode & 0o777, 0o600);
    await ok(['audit', 'verify']);
    await house.stop();
    await house.start();
    assert.equal(await ok(['get', 'lab/home/second']), 'Value-Number-Two-2', 'the new key file unlocks by itself');
  });
});
