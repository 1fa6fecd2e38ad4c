import assert from 'node:assert/strict';
import { test } from 'node:test';
import { utf8Text } from '#kernel';
import { file } from '../../test/hostile.ts';
import { applyFileEdit, planRewrite, render, survey } from './index.ts';

const rewritten = (texts: Readonly<Record<string, string>>) => {
  const files = Object.entries(texts).map(([path, text]) => file(path, text));
  const found = survey(files);
  const plan = planRewrite(found);
  const after: Record<string, string> = { ...texts };
  for (const edit of plan.edits)
    after[edit.path] = utf8Text(
      applyFileEdit(
        files.find(({ path }) => path === edit.path)!,
        edit,
      ).bytes,
    );
  for (const target of plan.targets)
    after[target.path] = render(
      target,
      (name) => found.credentials.find((one) => one.name === name)?.value,
    ).revealText();
  return { after, plan };
};

test('Home Assistant: the scalar becomes !secret, comments and quotes around it stay, the value joins secrets.yaml', () => {
  const { after, plan } = rewritten({
    'configuration.yaml':
      "homeassistant:\nmqtt:\n  password: 'Leucht turm'  # old\n  list: [{token: abc-Tok3n-99}, 1]\n",
    'secrets.yaml': '# mine\nhttp_password: Kirchturm-12',
  });
  assert.equal(
    after['configuration.yaml'],
    'homeassistant:\nmqtt:\n  password: !secret home_assistant_mqtt_password  # old\n  list: [{token: !secret home_assistant_list_token}, 1]\n',
  );
  assert.equal(
    after['secrets.yaml'],
    '# mine\nhttp_password: Kirchturm-12\nhome_assistant_mqtt_password: "Leucht turm"\nhome_assistant_list_token: "abc-Tok3n-99"\n',
  );
  assert.deepEqual(plan.gitignore, ['/secrets.yaml']);
});

test('a value that already has an entry is asked for by that name, a number stays a number, an address keeps its text', () => {
  const { after } = rewritten({
    'configuration.yaml':
      'homeassistant:\na:\n  password: Kirchturm-12\nalarm:\n  code: 471199\ncam: rtsp://v:Gl%2Fck-77@10.0.0.9/x\n',
    'secrets.yaml': 'http_password: Kirchturm-12\n',
  });
  assert.equal(
    after['configuration.yaml'],
    'homeassistant:\na:\n  password: !secret http_password\nalarm:\n  code: !secret home_assistant_alarm_code\ncam: !secret home_assistant_cam_password_cam\n',
  );
  assert.equal(
    after['secrets.yaml'],
    'http_password: Kirchturm-12\nhome_assistant_alarm_code: 471199\nhome_assistant_cam_password_cam: "rtsp://v:Gl%2Fck-77@10.0.0.9/x"\n',
  );
});

test('a name that is asked for and missing is not answered by chance', () => {
  const { after } = rewritten({
    'configuration.yaml': 'homeassistant:\nmqtt:\n  password: Leuchtturm-9\nx: !secret home_assistant_mqtt_password\n',
  });
  assert.match(after['configuration.yaml']!, /password: !secret home_assistant_mqtt_password_2\n/);
});

