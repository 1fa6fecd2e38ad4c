import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { checkIntegration } from './check-integration.ts';
import { checkIntegrations } from './read-integrations.ts';

const FLOW = `
import voluptuous as vol
from homeassistant.const import CONF_HOST, CONF_PASSWORD, CONF_USERNAME
from .const import CONF_LOCAL_KEY, DOMAIN
SCHEMA = vol.Schema({vol.Required(CONF_HOST): str, vol.Required(CONF_USERNAME): str, vol.Required(CONF_PASSWORD): str})
class Flow:
    async def async_step_user(self, user_input=None):
        return self.async_create_entry(title=user_input[CONF_HOST], data={CONF_LOCAL_KEY: key, "device": {"password_hint": 1}, **user_input})
`;
const CONST = `DOMAIN = "porch"\nCONF_LOCAL_KEY: Final = "device_key_local"\nCONF_TOKEN = "access_token"\n`;

const seen = (
  code: string,
  name = 'custom_components/porch/api.py',
  manifest: string | null = '{"domain":"porch","iot_class":"cloud_polling"}',
) =>
  checkIntegration(
    [
      { path: 'custom_components/porch/config_flow.py', text: FLOW },
      { path: 'custom_components/porch/const.py', text: CONST },
      { path: name, text: code },
    ],
    manifest,
  ).map(
    ({ rule, confidence, occurrences }) =>
      `${confidence} ${rule.replace('integration-', '')} ${occurrences[0]!.line} ${occurrences[0]!.name}`,
  );

describe('credentials in logs', () => {
  for (const [code, expected] of [
    ['_LOGGER.debug("login as %s %s", self._username, self._password)', 'self._password'],
    ['_LOGGER.debug(f"got {token}")', 'token'],
    ['_LOGGER.debug(f"got {self.session.access_token!r:>10}")', 'self.session.access_token'],
    ['_LOGGER.info("entry %s", entry.data[CONF_PASSWORD])', 'password'],
    ['_LOGGER.info("entry %s", config.get("api_key"))', 'api_key'],
    ['_LOGGER.warning("setup with %s", entry.data)', 'entry.data (with password)'],
    ['self._LOGGER.debug("x %s", dict(entry.data))', 'entry.data (with password)'],
    ['LOGGER.error("input %s", user_input)', 'user_input (with password)'],
    ['print(client_secret)', 'client_secret'],
    ['headers = {"Authorization": a}\n_LOGGER.debug("send %s", headers)', 'headers'],
    ['_LOGGER.debug(\n    "value %s",\n    self._api_key,\n)', 'self._api_key'],
  ] as const)
    test(`are seen: ${code.replaceAll(/\s+/g, ' ')}`, () => {
      const all = seen(code);
      assert.deepEqual(
        all.map((one) => one.split(' ').slice(3).join(' ')),
        [expected],
        all.join(),
      );
      assert.ok(all[0]!.startsWith('likely credential-logged'));
    });

  for (const code of [
    '_LOGGER.debug("password is wrong")',
    '_LOGGER.debug("token expires at %s", token_expires_at)',
    '_LOGGER.debug("has token: %s", token is not None)',
    '_LOGGER.debug("length %d", len(password))',
    '_LOGGER.debug("entry %s", async_redact_data(entry.data, TO_REDACT))',
    '_LOGGER.debug("host %s", entry.data[CONF_HOST])',
    '_LOGGER.debug("keys %s", entry.data.keys())',
    '_LOGGER.debug("entity %s is %s", entity_id, state)',
    '_LOGGER.debug(f"{CONF_PASSWORD} is missing")',
    '_LOGGER.debug("entry %s", entry.entry_id)',
    'for key in data:\n    _LOGGER.debug(key)',
    'self.log_password(password)',
    'logbook.add(password)',
    '# _LOGGER.debug(password)',
    '"""_LOGGER.debug(password)"""',
  ])
    test(`are not: ${code.replaceAll(/\s+/g, ' ')}`, () => assert.deepEqual(seen(code), []));

  test('whole entries may be logged where no flow stores a credential', () => {
    assert.deepEqual(checkIntegration([{ path: 'a/__init__.py', text: '_LOGGER.debug("%s", entry.data)' }]), []);
  });
  test('tests of an integration may log what they like', () => {
    assert.deepEqual(seen('_LOGGER.debug(password)', 'tests/test_init.py'), []);
  });
});

