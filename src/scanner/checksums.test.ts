import assert from 'node:assert/strict';
import { crc32 } from 'node:zlib';
import { describe, test } from 'node:test';
import { checksumOf } from './checksums.ts';

const BASE62 = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

describe('checksums', () => {
  test('of Grafana agree with the token in Grafana’s own tests', () => {
    const token = ['glsa', 'iNValIdinValiDinvalidinvalidinva', '5b582697'].join('_');
    assert.equal(checksumOf('grafana-crc32', token), 'valid');
    assert.equal(checksumOf('grafana-crc32', token.replace(/7$/, '8')), 'invalid');
  });

  test('of GitLab count the prefix in, and are absent in the short form', () => {
    const body = 'glpat-AAAAAAAAAAAAAAAAAAAAAG86MQMx.01.0w';
    const sum = crc32(body).toString(36).padStart(7, '0');
    assert.equal(checksumOf('gitlab-crc32', body + sum), 'valid');
    assert.equal(checksumOf('gitlab-crc32', body.replace('glpat', 'glrt') + sum), 'invalid');
    assert.equal(checksumOf('gitlab-crc32', 'glpat-AAAAAAAAAAAAAAAAAAAA'), 'absent');
  });

  test('of Matrix are written forwards by Synapse and backwards by its authentication service, also short ones', () => {
    const digitsOf = (value: number): string =>
      value === 0 ? '' : digitsOf(Math.floor(value / 62)) + BASE62[value % 62];
    let short = 0;
    for (let round = 0; round < 3_000; round++) {
      const service = `mct_${String(round).padStart(30, 'x')}`;
      const synapse = `syr_cG9yY2g_${String(round).padStart(20, 'x')}`;
      const backwards = [...digitsOf(crc32(service))].toReversed().join('');
      if (backwards.length < 6) short++;
      assert.equal(checksumOf('matrix-crc32', `${service}_${backwards.padStart(6, '0')}`), 'valid');
      assert.equal(checksumOf('matrix-crc32', `${synapse}_${digitsOf(crc32(synapse)).padStart(6, '0')}`), 'valid');
    }
    assert.ok(short > 0, 'no sum of fewer digits was tried');
  });

  test('of Polar stand over what follows the last underscore', () => {
    const body = 'V63vuefk6OLAx2su6xM8vLfBC4j6YcX1d4jUg';
    let sum = '';
    for (let rest = crc32(body); sum.length < 6; rest = Math.floor(rest / 62)) sum = BASE62[rest % 62]! + sum;
    assert.equal(checksumOf('polar-crc32', `polar_oat_${body}${sum}`), 'valid');
    assert.equal(checksumOf('polar-crc32', `polar_oat_X${body}${sum}`), 'invalid');
  });
});