test('ESPHome keeps its own secrets file; Zigbee2MQTT gets a side file, and only where it resolves references', () => {
  const { after, plan } = rewritten({
    'esphome/gate.yaml': 'esphome:\n  name: gate\nota:\n  - platform: esphome\n    password: "Drueck-den-Knopf"\n',
    'zigbee2mqtt/configuration.yaml':
      'mqtt:\n  base_topic: z\n  user: u\n  password: Leuchtturm-9\nadvanced:\n  network_key:\n  - 1\n  - 2\n' +
      '  - 3\n'.repeat(14) +
      'external:\n  token: k3y-Of-the-tower\n',
  });
  assert.equal(
    after['esphome/gate.yaml'],
    'esphome:\n  name: gate\nota:\n  - platform: esphome\n    password: !secret gate_ota_password\n',
  );
  assert.equal(after['esphome/secrets.yaml'], 'gate_ota_password: "Drueck-den-Knopf"\n');
  assert.equal(
    after['zigbee2mqtt/configuration.yaml'],
    "mqtt:\n  base_topic: z\n  user: u\n  password: '!secret.yaml zigbee2mqtt_mqtt_password'\nadvanced:\n  network_key: '!secret.yaml zigbee2mqtt_network_key'\nexternal:\n  token: k3y-Of-the-tower\n",
  );
  assert.equal(
    after['zigbee2mqtt/secret.yaml'],
    `zigbee2mqtt_mqtt_password: "Leuchtturm-9"\nzigbee2mqtt_network_key: [1, 2, ${Array(14).fill(3).join(', ')}]\n`,
  );
  assert.deepEqual(
    plan.kept.map(({ line, why }) => [line, why]),
    [[24, 'Zigbee2MQTT does not resolve references in this setting']],
  );
});

test('compose takes the variable in the middle of a text, and its dollars are halved on the way to .env', () => {
  const { after } = rewritten({
    'docker-compose.yml':
      'services:\n  web:\n    environment:\n      URL: mqtt://u:Sup3rS3cret@${HOST}:1883\n  job:\n    environment:\n      - API_TOKEN=a$$b-Tok3n-77\n',
  });
  assert.equal(
    after['docker-compose.yml'],
    'services:\n  web:\n    environment:\n      URL: mqtt://u:${WEB_PASSWORD_IN_URL}@${HOST}:1883\n  job:\n    environment:\n      - API_TOKEN=${API_TOKEN}\n',
  );
  assert.equal(after['.env'], "WEB_PASSWORD_IN_URL=Sup3rS3cret\nAPI_TOKEN='a$b-Tok3n-77'\n");
});

test('GitHub gets its reference, and the value is told to go there', () => {
  const { after, plan } = rewritten({
    '.github/workflows/d.yml':
      'on: push\njobs:\n  d:\n    env:\n      DEPLOY_TOKEN: abc-Tok3n-99-xyz\n      GITHUB_PAT_TOKEN: other-Tok3n-88\n',
  });
  assert.match(
    after['.github/workflows/d.yml']!,
    /DEPLOY_TOKEN: \$\{\{ secrets\.DEPLOY_TOKEN \}\}\n {6}GITHUB_PAT_TOKEN: \$\{\{ secrets\.GH_PAT_TOKEN \}\}\n/,
  );
  assert.deepEqual(
    plan.outside.map(({ system, name }) => [system, name]),
    [
      ['github', 'DEPLOY_TOKEN'],
      ['github', 'GH_PAT_TOKEN'],
    ],
  );
  assert.deepEqual(plan.targets, []);
});

test('source code fetches the value and gets what it needs to do so', () => {
  const { after } = rewritten({
    'nodered/settings.js': 'module.exports = { credentialSecret: "Wolken-bruch-1", uiPort: 1880 };\n',
    'sketch/s.ino': '#include <WiFi.h>\nconst char* password = "Regen-Bogen-7";\n',
    'app/a.py': '"""Doc."""\nfrom __future__ import annotations\nfrom x import y\n\nAPI_TOKEN = "abc-Tok3n-99-xyz"\n',
  });
  assert.equal(
    after['nodered/settings.js'],
    'module.exports = { credentialSecret: process.env.NODE_RED_CREDENTIAL_SECRET, uiPort: 1880 };\n',
  );
  assert.equal(after['nodered/environment'], 'NODE_RED_CREDENTIAL_SECRET=Wolken-bruch-1\n');
  assert.equal(
    after['sketch/s.ino'],
    '#include <WiFi.h>\n#include "arduino_secrets.h"\nconst char* password = SECRET_SKETCH_PASSWORD;\n',
  );
  assert.equal(after['sketch/arduino_secrets.h'], '#pragma once\n\n#define SECRET_SKETCH_PASSWORD "Regen-Bogen-7"\n');
  assert.equal(
    after['app/a.py'],
    '"""Doc."""\nfrom __future__ import annotations\nimport os\nfrom x import y\n\nAPI_TOKEN = os.environ["API_TOKEN"]\n',
  );
});

