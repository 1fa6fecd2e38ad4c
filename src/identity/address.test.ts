import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { hasCode } from '#kernel';
import { covers, parseRanges, rangesWithin } from './address.ts';

const inside = (ranges: readonly string[], address: string): boolean => covers(parseRanges(ranges))(address);

test('no range means anywhere, and an address without a length means itself', () => {
  assert.ok(inside([], '203.0.113.9'));
  assert.ok(inside(['10.0.0.7'], '10.0.0.7'));
  assert.equal(inside(['10.0.0.7'], '10.0.0.8'), false);
});

test('IPv4 written as IPv6 is the same address, in ranges and in callers', () => {
  assert.ok(inside(['10.0.0.0/8'], '::ffff:10.1.2.3'));
  assert.ok(inside(['10.0.0.0/8'], '0:0:0:0:0:ffff:0a01:0203'));
  assert.ok(inside(['::ffff:10.0.0.0/104'], '10.200.0.1'));
  assert.equal(inside(['::ffff:10.0.0.0/104'], '11.0.0.1'), false);
  assert.deepEqual(parseRanges(['::ffff:10.0.0.0/104', 'FD00:0:0::/8']), ['10.0.0.0/8', 'fd00::/8']);
});

test('zones are set aside, sockets of this machine count as loopback', () => {
  assert.ok(inside(['fe80::/10'], 'fe80::1%eth0'));
  assert.ok(inside(['127.0.0.0/8'], 'local'));
  assert.equal(inside(['192.168.0.0/16'], 'local'), false);
});

test('an address that is none is in no range', () => {
  for (const address of ['', 'localhost', '10.0.0', '10.0.0.1.2', 'unix', '999.1.1.1'])
    assert.equal(inside(['0.0.0.0/0', '::/0'], address), false, address);
});

test('a range that is none is refused', () => {
  for (const range of [
    '',
    '10.0.0.0/33',
    '::/129',
    '10.0.0.0/8/8',
    '10.0.0.0/-1',
    '10.0.0.0/a',
    '*',
    '::ffff:10.0.0.0/95',
  ])
    assert.throws(
      () => parseRanges([range]),
      (error) => hasCode(error, 'identity.malformed'),
      range,
    );
  assert.throws(() => parseRanges(Array.from({ length: 33 }, () => '10.0.0.0/8')));
});

test('what lies within lies within for every address', () => {
  const ipv4 = fc.tuple(fc.nat(255), fc.nat(255), fc.nat(255), fc.nat(255)).map((bytes) => bytes.join('.'));
  const range = fc.tuple(ipv4, fc.nat(32)).map(([address, bits]) => `${address}/${bits}`);
  fc.assert(
    fc.property(fc.array(range, { maxLength: 3 }), fc.array(range, { maxLength: 3 }), ipv4, (inner, outer, address) => {
      const [a, b] = [parseRanges(inner), parseRanges(outer)];
      if (rangesWithin(a, b) && covers(a)(address)) assert.ok(covers(b)(address));
    }),
    { numRuns: 2_000 },
  );
  assert.ok(rangesWithin(['10.1.0.0/16'], ['10.0.0.0/8']));
  assert.equal(rangesWithin([], ['10.0.0.0/8']), false, 'anywhere is not within somewhere');
  assert.equal(rangesWithin(['10.0.0.0/7'], ['10.0.0.0/8']), false);
});
