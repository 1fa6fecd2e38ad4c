import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { isTrivialCode, readSetupUri } from './homekit-code.ts';
import { isTest, readManualCode, readQrCode } from './matter-code.ts';
import { manualCode, qrCode, setupUri, threadDataset } from './plants.fixture.ts';
import { SAMPLE_KEY, readThreadDataset } from './thread-dataset.ts';
import { checkDigitOf, hasCheckDigit } from './verhoeff.ts';

const FORBIDDEN = new Set([
  ...Array.from({ length: 10 }, (_, digit) => Number(String(digit).repeat(8))),
  12345678,
  87654321,
]);
const passcodes = fc.integer({ min: 1, max: 99_999_998 }).filter((code) => !FORBIDDEN.has(code));

describe('Verhoeff', () => {
  test('236 has the check digit 3, as in Verhoeff’s own example', () => {
    assert.equal(checkDigitOf('236'), '3');
    assert.ok(hasCheckDigit('2363'));
  });
  test('finds every wrong digit and every exchange of neighbours', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^\d{10}$/), fc.nat(9), fc.nat(9), (digits, at, by) => {
        const code = digits + checkDigitOf(digits);
        const wrong = code.slice(0, at) + String((Number(code[at]) + 1 + (by % 9)) % 10) + code.slice(at + 1);
        assert.ok(!hasCheckDigit(wrong));
        const swapped = code.slice(0, at) + code[at + 1] + code[at] + code.slice(at + 2);
        assert.equal(hasCheckDigit(swapped), code[at] === code[at + 1]);
      }),
    );
  });
});

describe('codes of Matter', () => {
  test('the payload of connectedhomeip’s examples says vendor FFF1, product 8001, discriminator 3840, passcode 20202021', () => {
    const code = readQrCode('MT:-24J0AFN00KA0648G00')!;
    assert.deepEqual(code, { passcode: 20202021, discriminator: 3840, vendorId: 0xfff1, productId: 0x8001 });
    assert.ok(isTest(code));
  });
  test('the manual code of the same device has eleven digits and the four upper bits of its discriminator', () => {
    const code = readManualCode('34970112332')!;
    assert.deepEqual(code, { passcode: 20202021, discriminator: 15 });
    assert.deepEqual(readManualCode('3497-011-2332'), code);
  });
  test('whatever a device says is read back, and a changed digit is not', () => {
    fc.assert(
      fc.property(
        passcodes,
        fc.nat(4095),
        fc.nat(0xffff),
        fc.nat(0xffff),
        (passcode, discriminator, vendorId, productId) => {
          assert.deepEqual(readQrCode(qrCode(passcode, discriminator, vendorId, productId)), {
            passcode,
            discriminator,
            vendorId,
            productId,
          });
          const manual = manualCode(passcode, discriminator);
          assert.deepEqual(readManualCode(manual), { passcode, discriminator: discriminator >> 8 });
          assert.equal(readManualCode(manual.slice(0, -1) + String((Number(manual.at(-1)) + 1) % 10)), null);
        },
      ),
    );
  });
  test('forbidden passcodes, other versions and other text are none', () => {
    assert.equal(readQrCode(qrCode(11111111, 1, 1, 1)), null);
    for (const text of [
      'MT:',
      'MT:0000000000000000000',
      'MT:-24J0AFN00KA0648G0',
      'XX:-24J0AFN00KA0648G00',
      'MT:.........-.........',
    ])
      assert.equal(readQrCode(text), null, text);
    for (const text of ['', '34970112331', '9497011233', '3497011233', 'abc'])
      assert.equal(readManualCode(text), null, text);
  });
});

describe('datasets of Thread', () => {
  test('one as Home Assistant prints it gives key, PSKc and name', () => {
    const dataset = readThreadDataset(
      `0E080000000000010000000300000F35060004001FFFE0020811111111222222220708FDAD70BFE5AA15DD0510${SAMPLE_KEY}030E4F70656E54687265616444656D6F010212340410445F2B5CA6F2A93A55CE570A70EFEECB0C0402A0F7F8`,
    )!;
    assert.deepEqual(dataset, {
      networkKey: SAMPLE_KEY,
      pskc: '445f2b5ca6f2a93a55ce570a70efeecb',
      networkName: 'OpenThreadDemo',
      channel: 15,
      panId: '1234',
    });
  });
  test('cut, lengthened or without a key is none', () => {
    const whole = threadDataset(() => 0.5, 'ab'.repeat(16));
    assert.ok(readThreadDataset(whole) !== null);
    fc.assert(
      fc.property(fc.integer({ min: 1, max: whole.length - 1 }), (end) => {
        const dataset = readThreadDataset(whole.slice(0, end));
        assert.ok(dataset === null || whole.slice(0, end).includes('0510'));
      }),
    );
    assert.equal(readThreadDataset(`${whole}05`), null);
    assert.equal(readThreadDataset('00030000'.repeat(10)), null);
    assert.equal(readThreadDataset('zz'.repeat(40)), null);
  });
  test('no other hex is taken for one', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 30, maxLength: 254 }), (bytes) => {
        assert.equal(readThreadDataset(Buffer.from(bytes).toString('hex')), null);
      }),
      { numRuns: 2000 },
    );
  });
});

describe('codes of HomeKit', () => {
  test('whatever a label says is read back', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 99_999_999 }), fc.integer({ min: 1, max: 40 }), (number, category) => {
        const digits = String(number).padStart(8, '0');
        const code = `${digits.slice(0, 3)}-${digits.slice(3, 5)}-${digits.slice(5)}`;
        assert.deepEqual(readSetupUri(setupUri(code, category)), { code, category });
      }),
    );
  });
  test('what everybody tries first is trivial', () => {
    assert.ok(isTrivialCode('123-45-678') && isTrivialCode('000-00-000') && !isTrivialCode('518-72-934'));
    for (const text of ['X-HM://', 'X-HM://000000000AB12', 'X-HM://short', 'http://x'])
      assert.equal(readSetupUri(text), null, text);
  });
});
