import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import type { KindId } from './kinds.ts';
import { type WeaknessCode, weaknessOf } from './weakness.ts';

const CASES: readonly (readonly [KindId, string, WeaknessCode | null])[] = [
  ['zigbee-network-key', '[1, 3, 5, 7, 9, 11, 13, 15, 0, 2, 4, 6, 8, 10, 12, 13]', 'default'],
  ['zigbee-network-key', '01030507090B0D0F00020406080A0C0D', 'default'],
  ['zigbee-network-key', `[${Array(16).fill(7).join()}]`, 'repeated'],
  ['zigbee-network-key', Array.from({ length: 16 }, (_, i) => i).join(), 'common'],
  ['zigbee-network-key', '[212,7,91,33,160,4,78,251,19,66,140,203,55,8,117,92]', null],
  ['zwave-key', '0102030405060708090A0B0C0D0E0F10', 'default'],
  ['zwave-key', '00000000000000000000000000000000', 'repeated'],
  ['zwave-key', '7a13c09e5b2488d6f1e03c5597ab420d', null],
  ['thread-network-key', '00112233445566778899aabbccddeeff', 'default'],
  ['matter-passcode', '20202021', 'default'],
  ['homekit-code', '031-45-154', 'default'],
  ['homekit-code', '111-11-111', 'default'],
  ['homekit-code', '518-08-247', null],
  ['password', 'password', 'common'],
  ['password', 'changeme', 'default'],
  ['password', 'public', 'default'],
  ['password', 'P@ssw0rd!', 'common'],
  ['password', 'Summer2026!', 'common'],
  ['password', 'homeassistant', 'default'],
  ['password', 'abcdefghijklmnopqrstuvwxyz0123456789', 'common'],
  ['password', '123456789', 'common'],
  ['password', 'xyzxyzxyzxyz', 'repeated'],
  ['password', 'tr0ub4d', 'short'],
  ['password', 'kettle-orbit-plume-93', null],
  ['mqtt-password', 'mqtt', 'common'],
  ['pin', '1234', 'common'],
  ['pin', '000000', 'common'],
  ['pin', '4711', 'short'],
  ['pin', '481516', null],
  ['webhook-id', 'porch_bell', 'short'],
  ['esphome-api-key', 'cG9yY2gtcG9yY2gtcG9yY2gtcG9yY2gtcG9yY2gtMDA=', null],
  ['github-token', 'ghp_0123456789012345678901234567890123456', null],
  ['access-token', 'token', 'short'],
  ['access-token', 'gartentor', 'short'],
  ['api-key', 'a1b2c3', 'common'],
  ['access-token', 'secret', 'common'],
  ['password-hash', 'porch:$7$101$c2FsdHNhbHQ=$aGFzaA==', 'weak-hash'],
  ['password-hash', '$7$210000$c2FsdHNhbHQ=$aGFzaA==', null],
  ['password-hash', '$6$c2FsdHNhbHQ=$aGFzaA==', 'weak-hash'],
  ['bcrypt-hash', `$2b$05$${'a'.repeat(53)}`, 'weak-hash'],
  ['bcrypt-hash', `$2b$10$${'a'.repeat(53)}`, null],
  ['plain', 'password', null],
];

suite('weak values', () => {
  for (const [kind, value, code] of CASES)
    test(`${kind} "${value.slice(0, 40)}" is ${code ?? 'not weak'}`, () => {
      const weakness = weaknessOf(kind, value);
      assert.equal(weakness?.code ?? null, code);
      if (weakness !== null && value.length > 6) assert.ok(!weakness.why.includes(value));
    });
});
