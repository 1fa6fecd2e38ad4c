import assert from 'node:assert/strict';
import { after, before, suite, test } from 'node:test';
import { type LiveHouse, openLiveHouse } from './house.ts';

let house: LiveHouse;
const PLACE = ['-p', 'lab', '-e', 'home'];

before(async () => {
  house = await openLiveHouse();
  assert.equal((await house.run(['project', 'create', 'lab'])).exit, 0);
  for (const [name, value] of [
    ['a', 'first-secret-value'],
    ['b', 'other-secret-value'],
  ] as const)
    assert.equal((await house.run(['set', name, ...PLACE, '--stdin'], { input: value })).exit, 0);
});
after(() => house.close());

suite('explain', () => {
  test('names the nearest action where there is none of that name', async () => {
    const word = await house.run(['explain', 'me', 'rendr', ...PLACE]);
    assert.equal(word.exit, 2);
    assert.match(word.err, /There is no action of that name\. Did you mean render\?/);
    assert.match(word.err, /get, read, set, .*noun\.verb/);
    const dotted = await house.run(['explain', 'me', 'credential.raed', ...PLACE]);
    assert.equal(dotted.exit, 1);
    assert.match(dotted.out, /There is no such action\. The nearest is credential\.read;/);
  });

  test('says that nothing is there, to who may know, where the deed needs something', async () => {
    for (const verb of ['get', 'destroy', 'history']) {
      const { exit, out } = await house.run(['explain', 'me', verb, 'lab/home/none']);
      assert.equal(exit, 1, out);
      assert.match(out, /Not possible yet\. There is no credential lab\/home\/none\./);
      assert.match(out, /chatelaine list lab\/home/);
    }
    const other = await house.run(['explain', 'me', 'get', 'lab/home/A']);
    assert.match(other.out, /Not possible yet\..*existing spelling "a"/s);
    for (const verb of ['set', 'generate'])
      assert.equal((await house.run(['explain', 'me', verb, 'lab/home/none'])).exit, 0, `${verb} makes it`);
    assert.equal((await house.run(['explain', 'me', 'get', 'lab/home/a'])).exit, 0);
  });
});

test('a kind that there is not is answered with all there are', async () => {
  const { exit, err } = await house.run(['generate', 'x', ...PLACE, '--kind', 'nonsense']);
  assert.equal(exit, 2);
  assert.match(err, /There is no kind of that name/);
  for (const kind of ['mqtt-password', 'esphome-api-key', 'plain']) assert.ok(err.includes(kind), kind);
});

test('destroy where nobody can be asked refuses before it says anything else, and names the way', async () => {
  const { exit, out, err } = await house.run(['destroy', 'a', ...PLACE, '--reason', 'x']);
  assert.equal(exit, 2);
  assert.equal(out, '');
  assert.doesNotMatch(err, /becomes unreadable/);
  assert.match(err, /Nothing was done\.\s+Say --yes/);
  assert.equal((await house.run(['get', 'a', ...PLACE])).out.trim(), 'first-secret-value');
});

test('a transfer to a name that is taken says what is there and how to go on', async () => {
  const { exit, err } = await house.run(['transfer', 'a', 'b', ...PLACE]);
  assert.equal(exit, 4);
  assert.match(err, /There is a credential lab\/home\/b already, a [\w-]+: active\./);
  assert.match(err, /chatelaine show lab\/home\/b/);
  assert.match(err, /chatelaine destroy lab\/home\/b --forget/);
  assert.doesNotMatch(err, /spelling/);
  assert.equal((await house.run(['show', 'lab/home/b'])).exit, 0);
});