test('PlatformIO asks its environment in the middle of a flag', () => {
  const { after } = rewritten({
    'platformio.ini':
      '[env:a]\nbuild_flags =\n  -DWIFI_PASS=\\"Regen-Bogen-7\\" -O2\n  \'-D API_TOKEN="two words, Tok3n"\'\nupload_flags = --port=8266 --auth=Hunt3r2xyz ; c\n',
  });
  assert.equal(
    after['platformio.ini'],
    '[env:a]\nbuild_flags =\n  -DWIFI_PASS=\\"${sysenv.WIFI_PASS}\\" -O2\n  \'-D API_TOKEN="two words, Tok3n"\'\nupload_flags = --port=8266 --auth=${sysenv.PLATFORMIO_OTA_PASSWORD} ; c\n',
  );
  assert.equal(after['.env'], 'WIFI_PASS=Regen-Bogen-7\nPLATFORMIO_OTA_PASSWORD=Hunt3r2xyz\n');
});

test('what its program writes itself is never rewritten, and says why', () => {
  const texts = {
    '.storage/auth':
      '{"version":1,"key":"auth","data":{"refresh_tokens":[{"id":"x","token":"abcdef0123456789abcdef0123456789","jwt_key":"0123456789abcdef0123456789abcdef"}]}}',
    'homebridge/config.json':
      '{"bridge":{"pin":"031-45-154"},"platforms":[{"platform":"x","password":"Leuchtturm-9"}]}',
    'mosquitto/passwd': 'u:$7$101$c2FsdHNhbHQ=$aGFzaGhhc2hoYXNo\n',
    'blueprints/a.yaml': 'x:\n  password: Leuchtturm-9\n  y: !input z\n',
    'nodered/flows_cred.json': '{"n1":{"password":"Leuchtturm-9"}}',
  };
  const { after, plan } = rewritten(texts);
  assert.deepEqual(after, texts);
  assert.equal(plan.edits.length, 0);
  assert.ok(plan.kept.length >= 6);
  assert.ok(plan.kept.every(({ why }) => why !== ''));
  assert.deepEqual(plan.gitignore, ['/.storage/', '/nodered/flows_cred.json']);
});

test('a secrets file to which nothing can be added keeps the values where they are', () => {
  for (const secrets of ['{a: b}\n', 'a: b\n---\nc: d\n', '- a\n', 'a: [\n', '  a: bcd\n']) {
    const { after, plan } = rewritten({
      'configuration.yaml': 'homeassistant:\nmqtt:\n  password: Leuchtturm-9\n',
      'secrets.yaml': secrets,
    });
    assert.match(after['configuration.yaml']!, /Leuchtturm-9/, secrets);
    assert.match(plan.kept[0]!.why, /secrets\.yaml is not in a form/);
  }
});

test('a published stand-in is left alone, and the real file is rendered in its place', () => {
  const { after, plan } = rewritten({
    'config/configuration.yaml':
      'homeassistant:\nmqtt:\n  password: !secret mqtt_password\n  token: abc-Tok3n-99-xyz\n',
    'config/travis_secrets.yaml': 'mqtt_password: Leuchtturm-9\n',
  });
  assert.equal(after['config/travis_secrets.yaml'], 'mqtt_password: Leuchtturm-9\n');
  assert.equal(
    after['config/secrets.yaml'],
    'mqtt_password: Leuchtturm-9\nhome_assistant_mqtt_token: "abc-Tok3n-99-xyz"\n',
  );
  assert.deepEqual(
    plan.targets.map(({ path }) => path),
    ['config/secrets.yaml'],
  );
});
