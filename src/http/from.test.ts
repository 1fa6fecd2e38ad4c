import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { openFrom } from './from.ts';

const request = (remoteAddress: string | undefined, headers: Record<string, string> = {}) =>
  ({ socket: { remoteAddress }, headers }) as never;
const addressOf = (trusted: readonly string[], peer: string | undefined, forwarded?: string): string =>
  openFrom(trusted)(request(peer, forwarded === undefined ? {} : { 'x-forwarded-for': forwarded }), 'id').address;

describe('where a request comes from', () => {
  test('is the peer, in one spelling', () => {
    assert.equal(addressOf([], '203.0.113.9'), '203.0.113.9');
    assert.equal(addressOf([], '::ffff:203.0.113.9'), '203.0.113.9');
    assert.equal(addressOf([], 'fe80::1%eth0'), 'fe80::1');
    assert.equal(addressOf([], undefined), 'local');
  });

  test('is not what a stranger writes', () => {
    assert.equal(addressOf([], '203.0.113.9', '127.0.0.1'), '203.0.113.9');
    assert.equal(addressOf(['10.0.0.0/8'], '203.0.113.9', '127.0.0.1'), '203.0.113.9');
    assert.equal(addressOf(['10.0.0.0/8'], undefined, '127.0.0.1'), 'local');
  });

  test('is the rightmost hop that no trusted proxy is', () => {
    const trusted = ['10.0.0.0/8', 'fd00::/8', 'local'];
    assert.equal(addressOf(trusted, '10.1.2.3', '198.51.100.7'), '198.51.100.7');
    assert.equal(addressOf(trusted, '10.1.2.3', '127.0.0.1, 198.51.100.7, 10.9.9.9'), '198.51.100.7');
    assert.equal(addressOf(trusted, '::ffff:10.1.2.3', '[2001:db8::1]:4711'), '2001:db8::1');
    assert.equal(addressOf(trusted, 'fd00::1', '198.51.100.7:80'), '198.51.100.7');
    assert.equal(addressOf(trusted, undefined, '198.51.100.7'), '198.51.100.7');
  });

  test('is the last hop that is an address, when somebody wrote none', () => {
    assert.equal(addressOf(['10.0.0.0/8'], '10.1.2.3', '198.51.100.7, unknown'), '10.1.2.3');
    assert.equal(addressOf(['10.0.0.0/8'], '10.1.2.3', ''), '10.1.2.3');
    assert.equal(addressOf(['10.0.0.0/8'], '10.1.2.3', '10.5.5.5'), '10.5.5.5');
  });

  test('cannot be chosen by whoever is left of the first untrusted hop', () => {
    fc.assert(
      fc.property(fc.string(), fc.ipV4(), (hearsay, client) => {
        fc.pre(!client.startsWith('10.'));
        assert.equal(addressOf(['10.0.0.0/8'], '10.1.2.3', `${hearsay}, ${client}`), client);
      }),
    );
  });

  test('has an agent that is short and printable', () => {
    const from = openFrom([]);
    fc.assert(
      fc.property(fc.string(), (text) => {
        const { agent } = from(request('203.0.113.9', { 'user-agent': text }), 'id');
        assert.ok(agent.length <= 120 && !/[\p{Cc}\p{Cf}]/u.test(agent));
      }),
    );
    assert.throws(() => openFrom(['not-an-address']), /neither an address/);
  });
});
