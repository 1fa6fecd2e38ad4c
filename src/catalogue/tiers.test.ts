import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { KINDS, type KindId } from './kinds.ts';
import { SYSTEMS, isSystemId } from './systems.ts';
import { deriveTier, higherTier, tierRules } from './tiers.ts';

suite('tiers', () => {
  test('what controls the home, forges an identity or signs firmware is gold wherever it is kept', () => {
    for (const kind of [
      'ha-long-lived-token',
      'zigbee-network-key',
      'zwave-key',
      'esphome-ota-password',
      'signing-key',
    ] as const)
      for (const system of [null, 'aws', 'esphome', 'github'] as const)
        assert.equal(deriveTier({ kind, system }), 'gold');
  });

  test('the same kind is worth more where it commands the home', () => {
    assert.equal(deriveTier({ kind: 'refresh-token', system: 'google' }), 'silver');
    assert.equal(deriveTier({ kind: 'refresh-token', system: 'home-assistant' }), 'gold');
    assert.equal(deriveTier({ kind: 'password', system: 'home-assistant' }), 'silver');
  });

  test('a bronze credential that two systems share is silver', () => {
    assert.equal(deriveTier({ kind: 'webhook-id', system: 'home-assistant' }), 'bronze');
    assert.equal(deriveTier({ kind: 'webhook-id', system: 'home-assistant', consumers: ['home-assistant'] }), 'bronze');
    assert.equal(deriveTier({ kind: 'webhook-id', system: 'home-assistant', consumers: ['github'] }), 'silver');
  });

  test('only gold is never revealed to a bearer token alone, and lends for the shortest time', () => {
    assert.deepEqual(
      (['gold', 'silver', 'bronze'] as const).map((tier) => tierRules(tier).bearerReveals),
      [false, true, true],
    );
    assert.ok(tierRules('gold').longestLease.ms < tierRules('silver').longestLease.ms);
    assert.equal(higherTier('gold', 'bronze'), 'gold');
    assert.equal(higherTier('bronze', 'silver'), 'silver');
  });

  test('keys that cost a re-pairing of every device have no schedule', () => {
    for (const kind of Object.keys(KINDS) as KindId[])
      if (KINDS[kind].rotation === 're-pair') assert.equal(KINDS[kind].period, null, kind);
  });

  test('a name from Object.prototype is no system', () => {
    assert.equal(isSystemId('constructor'), false);
    assert.ok(Object.keys(SYSTEMS).every(isSystemId));
  });
});