describe('diagnostics', () => {
  const of = (code: string) => seen(code, 'custom_components/porch/diagnostics.py');

  test('that give the entry as it is', () => {
    assert.deepEqual(of('async def x(hass, entry):\n    return {"entry": entry.as_dict()}'), [
      'likely diagnostics-not-redacted 2 password',
    ]);
    assert.deepEqual(of('return {"data": dict(config_entry.data)}'), ['likely diagnostics-not-redacted 1 password']);
  });
  test('that leave out a key which the flow stores', () => {
    assert.deepEqual(
      of('TO_REDACT = {CONF_USERNAME, "serial"}\nreturn async_redact_data(entry.as_dict(), TO_REDACT)'),
      ['likely diagnostics-incomplete 2 password'],
    );
    assert.deepEqual(of('return async_redact_data(entry.data, [CONF_USERNAME])'), [
      'likely diagnostics-incomplete 1 password',
    ]);
  });
  test('that name every key, as a set, a list, a typed constant or inline, are fine', () => {
    for (const code of [
      'TO_REDACT = {CONF_PASSWORD, CONF_USERNAME}\nreturn async_redact_data(entry.as_dict(), TO_REDACT)',
      'TO_REDACT: Final = ["password"]\nreturn async_redact_data(entry.data, TO_REDACT)',
      'KEYS_TO_REDACT: set[str] = {"password"}\nreturn async_redact_data({**entry.data}, KEYS_TO_REDACT)',
      'TO_REDACT = frozenset({CONF_PASSWORD})\nreturn async_redact_data(entry.data, TO_REDACT)',
      'return async_redact_data(entry.data, {CONF_PASSWORD})',
      'TO_REDACT = {CONF_PASSWORD}\nreturn {"host": entry.data[CONF_HOST], "e": async_redact_data(entry.data, TO_REDACT)}',
    ])
      assert.deepEqual(of(code), [], code);
  });
  test('keys of the integration’s own constants are followed', () => {
    const own = FLOW.replace('vol.Required(CONF_PASSWORD)', 'vol.Required(CONF_TOKEN)');
    const all = checkIntegration([
      { path: 'p/config_flow.py', text: own },
      { path: 'p/const.py', text: CONST },
      { path: 'p/diagnostics.py', text: 'TO_REDACT = {"password"}\nreturn async_redact_data(entry.data, TO_REDACT)' },
    ]);
    assert.deepEqual(
      all.map(({ occurrences }) => occurrences[0]!.name),
      ['access_token'],
    );
  });
});

describe('TLS that verifies nothing', () => {
  test('towards the internet is wrong', () => {
    assert.deepEqual(seen('requests.get("https://api.porch-vendor.io/v1", verify=False)'), [
      'likely tls-unverified 1 verify',
    ]);
    assert.deepEqual(
      seen('URL = "https://api.porch-vendor.io"\nsession = async_get_clientsession(hass, verify_ssl=False)'),
      ['likely tls-unverified 2 verify_ssl'],
    );
    assert.deepEqual(seen('URL = "https://api.porch-vendor.io"\nsession = async_get_clientsession(hass, False)'), [
      'likely tls-unverified 2 verify_ssl',
    ]);
    assert.deepEqual(
      seen('URL = "wss://api.porch-vendor.io"\nctx.verify_mode = ssl.CERT_NONE\nctx.check_hostname = False'),
      ['likely tls-unverified 2 CERT_NONE', 'likely tls-unverified 3 check_hostname'],
    );
  });
  test('towards a device at home is worth a question', () => {
    assert.deepEqual(seen('requests.get(f"https://{host}/status", verify=False)'), ['note tls-unverified 1 verify']);
    assert.deepEqual(seen('requests.get("https://192.168.7.4/status", verify=False)'), [
      'note tls-unverified 1 verify',
    ]);
  });
  test('as an option of its owner, or on, it is fine', () => {
    assert.deepEqual(
      seen(
        'requests.get("https://api.porch-vendor.io", verify=True)\nrequests.get(url, verify=entry.data[CONF_VERIFY_SSL])',
      ),
      [],
    );
  });
});

