import { rules } from '../rule.ts';
import { base64, letters, named, UUID } from './parts.ts';
import { vendor } from './vendor.ts';

const COMMON = { kind: 'api-key', tier: 'silver', rotation: 'api', evidence: 'reported' } as const;
const PUBLIC = { kind: 'plain', tier: 'bronze', publishable: true, remedy: 'Nothing needs to be done.' } as const;

const datadog = vendor({
  ...COMMON,
  vendor: 'Datadog',
  evidence: 'observed',
  source: 'https://github.com/DataDog/datadog-agent/blob/main/pkg/util/scrubber/default.go',
  remedy: 'Make a second key under Organization settings, move the agents, revoke the first.',
});

const sentry = vendor({
  ...COMMON,
  vendor: 'Sentry',
  kind: 'access-token',
  evidence: 'observed',
  source: 'https://github.com/getsentry/sentry/blob/master/src/sentry/types/token.py',
  remedy: 'Revoke it under Settings, Auth tokens; make one with fewer scopes.',
});

const relic = vendor({
  ...COMMON,
  vendor: 'New Relic',
  source: 'https://docs.newrelic.com/docs/apis/intro-apis/new-relic-api-keys/',
  remedy: 'Delete it under API keys, or rotate it with NerdGraph.',
});

const grafana = vendor({
  ...COMMON,
  vendor: 'Grafana',
  kind: 'access-token',
  source: 'https://grafana.com/docs/grafana/latest/administration/service-accounts/',
  remedy: 'Delete the token of the service account under Administration, and make one with an end.',
});

const honeycomb = vendor({
  ...COMMON,
  vendor: 'Honeycomb',
  evidence: 'documented',
  source: 'https://docs.honeycomb.io/api/authentication',
  remedy: 'Disable, then delete it under Environment settings, API keys.',
});

/** `hcaik_`: the third letter varies. */
const honeycombKey = (kind: 'ik' | 'mk') => ({
  any: Array.from({ length: 26 }, (_, index) => `hc${String.fromCharCode(97 + index)}${kind}_`),
});

const pagerduty = vendor({
  ...COMMON,
  vendor: 'PagerDuty',
  source: 'https://support.pagerduty.com/main/docs/api-access-keys',
  remedy: 'Delete it under Integrations, API access keys (or your profile), and make a new one.',
});

const dynatrace = vendor({
  ...COMMON,
  vendor: 'Dynatrace',
  kind: 'access-token',
  evidence: 'documented',
  source: 'https://docs.dynatrace.com/docs/shortlink/token',
  remedy: 'Delete it under Access tokens, and make one with fewer scopes and an end.',
});

const coralogix = vendor({
  ...COMMON,
  vendor: 'Coralogix',
  source: 'https://coralogix.com/docs/user-guides/account-management/api-keys/api-keys/',
  remedy: 'Deactivate it under Settings, API keys.',
});

const axiom = vendor({
  ...COMMON,
  vendor: 'Axiom',
  kind: 'access-token',
  source: 'https://axiom.co/docs/reference/tokens',
  remedy: 'Regenerate or delete it under Settings, API tokens.',
});

const posthog = vendor({
  ...COMMON,
  vendor: 'PostHog',
  evidence: 'observed',
  source: 'https://github.com/PostHog/posthog/blob/master/posthog/models/utils.py',
  remedy: 'Delete it under Settings, Personal API keys, and make one with fewer scopes.',
});

const launchdarkly = vendor({
  ...COMMON,
  vendor: 'LaunchDarkly',
  source: 'https://launchdarkly.com/docs/home/account/environment/keys',
  remedy: 'Reset the key of the environment, with an end for the old one.',
});

const devcycle = vendor({
  ...COMMON,
  vendor: 'DevCycle',
  source: 'https://docs.devcycle.com/sdk/',
  remedy: 'Regenerate it under Settings, Environments & keys.',
});

/** One vendor with one kind. */
const one = (name: string, source: string, remedy: string) => vendor({ ...COMMON, vendor: name, source, remedy });

