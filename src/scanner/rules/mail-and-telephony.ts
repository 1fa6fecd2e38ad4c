import { rules } from '../rule.ts';
import { base64, letters, named, UUID } from './parts.ts';
import { vendor } from './vendor.ts';

const COMMON = { kind: 'api-key', tier: 'silver', rotation: 'api', evidence: 'documented' } as const;

const twilio = vendor({
  ...COMMON,
  vendor: 'Twilio',
  source: 'https://www.twilio.com/docs/glossary/what-is-a-sid',
  remedy: 'Delete the key under Account, API keys & tokens; make a restricted one.',
});

const mailgun = vendor({
  ...COMMON,
  vendor: 'Mailgun',
  source: 'https://help.mailgun.com/hc/en-us/articles/203380100-Where-can-I-find-my-API-keys-and-SMTP-credentials',
  remedy: 'Delete it under API security and make a domain sending key in its place.',
});

const brevo = vendor({
  ...COMMON,
  vendor: 'Brevo',
  source: 'https://developers.brevo.com/docs/getting-started',
  remedy: 'Delete it under SMTP & API and generate a new one.',
});

const postmark = vendor({
  ...COMMON,
  vendor: 'Postmark',
  source: 'https://postmarkapp.com/developer/api/overview',
  remedy: 'Add a second token under API tokens of the server, move, delete the first.',
});

const mailchimp = vendor({
  ...COMMON,
  vendor: 'Mailchimp',
  source: 'https://mailchimp.com/developer/marketing/guides/quick-start/',
  remedy: 'Revoke it under Profile, Extras, API keys, and make a new one.',
});

/** One vendor with one kind. */
const one = (name: string, source: string, remedy: string) => vendor({ ...COMMON, vendor: name, source, remedy });