describe('credentials in addresses', () => {
  test('built by a format are seen', () => {
    assert.deepEqual(seen('url = f"{BASE}/v1?api_key={self._key}"'), ['likely secret-in-query 1 api_key']);
    assert.deepEqual(seen('url = BASE + "?user=a&password=" + pw'), ['likely secret-in-query 1 password']);
    assert.deepEqual(seen('url = "https://x/?token=%s" % token'), ['likely secret-in-query 1 token']);
    assert.deepEqual(seen('await get(url, params={"access_token": token, "page": 1})'), [
      'note secret-in-query 1 access_token',
    ]);
  });
  test('and what is no credential is not', () => {
    assert.deepEqual(
      seen('url = f"{BASE}/v1?page={page}&device_id={device}"\nget(url, params={"q": 1})\nx = "a?token=b"'),
      [],
    );
  });
});

describe('reports', () => {
  test('hold the place, a way out, and no line in what is compared between runs', () => {
    const [one] = checkIntegration([{ path: 'p/a.py', text: 'x = 1\n\n_LOGGER.debug(password)\n' }]);
    assert.deepEqual(
      { ...one!.occurrences[0], origin: null },
      { path: 'p/a.py', origin: null, line: 3, column: 9, offset: 15, length: 5, name: 'password', encodings: [] },
    );
    assert.equal(one!.value.revealText(), 'credential-logged p/a.py password');
    assert.ok(one!.remedy.length > 20);
  });

  test('never come from an exception, whatever the code', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.constantFrom(
            '_LOGGER.debug(',
            'entry.data',
            ')',
            '[',
            '{',
            '"',
            "f'{",
            'password',
            '=',
            ',',
            '\n',
            'TO_REDACT',
            'vol.Required(',
            ':',
            'params=',
            '?token=%s',
          ),
        ),
        (parts) => {
          const text = parts.join('');
          checkIntegration([
            { path: 'p/config_flow.py', text },
            { path: 'p/diagnostics.py', text },
          ]);
        },
      ),
      { numRuns: 500 },
    );
  });

  test('one for each folder with a manifest', async () => {
    const unit = (path: string, text: string) => ({
      type: 'unit' as const,
      unit: {
        path,
        origin: { type: 'file' as const },
        size: null,
        content: { type: 'bytes' as const, bytes: Buffer.from(text) },
      },
    });
    const { discoveries, integrations, gaps } = await checkIntegrations(async function* () {
      yield unit('a/manifest.json', '{"domain": "a", "iot_class": "local_push"}');
      yield unit('a/api.py', '_LOGGER.debug(password)\nget(f"https://{host}", verify=False)');
      yield unit('b/manifest.json', '{"domain": "b", "iot_class": "cloud_push"}');
      yield unit('b/api.py', 'X = "https://api.porch-vendor.io"\n');
      yield unit('b/lib/http.py', 'get(url, verify=False)');
    }, new AbortController().signal);
    assert.deepEqual([integrations, gaps.length], [2, 0]);
    assert.deepEqual(
      discoveries.map(({ rule, confidence, occurrences }) => `${confidence} ${rule} ${occurrences[0]!.path}`),
      [
        'likely integration-credential-logged a/api.py',
        'note integration-tls-unverified a/api.py',
        'likely integration-tls-unverified b/lib/http.py',
      ],
    );
  });
});