export const OBSERVABILITY = rules(
  datadog({
    id: 'datadog-api-key',
    title: 'Datadog API key',
    shape: [letters('hex-lower', 32)],
    near: named('datadog api key', 'dd api key', 'datadog key', 'dd client api key'),
    opens: 'sends metrics and logs at the organisation’s cost',
    examples: ['DD_API_KEY=ec·5141f67a912df2·c518e61a101f312f', 'dd-api-key: "a4·57e564823c7c94·5e91bb866d1a1961"'],
    notThese: ['image: datadog/agent@sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08'],
  }),
  datadog({
    id: 'datadog-application-key',
    title: 'Datadog application key',
    tier: 'gold',
    shape: [letters('hex-lower', 40)],
    near: named('datadog app key', 'dd app key', 'datadog application key', 'dd application key'),
    opens: 'reads and changes what its owner may, together with an API key',
    examples: ['DD_APP_KEY=e0·045fbd0ce363a8e83c·1eac81a56de2de3b38ee'],
  }),
  datadog({
    id: 'datadog-prefixed-application-key',
    title: 'Datadog application key (since 2026)',
    tier: 'gold',
    shape: ['ddapp_', letters('alnum', 34, 34, '_')],
    opens: 'reads and changes what its owner may, together with an API key',
    examples: ['DD_APP_KEY=dd·app_kT7wQ2mZx9LvB4nRs8·Kd1Yc6Gf3Hp5Jt0W'],
  }),
  datadog({
    id: 'datadog-remote-configuration-key',
    title: 'Datadog remote configuration key',
    shape: ['DDRCM_', letters('alnum-upper', 24, 400)],
    opens: 'the configuration that the organisation sends its agents',
    remedy: 'Delete it under Remote Configuration, and give the agents a new one.',
    examples: ['remote_configuration.key: DD·RCM_5PAW2K7QXEM3ZT6YVB4NLHGR·D8SJ1UC9FO0IPK2WQX'],
  }),
  datadog({
    id: 'datadog-client-token',
    title: 'Datadog client token',
    ...PUBLIC,
    shape: ['pub', letters('hex-lower', 32)],
    opens: 'sends browser and mobile events only; stands in every page',
    evidence: 'reported',
    source: 'https://docs.datadoghq.com/account_management/api-app-keys/',
    examples: ['clientToken: "pu·b2b86a6b69a50fb·0734355b1e552e0dd3"'],
  }),
  sentry({
    id: 'sentry-user-token',
    title: 'Sentry user, application or integration token',
    shape: [{ any: ['sntryu_', 'sntrya_', 'sntryi_'] }, letters('hex-lower', 64)],
    opens: 'projects, releases and events of its owner, as its scopes say',
    examples: ['SENTRY_AUTH_TOKEN=sn·tryu_560787e2e2311090a863ae3e0d86·d9cbec29f350933f76de6651275c1b543333'],
  }),
  sentry({
    id: 'sentry-organization-token',
    title: 'Sentry organisation auth token',
    // JSON in base64 with its padding, and 32 bytes in base64 without.
    shape: ['sntrys_eyJ', letters('alnum', 60, 400, '+/='), '_', base64(43)],
    opens: 'uploads source maps and releases for the organisation',
    source: 'https://github.com/getsentry/sentry/blob/master/src/sentry/utils/security/orgauthtoken_token.py',
    examples: [
      'SENTRY_AUTH_TOKEN=sn·trys_eyJpYXQiOiAxNzY0MDAwMDAwLjUsICJ1cmwiOiAiaHR0cHM6Ly9zZ·W50cnkuaW8iLCAicmVnaW9uX3VybCI6ICJodHRwczovL2RlLnNlbnRyeS5pbyIsICJvcmciOiAicG9yY2gifQ==_Fh/P7QV0KY26V2Z8Ji+qCXjd0TwTxzI1rPjN5KjB88M',
    ],
  }),
  sentry({
    id: 'sentry-old-token',
    title: 'Sentry auth token (old form)',
    shape: [letters('hex-lower', 64)],
    near: named('sentry auth token', 'sentry token', 'sentry api token', 'sentry api key'),
    evidence: 'reported',
    opens: 'projects, releases and events of its owner, as its scopes say',
    examples: ['SENTRY_AUTH_TOKEN=7a·a2a87be60028191e3c2182fe66d68b·e29fea06cad80243aa628f9767afe4a2'],
  }),
  sentry({
    id: 'sentry-dsn',
    title: 'Sentry DSN',
    ...PUBLIC,
    shape: [letters('hex-lower', 32), '@o', letters('digits', 3, 20), '.ingest'],
    near: { words: ['sentry', 'dsn'], within: 60 },
    opens: 'sends events to the project only; stands in every page',
    evidence: 'reported',
    source: 'https://docs.sentry.io/concepts/key-terms/dsn-explainer/',
    examples: ['SENTRY_DSN=https://68·3b08bea530b590b7655f6·de869119c@o13017.ingest.us.sentry.io/1234'],
  }),
  relic({
    id: 'newrelic-user-key',
    title: 'New Relic user key',
    shape: ['NRAK-', letters('alnum-upper', 27)],
    opens: 'reads and changes what its owner may',
    examples: ['NEW_RELIC_API_KEY=NR·AK-PV9RGS8WTVN·TUADL3PFRKP8XWRQ'],
  }),
  relic({
    id: 'newrelic-insert-key',
    title: 'New Relic insert key',
    shape: ['NRII-', letters('token', 32)],
    opens: 'sends events to the account',
    examples: ['NEW_RELIC_INSERT_KEY=NR·II-60r5YMi6haViD·bcMpUzxIHCB9_OLwGAR'],
  }),
  relic({
    id: 'newrelic-query-key',
    title: 'New Relic query key',
    shape: ['NRIQ-', letters('token', 32)],
    opens: 'reads the account’s data',
    examples: ['NEW_RELIC_QUERY_KEY=NR·IQ-RM6NzXQIohRd3·-CEHqF5dPPTLukzXtro'],
  }),
  relic({
    id: 'newrelic-admin-key',
    title: 'New Relic admin key (old)',
    tier: 'gold',
    shape: ['NRAA-', letters('hex-lower', 27)],
    opens: 'changes the account',
    examples: ['NEW_RELIC_ADMIN_KEY=NR·AA-81d0c0d09e3·b21a9310607bbde9'],
  }),
  relic({
    id: 'newrelic-license-key',
    title: 'New Relic ingest licence key',
    shape: [letters('alnum', 36), 'NRAL'],
    near: { words: ['new_relic', 'newrelic', 'new-relic', 'license_key', 'licensekey', 'nr_license'], within: 60 },
    opens: 'sends telemetry at the account’s cost',
    examples: ['NEW_RELIC_LICENSE_KEY=vt·XROyOSxClZNjdPkhrI·mqJhNbIvd6MxIpqfNRAL'],
  }),
  relic({
    id: 'newrelic-browser-key',
    title: 'New Relic browser key',
    ...PUBLIC,
    shape: ['NRJS-', letters('hex-lower', 19)],
    opens: 'sends browser events only; stands in every page',
    examples: ['licenseKey:"NR·JS-23c5ca3·f16ec51dfda8"'],
  }),
  grafana({
    id: 'grafana-service-account-token',
    title: 'Grafana service account token',
    notThese: ['glsa_iNValIdinValiDinval·idinvalidinva_5b582697'],
    shape: ['glsa_', letters('alnum', 32), '_', letters('hex-lower', 8)],
    checksum: 'grafana-crc32',
    evidence: 'observed',
    source: 'https://github.com/grafana/grafana/blob/main/pkg/components/satokengen/tokengen.go',
    opens: 'dashboards and data sources, as its role says',
    examples: ['GRAFANA_TOKEN=gl·sa_KasaoSe1Nyez9gLgh·PyAAX7lbEJywO6O_1da5d7ac'],
  }),
  grafana({
    id: 'grafana-cloud-access-policy-token',
    title: 'Grafana Cloud access policy token',
    shape: ['glc_eyJ', letters('alnum', 60, 400, '+/=')],
    opens: 'sends or reads the stack’s metrics, logs and traces, as its policy says',
    source:
      'https://grafana.com/docs/grafana-cloud/security-and-account-management/authentication-and-permissions/access-policies/',
    remedy: 'Delete the token of the access policy in the Cloud portal.',
    examples: [
      'GRAFANA_CLOUD_TOKEN=gl·c_eyJvIjoiNDcxMSIsIm4iOiJwb3·JjaC1tZXRyaWNzIiwiayI6InNDYnZ4NGFuY0M5Vmlmc0hwODhYQkp2MCIsIm0iOnsiciI6ImV1In19',
    ],
  }),
  grafana({
    id: 'grafana-api-key',
    title: 'Grafana API key (old)',
    kind: 'api-key',
    shape: ['eyJrIjoi', letters('alnum', 70, 400, '+/=')],
    checksum: 'base64-json',
    evidence: 'observed',
    source: 'https://github.com/grafana/grafana/blob/v9.0.0/pkg/components/apikeygen/apikeygen.go',
    opens: 'dashboards and data sources, as its role says',
    remedy: 'Migrate it to a service account under Administration, then delete it.',
    examples: [
      'GRAFANA_API_KEY=ey·JrIjoiNjU3OTRhNzI0OTZhNmY2OTM0NzE0OTZlNGY0·NDQ2NzA0NDVhMzEzNzUwMzc1NzZjMzQ0NDQ5NmQifQ==',
    ],
  }),
  honeycomb({
    id: 'honeycomb-ingest-key',
    title: 'Honeycomb ingest key',
    notThese: ['hcxik_12345678901234567890123456·12345678901234567890123456789012'],
    // The id of 26 and its secret of 32.
    shape: [honeycombKey('ik'), letters('alnum-lower', 58)],
    opens: 'sends events to the environment',
    examples: ['HONEYCOMB_API_KEY=hc·aik_rxfnw2tlmjc3qx6xlnacp8wwzn·mak742vsq5qannf1fwzr4fvbeorcl8wb'],
  }),
  honeycomb({
    id: 'honeycomb-environment-key',
    title: 'Honeycomb configuration key',
    shape: [letters('alnum', 22)],
    near: named('honeycomb api key', 'honeycomb key', 'x honeycomb team', 'honeycomb writekey', 'honeycomb write key'),
    opens: 'reads, sends or configures, as its permissions say',
    evidence: 'reported',
    examples: ['x-honeycomb-team: 2y·eo0zKydOp·0PEGPo3hqdM'],
  }),
  honeycomb({
    id: 'honeycomb-management-key',
    title: 'Honeycomb management key',
    tier: 'gold',
    shape: [honeycombKey('mk'), letters('alnum-lower', 26), ':', letters('alnum-lower', 32)],
    opens: 'makes environments and keys of the team',
    evidence: 'reported',
    examples: ['Authorization: Bearer hc·amk_01k4x5jbe9w7sdzjqzmxvk·td6w:hp9x2y75jj8y5f8y7aaf1zy6aedg9w3q'],
  }),
  pagerduty({
    id: 'pagerduty-user-api-token',
    title: 'PagerDuty API token',
    shape: [letters('token', 20, 20, '+')],
    near: named(
      'pagerduty api key',
      'pagerduty token',
      'pagerduty api token',
      'pd api key',
      'pd token',
      'pd api token',
    ),
    opens: 'incidents and on-call plans, as its owner',
    examples: ['PAGERDUTY_TOKEN=u+·vAoRinFb·ad2QNoVmmV'],
    notThese: ['PAGERDUTY_TOKEN=y_NbAkKc66ryYTWUXYEu'],
  }),
  pagerduty({
    id: 'pagerduty-integration-key',
    title: 'PagerDuty integration key',
    kind: 'shared-secret',
    tier: 'bronze',
    shape: [letters('hex-lower', 32)],
    near: named(
      'pagerduty integration key',
      'pagerduty routing key',
      'pagerduty service key',
      'pd routing key',
      'pd service key',
    ),
    opens: 'raises and resolves incidents of the service',
    source: 'https://support.pagerduty.com/main/docs/services-and-integrations',
    remedy: 'Delete the integration of the service and add a new one.',
    examples: ['PAGERDUTY_ROUTING_KEY=a6·ceba6f5273f938·bc54c18bfff04a42'],
  }),
  dynatrace({
    id: 'dynatrace-access-token',
    title: 'Dynatrace access token, or token for SCIM',
    shape: [{ any: ['dt0c01.', 'dt0s01.'] }, letters('alnum-upper', 24), '.', letters('alnum-upper', 64)],
    opens: 'the environment, as its scopes say',
    examples: [
      'DT_API_TOKEN=dt·0c01.O4J1J7ELJNDVRD4AMI8YAZB6.LNYETPO7X6COAAB0·AF1XZPGMQ3V5RULSWJSSEHAAFS5H4LQ6H26NQSXXWWHPIZTN',
    ],
    notThese: ['dt0c01.ST2EY72KQINMH574WMNVI7YN'],
  }),
  dynatrace({
    id: 'dynatrace-oauth-client-secret',
    title: 'Dynatrace OAuth client secret',
    kind: 'client-secret',
    shape: ['dt0s02.', letters('alnum-upper', 8), '.', letters('alnum-upper', 64)],
    opens: 'the account, as its scopes say',
    evidence: 'reported',
    examples: ['DT_CLIENT_SECRET=dt·0s02.32N78GFI.RTPM50L9OGRPRJ420T4A6YDG·EDEV2YY79JD74VRAM01G69XU35TFT0GDK3GXQZ1O'],
  }),
  dynatrace({
    id: 'dynatrace-platform-token',
    title: 'Dynatrace platform token',
    shape: ['dt0s16.', letters('alnum-upper', 8), '.', letters('alnum-upper', 64)],
    opens: 'the platform’s services, as its scopes say',
    evidence: 'reported',
    examples: ['DT_PLATFORM_TOKEN=dt·0s16.GCKA74TW.NO1LMBAQZ0IADTEN5YH81WF6·ZOPADU9SX29VMCE0C8XJRNP1IXFOSBYOL3AJGERG'],
  }),
  one(
    'Splunk',
    'https://help.splunk.com/en/splunk-enterprise/get-started/get-data-in',
    'Disable it under Settings, Data inputs, HTTP Event Collector.',
  )({
    id: 'splunk-hec-token',
    title: 'Splunk HTTP Event Collector token',
    kind: 'access-token',
    // Splunk writes them in upper case too.
    shape: [8, 4, 4, 4, 12].flatMap((length, index) =>
      index === 0 ? [letters('hex', length)] : ['-', letters('hex', length)],
    ),
    near: {
      words: [
        'authorization: splunk',
        ...named('splunk hec token', 'splunk token', 'hec token', 'splunk api token').words,
      ],
      within: 24,
    },
    opens: 'sends events into its indexes',
    examples: ['SPLUNK_HEC_TOKEN=5f·d366be-9fc8-ff5b·-41cd-aeb90dc1afe1'],
    notThese: [
      'SPLUNK_HEC_TOKEN=00000000-0000-0000-0000-000000000000',
      'Authorization: Splunk B5A79AAD-D822-46CC-80·D1-819F80D7BFB0',
    ],
  }),
  one(
    'Splunk',
    'https://help.splunk.com/en/splunk-observability-cloud/administer/authentication-and-security/authentication-tokens',
    'Rotate it under Settings, Access tokens.',
  )({
    id: 'splunk-observability-token',
    title: 'Splunk Observability (SignalFx) access token',
    kind: 'access-token',
    shape: [letters('token', 22)],
    near: named(
      'signalfx token',
      'signalfx access token',
      'sfx token',
      'splunk access token',
      'x sf token',
      'signalfx auth token',
    ),
    opens: 'sends metrics, or uses the API as its scope says',
    examples: ['X-SF-Token: f1·d-gcUtD4a·NWUL0z4Ith1'],
  }),
  one(
    'Elastic',
    'https://www.elastic.co/docs/deploy-manage/api-keys/elastic-cloud-api-keys',
    'Revoke it under Organization, API keys.',
  )({
    id: 'elastic-cloud-api-key',
    title: 'Elastic Cloud API key',
    tier: 'gold',
    shape: ['essu_', letters('alnum', 40, 200, '+/=')],
    opens: 'deployments of the organisation',
    examples: ['EC_API_KEY=es·su_jrvUkL2oB0wD6U/8ylIO0lZbeA62tG·gaLRepY6siSBpbGBUm8MSmz8Bgk/wDLYC8=L'],
  }),
  one(
    'Elastic',
    'https://www.elastic.co/docs/deploy-manage/api-keys/elasticsearch-api-keys',
    'Invalidate it: `DELETE /_security/api_key`, and make one with a narrow role.',
  )({
    id: 'elastic-api-key',
    title: 'Elasticsearch API key',
    shape: [base64(58), '=='],
    near: named('elastic api key', 'elasticsearch api key', 'es api key', 'elastic apm api key', 'elastic key'),
    opens: 'the indexes that its role names',
    examples: ['ELASTIC_API_KEY=eb·VUcNQvStyW6CLCDFM3QkmfVVKWQ5·J02V+oxUv0Ze/U45JNkXDt8swzcW=='],
  }),
  one(
    'Rollbar',
    'https://docs.rollbar.com/docs/access-tokens',
    'Disable it under Project settings, Access tokens.',
  )({
    id: 'rollbar-access-token',
    title: 'Rollbar access token',
    kind: 'access-token',
    shape: [letters('hex-lower', 32)],
    near: named('rollbar access token', 'rollbar token', 'rollbar server token', 'rollbar post server item'),
    opens: 'sends or reads errors, as its scope says',
    examples: ['ROLLBAR_ACCESS_TOKEN=4b·b8dbcb5996eaef·25b9731027b53ec3'],
  }),
  one(
    'Bugsnag',
    'https://docs.bugsnag.com/api/',
    'Regenerate it under Project settings.',
  )({
    id: 'bugsnag-api-key',
    title: 'BugSnag notifier API key',
    tier: 'bronze',
    shape: [letters('hex-lower', 32)],
    near: named('bugsnag api key', 'bugsnag key', 'bugsnag apikey'),
    opens: 'sends errors to the project',
    examples: ['BUGSNAG_API_KEY=92·267e052d809ff5·c64bba073246e251'],
  }),
  one(
    'Honeybadger',
    'https://docs.honeybadger.io/api/getting-started/',
    'Regenerate it under Project settings, API keys.',
  )({
    id: 'honeybadger-project-key',
    title: 'Honeybadger project API key',
    tier: 'bronze',
    shape: ['hbp_', letters('alnum', 36)],
    opens: 'sends errors to the project',
    examples: ['HONEYBADGER_API_KEY=hb·p_E78TLn04ZOAHbfAj·WrW9RcLLq3AlHrai7M42'],
  }),
  one(
    'Opsgenie',
    'https://support.atlassian.com/opsgenie/docs/api-key-management/',
    'Delete it under Settings, API key management.',
  )({
    id: 'opsgenie-api-key',
    title: 'Opsgenie API key',
    shape: [...UUID],
    near: {
      words: ['geniekey', ...named('opsgenie api key', 'opsgenie key', 'opsgenie token', 'opsgenie api token').words],
      within: 24,
    },
    opens: 'raises and closes alerts, reads on-call plans',
    examples: ['Authorization: GenieKey f2·a1f721-eee0-3461·-35a2-bb86b826ffdc'],
  }),
  one(
    'UptimeRobot',
    'https://uptimerobot.com/api/',
    'Regenerate it under Integrations & API.',
  )({
    id: 'uptimerobot-api-key',
    title: 'UptimeRobot API key',
    tier: 'bronze',
    shape: [{ any: ['u', 'm', 'ur'] }, letters('digits', 5, 9), '-', letters('hex-lower', 24, 32)],
    near: { words: ['uptimerobot', 'uptime_robot', 'uptime-robot'], within: 60 },
    opens: 'changes or reads the monitors',
    examples: ['UPTIMEROBOT_API_KEY=m4·93114-cad18a54·69b0e0160dbb8e069'],
  }),
  one(
    'Loggly',
    'https://documentation.solarwinds.com/en/success_center/loggly/content/admin/token-based-api-authentication.htm',
    'Retire it under Source setup, Customer tokens.',
  )({
    id: 'loggly-customer-token',
    title: 'Loggly customer token',
    tier: 'bronze',
    shape: [...UUID],
    near: {
      words: ['logs-01.loggly.com/inputs/', ...named('loggly token', 'loggly customer token').words],
      within: 24,
    },
    opens: 'sends logs at the account’s cost',
    examples: ['LOGGLY_TOKEN=48·edfcdc-fcce-4d2a·-7ac1-3cbcb0d9bc7c'],
  }),
  one(
    'Logz.io',
    'https://docs.logz.io/docs/user-guide/admin/authentication-tokens/api-tokens/',
    'Delete it under Settings, Manage tokens.',
  )({
    id: 'logzio-token',
    title: 'Logz.io shipping or API token',
    shape: [letters('alpha', 32)],
    near: named('logzio token', 'logz io token', 'logzio api token', 'logzio shipping token', 'logzio logs token'),
    opens: 'sends logs, or with an API token reads them',
    examples: ['LOGZIO_TOKEN=sx·qikbrgWpZlLEdL·mlaAOcUgwehjihAO'],
  }),
  one(
    'Sumo Logic',
    'https://www.sumologic.com/help/docs/manage/security/access-keys/',
    'Deactivate, then delete it under Security, Access keys.',
  )({
    id: 'sumologic-access-key',
    title: 'Sumo Logic access key',
    shape: [letters('alnum', 64)],
    near: named('sumologic access key', 'sumo access key', 'sumologic accesskey', 'sumo logic access key'),
    opens: 'searches and changes what its owner may',
    examples: ['SUMOLOGIC_ACCESSKEY=9r·X0xziHghjuC5jVegV7QeRsgOvYXpTs·wxbMDDrwVO9oWrvCrCc3Ok3jLoUJG4yn'],
  }),
  coralogix({
    id: 'coralogix-personal-key',
    title: 'Coralogix personal key',
    shape: ['cxup_', letters('alnum', 30)],
    opens: 'reads and changes what its owner may',
    examples: ['CORALOGIX_API_KEY=cx·up_lPohNuNKp7qv·IVApvsuUaaL2eJmY27'],
  }),
  coralogix({
    id: 'coralogix-team-key',
    title: 'Coralogix team key',
    shape: ['cxtp_', letters('alnum', 30)],
    opens: 'sends or reads data, as its permissions say',
    examples: ['CORALOGIX_API_KEY=cx·tp_QqbeAjMhCPG3·ya36WfHvpF4swt9wRz'],
  }),
  axiom({
    id: 'axiom-api-token',
    title: 'Axiom API token',
    shape: ['xaat-', ...UUID],
    opens: 'sends or queries data sets, as it says',
    examples: ['AXIOM_TOKEN=xa·at-254b65cf-cbbe-3·aea-1c9d-5bdeccaedc1a'],
  }),
  axiom({
    id: 'axiom-personal-token',
    title: 'Axiom personal access token',
    shape: ['xapt-', ...UUID],
    opens: 'everything its owner may do',
    examples: ['AXIOM_TOKEN=xa·pt-edcb87bf-f2f6-3·29d-ca4e-ff8e299c21b3'],
  }),
  posthog({
    id: 'posthog-personal-api-key',
    title: 'PostHog personal API key',
    shape: ['phx_', letters('alnum', 40, 60)],
    opens: 'reads and changes what its owner may, as its scopes say',
    examples: ['POSTHOG_PERSONAL_API_KEY=ph·x_JpJTTyCw6AFk7HTEURdX2·HLE6H3EtQUFhG1TEjMTG8r9fL'],
  }),
  posthog({
    id: 'posthog-project-api-key',
    title: 'PostHog project API key',
    ...PUBLIC,
    shape: ['phc_', letters('alnum', 40, 60)],
    opens: 'sends events only; stands in every page',
    examples: ['posthog.init("ph·c_ZGHYtAUsxUwlr1hw6sJPJu·FGOza3yhZPqKMxqScLxCHsxALx")'],
  }),
  posthog({
    id: 'posthog-feature-flags-key',
    title: 'PostHog feature flags secure key',
    tier: 'bronze',
    shape: ['phs_', letters('alnum', 40, 60)],
    opens: 'reads the definitions of the project’s flags',
    remedy: 'Rotate it under Project settings, Feature flags.',
    examples: ['POSTHOG_FEATURE_FLAGS_KEY=ph·s_C2T0rafsOWMAJfrQ7jr·1zf5wYlW9hhBib8ZI3hQUHIl'],
  }),
  posthog({
    id: 'posthog-oauth-token',
    title: 'PostHog OAuth access or refresh token',
    kind: 'access-token',
    shape: [{ any: ['pha_', 'phr_'] }, letters('alnum', 40, 60)],
    opens: 'what its user allowed the application',
    remedy: 'Revoke the application under Settings, Connected apps.',
    examples: ['POSTHOG_TOKEN=ph·a_kT7wQ2mZx9LvB4nRs8Kd·1Yc6Gf3Hp5Jt0WeUaXiOzVb'],
  }),
  launchdarkly({
    id: 'launchdarkly-sdk-key',
    title: 'LaunchDarkly SDK key',
    shape: ['sdk-', ...UUID],
    opens: 'reads every flag and rule of the environment',
    examples: ['LAUNCHDARKLY_SDK_KEY=sd·k-e7c86b56-4e3b-43·89-da4b-db98dd3ebdba'],
  }),
  launchdarkly({
    id: 'launchdarkly-mobile-key',
    title: 'LaunchDarkly mobile key',
    ...PUBLIC,
    shape: ['mob-', ...UUID],
    opens: 'reads the flags for one user; stands in every app',
    examples: ['LAUNCHDARKLY_MOBILE_KEY=mo·b-081bdd5c-ebf8-0b·7b-b3da-db4fe9dac3f8'],
  }),
  launchdarkly({
    id: 'launchdarkly-api-token',
    title: 'LaunchDarkly API access token',
    kind: 'access-token',
    shape: ['api-', ...UUID],
    near: { words: ['launchdarkly', 'ld_api', 'ld_access', 'authorization'], within: 60 },
    opens: 'reads and changes flags, as its role says',
    source: 'https://launchdarkly.com/docs/home/account/api',
    remedy: 'Reset or delete it under Organization settings, Authorization.',
    examples: ['LAUNCHDARKLY_ACCESS_TOKEN=ap·i-914d0ccc-9bf8-a4·99-179f-dcbac25c168b'],
  }),
  devcycle({
    id: 'devcycle-server-key',
    title: 'DevCycle server SDK key',
    shape: ['dvc_server_', letters('alnum-lower', 32, 80, '_-')],
    opens: 'reads every flag and rule of the environment',
    examples: ['DEVCYCLE_SERVER_SDK_KEY=dv·c_server_enges2qld5f61·cx-rfoxkxgpzqvpgrev1hy6o'],
  }),
  devcycle({
    id: 'devcycle-client-key',
    title: 'DevCycle client SDK key',
    ...PUBLIC,
    shape: ['dvc_client_', letters('alnum-lower', 32, 80, '_-')],
    opens: 'reads the flags for one user; stands in every page',
    examples: ['DEVCYCLE_CLIENT_SDK_KEY=dv·c_client_gkiynaf10au83·3e584vslt-6oqw_21thsrp-h9'],
  }),
  one(
    'Statsig',
    'https://docs.statsig.com/access-management/introduction',
    'Rotate it under Settings, Keys & environments.',
  )({
    id: 'statsig-server-secret',
    title: 'Statsig server secret key',
    shape: ['secret-', letters('alnum', 43)],
    near: { words: ['statsig'], within: 60 },
    opens: 'reads every gate and sends events',
    examples: ['STATSIG_SECRET_KEY=se·cret-qfjDMtQeAxvN2HXzSv·HfYiRe4x1T2wxnhoIYjLvfJvE'],
  }),
  one(
    'Flagsmith',
    'https://github.com/Flagsmith/flagsmith/blob/main/api/environments/api_keys.py',
    'Delete it under Environment settings, SDK keys.',
  )({
    id: 'flagsmith-server-key',
    title: 'Flagsmith server-side environment key',
    evidence: 'observed',
    shape: ['ser.', letters('alnum', 22)],
    opens: 'reads every flag and segment of the environment',
    examples: ['FLAGSMITH_ENVIRONMENT_KEY=se·r.sgrbNKa7I·N9wtMlFcb5dnK'],
  }),
  one(
    'Segment',
    'https://docs.segmentapis.com/',
    'Revoke it under Settings, Workspace settings, Access management, Tokens.',
  )({
    id: 'segment-public-api-token',
    title: 'Segment Public API token',
    kind: 'access-token',
    shape: ['sgp_', letters('alnum', 64)],
    opens: 'sources, destinations and users of the workspace',
    examples: ['SEGMENT_TOKEN=sg·p_FkvjfIEPMJAgr1Ozd0MXqbpR5kkALd·54Q72t4qb7Slxg7VuwkwKF6S7K8jIR4ZSh'],
  }),
  one(
    'Segment',
    'https://www.twilio.com/docs/segment/connections/find-writekey',
    'Regenerate it under the source’s settings, API keys.',
  )({
    id: 'segment-write-key',
    title: 'Segment write key',
    ...PUBLIC,
    shape: [letters('alnum', 32)],
    near: named('segment write key', 'segment key', 'segment api key'),
    opens: 'sends events only; in pages and apps it is public by design',
    examples: ['SEGMENT_WRITE_KEY=KO·Zp3MCcYpyn9tCm·zNS96Fsg4btYAqYX'],
  }),
  one(
    'Healthchecks.io',
    'https://github.com/healthchecks/healthchecks/blob/master/hc/api/decorators.py',
    'Revoke it under Project settings, API access.',
  )({
    id: 'healthchecks-api-key',
    title: 'Healthchecks.io API key',
    tier: 'bronze',
    evidence: 'observed',
    shape: [{ any: ['hcw_', 'hcr_'] }, letters('alnum', 28)],
    opens: 'changes, or reads, the project’s checks',
    examples: ['HEALTHCHECKS_API_KEY=hc·w_g88WNXm0WlQe·s48dkxvauaIl14af'],
  }),
  one(
    'Zabbix',
    'https://support.zabbix.com/browse/ZBXNEXT-6207',
    'Disable or delete it under Users, API tokens; give the new one an end.',
  )({
    id: 'zabbix-api-token',
    title: 'Zabbix API token',
    kind: 'access-token',
    shape: [letters('hex-lower', 64)],
    near: named('zabbix token', 'zabbix api token', 'zabbix auth token', 'zabbix api key'),
    evidence: 'documented',
    opens: 'hosts, scripts and data, as its user',
    examples: ['ZABBIX_TOKEN=7e·7351b108dd47c765f73e19cd36a726·5235bb295aacb45191d51e41cfe13f88'],
  }),
);
