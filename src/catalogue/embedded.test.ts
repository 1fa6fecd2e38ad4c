import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import fc from 'fast-check';
import { findEmbedded } from './embedded.ts';

const JWT = `eyJhbGciOiJIUzI1NiJ9.${Buffer.from('{"sub":"porch"}').toString('base64url')}.${'s'.repeat(43)}`;

/** The text in guillemets is the credential; without any, none is to be found. */
const CASES: readonly string[] = [
  'http://192.168.7.20:88/cgi?cmd=snap&usr=admin&pwd=«hunter2»',
  'http://192.168.7.20:88/cgi?cmd=snap&pwd=«hunter2»&usr=admin',
  'rtsp://viewer:«hunter2»@192.168.7.20:554/live',
  'rtsp://viewer:«hunter2»@[2001:db8::7]:554/live',
  'rtsp://viewer:«hun%40ter2»@cam.lan/live',
  'rtsp://viewer:«hun@ter2»@cam.lan/live',
  'rtsp://viewer:«hu#n?ter2»@192.168.7.20:554/live',
  'mqtt://:«hunter2»@broker',
  'mysql+pymysql://ha:«hunter2»@core-mariadb/ha?charset=utf8',
  'mysql://ha:${DB_PASSWORD}@core-mariadb/ha',
  'http://hall.local:8123/lovelace/0?kiosk',
  'http://hall.local:8123/people/@me',
  'https://example.org/?q=password',
  'https://api.example.org/now?lat=47.1&key=«Zx81Qw92Er73»&lon=8',
  'https://example.org/?key=kitchen',
  'https://example.org/list?key=sensor.kitchen_temperature',
  'https://api.example.org/v2?appid=«AB12CD-34EF56GH78»&i=x',
  'https://hall.example.org/api/webhook/«porch_bell»',
  'https://hooks.nabu.casa/«gAAAAABporchporchporchporch0123»',
  'https://docs.example.org/automation/trigger/#webhook-trigger',
  'https://maker.ifttt.com/trigger/bell/with/key/«dPorch-Bell_0123456789»',
  'https://api.telegram.org/bot«1234567890:AAporchporchporchporchporchporchpor»/sendMessage?chat_id=42',
  'Bearer «sampleTOKEN»',
  `Authorization: Bearer «${JWT}»`,
  'Bearer {{ states("input_text.token") }}',
  'Basic «cG9yY2g6aHVudGVyMg==»',
  'Basic authentication',
  'Token «0123abcd4567»',
  'Token expired',
  "curl -k -u admin:«hunter2» 'http://192.168.7.30/reboot'",
  'curl -u "admin:«hunter2»" http://192.168.7.30/',
  'curl -H "X-Api-Key: «0123abcd4567»" http://192.168.7.30/',
  `curl -H "Authorization: Bearer «${JWT}»" http://hall.local:8123/api/`,
  'mosquitto_pub -h broker -u porch -P «hunter2» -t bell -m on',
  'sshpass -p «hunter2» ssh porch@nas.lan reboot',
  'backup --password «hunter2» --to /media',
  'backup --password="«hun ter2»" --to /media',
  'backup --password-file /run/secrets/backup',
  'backup --password "$BACKUP_PASSWORD"',
  'PGPASSWORD=«hunter2» psql -h db -U ha',
  'TOKEN=$(cat /run/secrets/token) run',
  'Server=db;Database=ha;User=ha;Password=«hunter2»;',
  'HostName=porch.azure-devices.net;SharedAccessKeyName=device;SharedAccessKey=«cG9yY2gtcG9yY2gtcG9yY2g=»',
  '{"user": "porch", "password": "«hunter2»"}',
  '{"password": "{{ password }}"}',
  '${MQTT_PASSWORD:-«hunter2»}',
  '${MQTT_USER:-porch}',
  "{{ 'token=' ~ states('input_text.token') }}",
  `note ghp_ is a prefix, «ghp_${'a1B2c3D4e5F6'.repeat(3)}» is a token`,
  'one rtsp://a:«first1»@cam/1 and two rtsp://b:«second2»@cam/2',
  'The password is kept in the safe.',
  JWT,
];

suite('credentials inside longer texts', () => {
  for (const written of CASES)
    test(written.replaceAll(JWT, 'JWT').slice(0, 90), () => {
      const text = written.replaceAll(/[«»]/g, '');
      const expected = [...written.matchAll(/«([^»]*)»/g)].map(([, secret]) => secret);
      assert.deepEqual(
        findEmbedded(text).map(({ start, end }) => text.slice(start, end)),
        expected,
      );
    });

  test('a percent-encoded password says so', () => {
    assert.equal(findEmbedded('rtsp://a:b%40c@cam/')[0]?.encoding, 'percent');
    assert.equal(findEmbedded('rtsp://a:bc@cam/')[0]?.encoding, 'none');
  });

  test('spans are in order, apart, inside the text, and never the whole of it', () => {
    const piece = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 12 }),
      fc.constantFrom(
        'http://',
        'a:b@',
        'host/',
        '?pwd=',
        '&token=',
        'Bearer ',
        '-u ',
        ' --password ',
        '/api/webhook/',
        '"key": "',
        '${PASSWORD:-',
        '}',
        JWT,
        '=',
        ';',
      ),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 14 }), (pieces) => {
        const text = pieces.join('');
        let last = 0;
        for (const { start, end } of findEmbedded(text)) {
          assert.ok(start >= last && end > start && end <= text.length);
          assert.notEqual(text.slice(start, end).trim(), text.trim());
          last = end;
        }
      }),
      { numRuns: 3_000 },
    );
  });
});