export const MAIL_AND_TELEPHONY = rules(
  twilio({
    id: 'twilio-auth-token',
    title: 'Twilio auth token',
    tier: 'gold',
    kind: 'access-token',
    shape: [letters('hex-lower', 32)],
    near: named('twilio auth token', 'twilio token', 'twilio authtoken', 'twilio account token'),
    evidence: 'observed',
    opens: 'the whole account: calls, messages, numbers, and their cost',
    source: 'https://www.twilio.com/docs/iam/api/authtoken',
    remedy: 'Request a secondary token, move, and promote it: the first ends then.',
    examples: ['TWILIO_AUTH_TOKEN=8c·48443f47513a6e·109654a1cd1e660c'],
    notThese: ['TWILIO_ACCOUNT_SID=ACaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa'],
  }),
  twilio({
    id: 'twilio-api-key',
    title: 'Twilio API key id',
    shape: ['SK', letters('hex-lower', 32)],
    near: { words: ['twilio'], within: 60 },
    opens: 'names an API key; with its secret, the account',
    source: 'https://www.twilio.com/docs/iam/api-keys',
    examples: ['TWILIO_API_KEY=SK·391eada0adf288c·d920730ef8de71d89'],
  }),
  twilio({
    id: 'twilio-api-key-secret',
    title: 'Twilio API key secret',
    shape: [letters('alnum', 32)],
    near: named('twilio api key secret', 'twilio api secret', 'twilio key secret', 'twilio secret'),
    evidence: 'observed',
    opens: 'calls, messages and numbers of the account, and their cost',
    source: 'https://www.twilio.com/docs/iam/api-keys',
    examples: ['TWILIO_API_SECRET=RG·QiHfOnIoP1Fk9f·RL5DsbT3vC1JcCiP'],
  }),
  twilio({
    id: 'twilio-sendgrid-api-key',
    title: 'SendGrid API key',
    shape: ['SG.', letters('token', 22), '.', letters('token', 43)],
    opens: 'sends mail in the name of the verified domains',
    source: 'https://www.twilio.com/docs/sendgrid/ui/account-and-settings/api-keys',
    remedy: 'Delete it under Settings, API keys; make one that may only send.',
    examples: ['SENDGRID_API_KEY=SG·.S8VPOGb4dvgTyoygZUHQV7.h4a6tT_8·vBvZRdse-KaB9DLRqPuvTn_l_MrTHH1lwtc'],
    notThese: ['SG.your.key', 'SG.name.version'],
  }),
  mailgun({
    id: 'mailgun-api-key-old',
    title: 'Mailgun API key (old form)',
    shape: ['key-', letters('hex-lower', 32)],
    opens: 'sends mail and reads logs of every domain',
    examples: ['MAILGUN_API_KEY=ke·y-fe5dae5b101a5d·8298a455eb67a6b4cd'],
    notThese: ['key-3ax6xnjp29jd6fds4gc373sgvjxteol0'],
  }),
  mailgun({
    id: 'mailgun-api-key',
    title: 'Mailgun API key',
    shape: [letters('hex-lower', 32), '-', letters('hex-lower', 8), '-', letters('hex-lower', 8)],
    near: { words: ['mailgun', 'mg_api_key'], within: 60 },
    evidence: 'observed',
    opens: 'sends mail and reads logs, as its role says',
    examples: ['MAILGUN_API_KEY=3c·99536cda50ba1460a04b4ed·4ab83ff-6c02080c-56db612d'],
  }),
  mailgun({
    id: 'mailgun-public-validation-key',
    title: 'Mailgun public validation key',
    kind: 'plain',
    tier: 'bronze',
    publishable: true,
    shape: ['pubkey-', letters('hex-lower', 32)],
    opens: 'checks addresses at the account’s cost',
    remedy: 'Nothing needs to be done; Mailgun has withdrawn these keys.',
    examples: ['MAILGUN_PUBLIC_KEY=pu·bkey-774add0ae27b·5648cca1acac3ed3c3d4'],
  }),
  mailgun({
    id: 'mailgun-webhook-signing-key',
    title: 'Mailgun webhook signing key',
    kind: 'signing-key',
    shape: [letters('hex-lower', 32)],
    near: named(
      'mailgun signing key',
      'mailgun webhook signing key',
      'mailgun webhook key',
      'mailgun http webhook signing key',
    ),
    evidence: 'observed',
    opens: 'forges events of Mailgun',
    remedy: 'Regenerate it under Settings, API security.',
    examples: ['MAILGUN_WEBHOOK_SIGNING_KEY=11·fcef50c0cc40b1·1faea23c7d67b1d8'],
  }),
  mailchimp({
    id: 'mailchimp-api-key',
    title: 'Mailchimp API key',
    shape: [letters('hex-lower', 32), '-us', letters('digits', 1, 2)],
    near: { words: ['mailchimp', 'mc_api_key', 'mc_key'], within: 60 },
    opens: 'every list and campaign of the account',
    examples: ['MAILCHIMP_API_KEY=d1·1996e47cf5acb131·7fe59a8b6e4975-us75'],
    notThese: ['mailchimp: 00000000000000000000000000000000-us1'],
  }),
  mailchimp({
    id: 'mailchimp-mandrill-key',
    title: 'Mandrill API key',
    shape: ['md-', letters('token', 22)],
    near: { words: ['mandrill'], within: 60 },
    opens: 'sends mail in the name of the verified domains',
    source: 'https://mailchimp.com/developer/transactional/guides/quick-start/',
    evidence: 'observed',
    remedy: 'Delete it under Settings, SMTP & API info, and make one that may only send.',
    examples: ['MANDRILL_API_KEY=md·-Q19KQRx2l·Pz9Vzz_h-tOI0'],
  }),
  postmark({
    id: 'postmark-server-token',
    title: 'Postmark server token',
    shape: [...UUID],
    near: named(
      'postmark server token',
      'postmark api token',
      'postmark token',
      'postmark api key',
      'x postmark server token',
    ),
    opens: 'sends and reads mail of the server',
    examples: ['X-Postmark-Server-Token: cf·9aa06d-d8fa-bbcd·-238f-e4f4064a607b'],
    notThese: ['X-Postmark-Server-Token: POSTMARK_API_TEST'],
  }),
  postmark({
    id: 'postmark-account-token',
    title: 'Postmark account token',
    tier: 'gold',
    shape: [...UUID],
    near: named('postmark account token', 'x postmark account token'),
    opens: 'every server and domain of the account',
    examples: ['X-Postmark-Account-Token: da·b14ad8-b4af-9e37·-a7c1-cf01e28dbca6'],
  }),
  brevo({
    id: 'brevo-api-key',
    title: 'Brevo API key',
    shape: ['xkeysib-', letters('hex-lower', 64), '-', letters('alnum', 16)],
    opens: 'sends mail and messages, reads contacts',
    examples: [
      'BREVO_API_KEY=xk·eysib-0a749fb01ee0fadc61ef5df55a8522c42869·dc05cf8afd0f39dd1e239653712d-TCW4wMnhDmYMJiRX',
    ],
  }),
  brevo({
    id: 'brevo-smtp-key',
    title: 'Brevo SMTP key',
    kind: 'password',
    shape: ['xsmtpsib-', letters('hex-lower', 64), '-', letters('alnum', 16)],
    opens: 'sends mail in the name of the verified domains',
    source: 'https://help.brevo.com/hc/en-us/articles/7924908994450',
    examples: [
      'SMTP_PASSWORD=xs·mtpsib-afbdd746e5e03cc382c703552b7a73768837·b53eddb76a165ca88eba165e4e90-eBrtpDgP6jG2h1jF',
    ],
  }),
  one(
    'Resend',
    'https://resend.com/docs/dashboard/api-keys/introduction',
    'Delete it under API keys; make one that may only send, for one domain.',
  )({
    id: 'resend-api-key',
    title: 'Resend API key',
    shape: ['re_', letters('alnum', 8), '_', letters('alnum', 24)],
    opens: 'sends mail in the name of the verified domains',
    evidence: 'observed',
    examples: ['RESEND_API_KEY=re·_Y0Zbgssj_oPX3QK·hYsRGDxvVGuaS3YBnR'],
    notThese: ['re_abcdefgh_handler_for_the_requests', 're_123456789'],
  }),
  one(
    'MailerSend',
    'https://www.mailersend.com/help/managing-api-tokens',
    'Delete it under the domain’s API tokens, and make one with fewer scopes.',
  )({
    id: 'mailersend-api-token',
    title: 'MailerSend API token',
    shape: ['mlsn.', letters('hex-lower', 64)],
    opens: 'sends mail in the name of the domain',
    examples: ['MAILERSEND_API_KEY=ml·sn.e6fc47c68c3ce82c7e86e1464d54d·db144316574166e871dff3367a014071aa2'],
  }),
  one(
    'Mailjet',
    'https://dev.mailjet.com/email/guides/',
    'Generate a new secret key under API key management.',
  )({
    id: 'mailjet-secret-key',
    title: 'Mailjet secret key',
    shape: [letters('hex-lower', 32)],
    near: named(
      'mailjet secret key',
      'mailjet api secret',
      'mailjet secret',
      'mj apikey private',
      'mailjet private key',
    ),
    evidence: 'observed',
    opens: 'sends mail and reads contacts',
    examples: ['MJ_APIKEY_PRIVATE=29·5a83c74cc71ed0·43b6ba598ba56f34'],
  }),
  one(
    'SparkPost',
    'https://developers.sparkpost.com/api/',
    'Delete it under API keys and make one that may only send.',
  )({
    id: 'sparkpost-api-key',
    title: 'SparkPost API key',
    shape: [letters('hex-lower', 40)],
    near: named('sparkpost api key', 'sparkpost key', 'sparkpost secret'),
    evidence: 'observed',
    opens: 'sends mail in the name of the verified domains',
    examples: ['SPARKPOST_API_KEY=7b·ac0f4b611346199796·0bfc5a683573039c8285'],
  }),
  one(
    'Telnyx',
    'https://developers.telnyx.com/docs/account-setup/authentication',
    'Delete it under API keys in Mission Control and make a new one.',
  )({
    id: 'telnyx-api-key',
    title: 'Telnyx API key',
    shape: ['KEY0', letters('hex-upper', 31), '_', letters('alnum', 22)],
    opens: 'calls, messages and numbers of the account, and their cost',
    evidence: 'observed',
    examples: ['TELNYX_API_KEY=KE·Y04A7B0A22F95FF70FEC04D5CBD·003A36_g2Lut11RLEeMqlHSRnfmGB'],
  }),
  one(
    'Vonage',
    'https://developer.vonage.com/en/getting-started/concepts/authentication',
    'Make a second API secret in the dashboard, move, revoke the first.',
  )({
    id: 'vonage-api-secret',
    title: 'Vonage (Nexmo) API secret',
    shape: [letters('alnum', 16)],
    near: named('vonage api secret', 'nexmo api secret', 'nexmo secret', 'vonage secret'),
    evidence: 'observed',
    opens: 'messages and calls, and their cost',
    examples: ['NEXMO_API_SECRET=L2·nsUu0U·vPdXs24D'],
  }),
  one(
    'Plivo',
    'https://www.plivo.com/docs/account/api/',
    'Regenerate the auth token in the console.',
  )({
    id: 'plivo-auth-token',
    title: 'Plivo auth token',
    shape: [base64(40)],
    near: named('plivo auth token', 'plivo token'),
    opens: 'messages and calls, and their cost',
    evidence: 'observed',
    examples: ['PLIVO_AUTH_TOKEN=fU·EpKBh7lC/qCMaL8Zcx·+T1Phs6OyxxBa107HgQG'],
  }),
  one(
    'Bird',
    'https://developers.messagebird.com/api/',
    'Delete it under Developers, API access, and make a new one.',
  )({
    id: 'bird-access-key',
    title: 'MessageBird access key',
    shape: [letters('alnum', 25)],
    near: named('messagebird access key', 'messagebird api key', 'messagebird key', 'messagebird token'),
    opens: 'messages and calls, and their cost',
    evidence: 'observed',
    examples: ['MESSAGEBIRD_ACCESS_KEY=Q2·lPndjCslij·kFpyIwwIqLpVl'],
  }),
  one(
    'OneSignal',
    'https://documentation.onesignal.com/docs/en/keys-and-ids',
    'Delete it under Settings, Keys & IDs, and make a new one.',
  )({
    id: 'onesignal-app-api-key',
    title: 'OneSignal app API key',
    shape: ['os_v2_app_', letters('alnum-lower', 90, 120)],
    opens: 'sends push messages to every user of the app',
    evidence: 'observed',
    examples: [
      'ONESIGNAL_API_KEY=os·_v2_app_ix159v7ziwicevflubaodtko4do43jrvfwye27fu·u5goacboykaqe05jxrzy9dxn7p3y1csxy26qrm5nnpsakaiazw',
    ],
  }),
  one(
    'OneSignal',
    'https://documentation.onesignal.com/docs/en/keys-and-ids',
    'Delete it under Organization, Keys & IDs, and make a new one.',
  )({
    id: 'onesignal-organization-api-key',
    title: 'OneSignal organisation API key',
    tier: 'gold',
    shape: ['os_v2_org_', letters('alnum-lower', 90, 120)],
    opens: 'creates and changes every app of the organisation',
    evidence: 'observed',
    examples: [
      'ONESIGNAL_ORG_KEY=os·_v2_org_xji4fjfhsg5dz92et9s1u9v9ab0lpsu3ue72jugcgc1·ugcol790renjrelu14e1nh4uqely6vewihd44ugbcnr0lwysf9gx9',
    ],
  }),
  one(
    'Courier',
    'https://www.courier.com/docs/reference/intro',
    'Rotate it under Settings, API keys.',
  )({
    id: 'courier-auth-token',
    title: 'Courier auth token',
    shape: [{ any: ['pk_prod_', 'dk_prod_', 'pk_test_', 'dk_test_'] }, letters('alnum-upper', 28)],
    near: { words: ['courier'], within: 60 },
    opens: 'sends messages over every channel of the workspace',
    evidence: 'observed',
    examples: ['COURIER_AUTH_TOKEN=pk·_test_7PY2C0264M·Z24AZ9E6ACQBR9AATO'],
  }),
  one(
    'Clicksend',
    'https://developers.clicksend.com/docs',
    'Regenerate it under Account settings, API credentials.',
  )({
    id: 'clicksend-api-key',
    title: 'ClickSend API key',
    shape: [...UUID],
    near: named('clicksend api key', 'clicksend key', 'clicksend apikey'),
    opens: 'messages, letters and calls, and their cost',
    evidence: 'observed',
    examples: ['CLICKSEND_API_KEY=eb·2a5a7b-d284-dfed·-ab3b-60e7adf24fbd'],
  }),
);
