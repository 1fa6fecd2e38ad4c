import { rules } from '../rule.ts';
import { letters, named, UUID } from './parts.ts';
import { vendor } from './vendor.ts';

const COMMON = { kind: 'api-key', tier: 'gold', rotation: 'api', evidence: 'reported' } as const;
/** A key of a test world: no money behind it. */
const TEST = { tier: 'bronze' } as const;
/** Made to stand in pages and apps. */
const PUBLIC = { kind: 'plain', tier: 'bronze', publishable: true, remedy: 'Nothing needs to be done.' } as const;

const stripe = vendor({
  ...COMMON,
  vendor: 'Stripe',
  // The page tells the prefixes and shows a key; no page promises a length.
  evidence: 'observed',
  source: 'https://docs.stripe.com/api/authentication',
  remedy: 'Roll it under Developers, API keys, with the shortest grace period; prefer restricted keys.',
});

const square = vendor({
  ...COMMON,
  vendor: 'Square',
  source: 'https://developer.squareup.com/docs/build-basics/access-tokens',
  remedy: 'Replace it under Credentials in the developer console.',
});

const braintree = vendor({
  ...COMMON,
  vendor: 'Braintree',
  source: 'https://developer.paypal.com/braintree/docs/guides/authorization/overview',
  remedy: 'Under API keys generate a new pair, move, delete the old one.',
});

const plaid = vendor({
  ...COMMON,
  vendor: 'Plaid',
  evidence: 'documented',
  source: 'https://plaid.com/docs/quickstart/glossary/',
  remedy: 'Call `/item/access_token/invalidate`: it ends the token and gives a new one.',
});

const razorpay = vendor({
  ...COMMON,
  vendor: 'Razorpay',
  source: 'https://razorpay.com/docs/payments/dashboard/account-settings/api-keys/',
  remedy: 'Regenerate the key under Account & settings, API keys.',
});

const flutterwave = vendor({
  ...COMMON,
  vendor: 'Flutterwave',
  evidence: 'observed',
  source: 'https://developer.flutterwave.com/v3.0/docs/authentication',
  remedy: 'Generate new keys under Settings, API keys; the old ones end at once.',
});

const paddle = vendor({
  ...COMMON,
  vendor: 'Paddle',
  evidence: 'documented',
  source: 'https://developer.paddle.com/api-reference/about/authentication/',
  remedy: 'Revoke it under Developer tools, Authentication, and make one with fewer permissions and an end.',
});

const xendit = vendor({
  ...COMMON,
  vendor: 'Xendit',
  source: 'https://docs.xendit.co/docs/api-keys',
  remedy: 'Delete it under Settings, API keys, and make a new one.',
});

const shippo = vendor({
  ...COMMON,
  vendor: 'Shippo',
  tier: 'silver',
  source: 'https://docs.goshippo.com/guides/authentication',
  remedy: 'Regenerate it under Settings, API.',
});

const easypost = vendor({
  ...COMMON,
  vendor: 'EasyPost',
  tier: 'silver',
  source: 'https://docs.easypost.com/docs/authentication',
  remedy: 'Disable it under API keys and make a new one.',
});

const duffel = vendor({
  ...COMMON,
  vendor: 'Duffel',
  tier: 'silver',
  source: 'https://duffel.com/docs/api/overview/authentication',
  remedy: 'Delete it under Developers, Access tokens, and make a new one.',
});

const stytch = vendor({
  ...COMMON,
  vendor: 'Stytch',
  source: 'https://stytch.com/docs/api/authentication',
  remedy: 'Rotate the project’s secret in the dashboard, with an overlap.',
});

const polar = vendor({
  ...COMMON,
  vendor: 'Polar',
  tier: 'silver',
  evidence: 'observed',
  source: 'https://github.com/polarsource/polar/blob/main/server/polar/kit/crypto.py',
  remedy: 'Delete it under Settings, Developers, and make one with fewer scopes.',
});

/** One vendor with one kind. */
const one = (name: string, source: string, remedy: string) => vendor({ ...COMMON, vendor: name, source, remedy });

export const PAYMENTS = rules(
  stripe({
    id: 'stripe-live-secret-key',
    title: 'Stripe live secret key',
    // Not of 40: those are Paystack’s.
    shape: ['sk_live_', letters('alnum', 41, 247)],
    opens: 'the money: charges, refunds, payouts, customers',
    examples: [
      'STRIPE_SECRET_KEY=sk·_live_w6Bko3Zw6OIzNAvmdOXwd1q0U4pHgSop9Y1gv7XXzj·MIR6y8R56iHOhAdhrrxJyxLuaNSC2xEIgKtIyleOu3MVzvNKao',
    ],
  }),
  stripe({
    id: 'stripe-live-secret-key-short',
    title: 'Stripe live secret key (old form)',
    shape: ['sk_live_', letters('alnum', 24, 39)],
    opens: 'the money: charges, refunds, payouts, customers',
    examples: ['STRIPE_SECRET_KEY=sk·_live_eX4wJhQk·Y8bupbhfvm0XV3uJb'],
  }),
  stripe({
    id: 'stripe-live-restricted-key',
    title: 'Stripe live restricted key',
    shape: ['rk_live_', letters('alnum', 24, 247)],
    opens: 'what its permissions name, with live money',
    evidence: 'reported',
    source: 'https://docs.stripe.com/keys/restricted-api-keys',
    examples: ['STRIPE_API_KEY=rk·_live_HvzZ1NEr·Xnor5pVWi8TDIIVs'],
  }),
  stripe({
    id: 'stripe-test-secret-key',
    title: 'Stripe test secret key',
    ...TEST,
    shape: ['sk_test_', letters('alnum', 24, 247)],
    opens: 'the test data of the account',
    examples: ['STRIPE_SECRET_KEY=sk·_test_Ax1va1k6c·CwiMwmBNUgFsHqIjC'],
    notThese: ['sk_test_4eC39HqLyjWDa·rjtT1zdp7dc', 'sk_test_BQokikJOvBiI2·HlWgH4olfQ2'],
  }),
  stripe({
    id: 'stripe-test-restricted-key',
    title: 'Stripe test restricted key',
    ...TEST,
    shape: ['rk_test_', letters('alnum', 24, 247)],
    opens: 'part of the test data of the account',
    examples: ['STRIPE_API_KEY=rk·_test_x8nuuCNy·WmlLmqItu8SUOjPOY'],
  }),
  stripe({
    id: 'stripe-live-publishable-key',
    title: 'Stripe live publishable key',
    ...PUBLIC,
    shape: ['pk_live_', letters('alnum', 24, 247)],
    opens: 'makes payment tokens only; stands in every page',
    examples: ['<script>Stripe("pk·_live_ocHesKlz·FnfDnePCCSdMEIGx")</script>'],
  }),
  stripe({
    id: 'stripe-test-publishable-key',
    title: 'Stripe test publishable key',
    ...PUBLIC,
    shape: ['pk_test_', letters('alnum', 24, 247)],
    opens: 'makes test payment tokens only',
    examples: ['Stripe("pk·_test_J8SJiNCzY·IwkgpfippvQx2UJVc")'],
  }),
  stripe({
    id: 'stripe-webhook-secret',
    title: 'Stripe webhook signing secret',
    kind: 'signing-key',
    tier: 'silver',
    shape: ['whsec_', letters('alnum', 32, 64)],
    opens: 'forges events: a payment that never was',
    evidence: 'reported',
    source: 'https://docs.stripe.com/webhooks',
    remedy: 'Roll the secret of the endpoint under Developers, Webhooks; both hold for up to a day.',
    examples: ['STRIPE_WEBHOOK_SECRET=wh·sec_ixnloQf0zoAKKDP·3QUSHXjR8ls6whZ9aBdHHD'],
  }),
  stripe({
    id: 'stripe-organization-key',
    title: 'Stripe organisation key',
    shape: ['sk_org_live_', letters('alnum', 24, 247)],
    opens: 'every account of the organisation',
    evidence: 'reported',
    source: 'https://docs.stripe.com/get-started/account/orgs',
    examples: ['STRIPE_ORG_KEY=sk·_org_live_g2a5wtPi·I5oZEZGp2J2hBDDXUxZ7'],
  }),
  square({
    id: 'square-access-token',
    title: 'Square access token',
    notThese: ['SQUARE_ACCESS_TOKEN=EAAAEOuLQObrVwJvCvoio3H13b8S·sqz1ighmTBKZvIENW9qxirHGHkqsGcPBC1uN'],
    kind: 'access-token',
    evidence: 'observed',
    shape: ['EAAA', letters('token', 60)],
    opens: 'the seller’s payments, orders and customers',
    examples: ['SQUARE_ACCESS_TOKEN=EA·AApR_Y5t7TpUp6lgUa7td7fiz-agAZ·U4HA4EtLLivDnTOidulPa69juZyGyx_4'],
  }),
  square({
    id: 'square-old-access-token',
    title: 'Square access token (old form)',
    kind: 'access-token',
    shape: ['sq0atp-', letters('token', 22)],
    opens: 'the seller’s payments, orders and customers',
    examples: ['SQUARE_ACCESS_TOKEN=sq·0atp-tzExszl·kv7Rn__ZyQuDKG-'],
  }),
  square({
    id: 'square-application-secret',
    title: 'Square application secret',
    kind: 'client-secret',
    shape: ['sq0csp-', letters('token', 43)],
    opens: 'tokens of every seller who uses the application',
    source: 'https://developer.squareup.com/docs/oauth-api/overview',
    examples: ['SQUARE_APPLICATION_SECRET=sq·0csp-XkuSaJojVPrvZL0yv9·cPqE7Hk2C7XNfLQFdBiG7kJci'],
  }),
  square({
    id: 'square-application-id',
    title: 'Square application id',
    ...PUBLIC,
    shape: ['sq0idp-', letters('token', 22)],
    opens: 'names the application; stands in every page',
    examples: ['SQUARE_APPLICATION_ID=sq·0idp-HBBNztp·Q5OlQ9D8yP65XQx'],
  }),
  braintree({
    id: 'braintree-access-token',
    title: 'Braintree access token',
    kind: 'access-token',
    shape: ['access_token$production$', letters('alnum-lower', 16), '$', letters('hex-lower', 32)],
    opens: 'the merchant’s payments',
    examples: ['BRAINTREE_ACCESS_TOKEN=ac·cess_token$production$1trvu8vhaw24·am68$04ad59a6f8b6e50c148d5e1be8806d9b'],
  }),
  braintree({
    id: 'braintree-sandbox-access-token',
    title: 'Braintree sandbox access token',
    kind: 'access-token',
    ...TEST,
    shape: ['access_token$sandbox$', letters('alnum-lower', 16), '$', letters('hex-lower', 32)],
    opens: 'the merchant’s test payments',
    examples: ['BRAINTREE_ACCESS_TOKEN=ac·cess_token$sandbox$vhx8v24y30nnfi·n6$99aa1c61ca74f3dfb403c7217d87877e'],
  }),
  braintree({
    id: 'braintree-private-key',
    title: 'Braintree private key',
    shape: [letters('hex-lower', 32)],
    near: named('braintree private key', 'bt private key', 'braintree api private key'),
    opens: 'the merchant’s payments',
    examples: ['BRAINTREE_PRIVATE_KEY=97·73322de6af428a·840154fc75eab43c'],
  }),
  braintree({
    id: 'braintree-tokenization-key',
    title: 'Braintree tokenization key',
    ...PUBLIC,
    shape: ['production_', letters('alnum-lower', 8), '_', letters('alnum-lower', 16)],
    near: { words: ['braintree', 'tokenization'], within: 80 },
    opens: 'makes payment tokens only; stands in every page',
    examples: ['BRAINTREE_TOKENIZATION_KEY=pr·oduction_lzguz7g·2_hfr8mzkgixj2szih'],
  }),
  one(
    'PayPal',
    'https://developer.paypal.com/api/rest/',
    'Under Apps & credentials add a second secret, move, delete the first.',
  )({
    id: 'paypal-client-secret',
    title: 'PayPal client secret',
    kind: 'client-secret',
    shape: ['E', letters('token', 79)],
    near: named('paypal client secret', 'paypal secret', 'paypal app secret', 'paypal api secret'),
    opens: 'the merchant’s payments and payouts',
    examples: [
      'PAYPAL_CLIENT_SECRET=Ex·HbTz0WpCyI3hrDTXLSTPjmwymNOTWJUsg0jti8·kHHxGqz9t9WWc2CeOA-7eMK6MAvO_W8PZip95Ir3',
    ],
  }),
  one(
    'Adyen',
    'https://docs.adyen.com/development-resources/api-credentials/',
    'Generate a new API key for the credential; the old one holds for 24 hours, or ends at once.',
  )({
    id: 'adyen-api-key',
    title: 'Adyen API key',
    shape: ['AQE', letters('base64', 100, 220, '-={}[]()<>^%&.,:;!?|~$*@#_')],
    near: { words: ['adyen'], within: 60 },
    opens: 'the merchant’s payments',
    examples: [
      'ADYEN_API_KEY=AQ·ETf8X3o)N3&H+J<*W=fr2;uyK4PGbgiuc&WnM-f.5!NiSn%s.0E@x·3[Gg+|0b]e2_9STYcA.(+)k2kJcpIHf,S%yne(^Gnq_9sU-C){LlY1l',
    ],
  }),
  one(
    'Adyen',
    'https://docs.adyen.com/development-resources/webhooks/verify-hmac-signatures/',
    'Generate a new HMAC key for the webhook; accept both for a while.',
  )({
    id: 'adyen-hmac-key',
    title: 'Adyen webhook HMAC key',
    kind: 'signing-key',
    tier: 'silver',
    shape: [letters('hex-upper', 64)],
    near: named('adyen hmac key', 'adyen hmac', 'adyen hmac secret', 'adyen webhook hmac key'),
    opens: 'forges notifications: a payment that never was',
    examples: ['ADYEN_HMAC_KEY=67·FDEEB37B13EFC419CDC410613A0A68·3A5E197C734DD812B57A8E4DE254577B'],
    notThese: ['adyen_hmac_key: 44782DEF547AAA06C910C43932B1EB0C71FC68D9D0C057550C48EC2ACF6BA05'],
  }),
  plaid({
    id: 'plaid-access-token',
    title: 'Plaid production access token',
    kind: 'access-token',
    shape: ['access-production-', ...UUID],
    opens: 'the bank data of one person',
    examples: ['PLAID_ACCESS_TOKEN=ac·cess-production-5571efde-·f07b-e8b8-90c5-8d95e004f3f5'],
  }),
  plaid({
    id: 'plaid-sandbox-access-token',
    title: 'Plaid sandbox or development access token',
    kind: 'access-token',
    ...TEST,
    shape: [{ any: ['access-sandbox-', 'access-development-'] }, ...UUID],
    opens: 'test data',
    examples: ['PLAID_ACCESS_TOKEN=ac·cess-sandbox-5c0daf5b-9·3ea-582b-65b7-1de8b1b7d55d'],
    notThese: ['access-sandbox-de3ce8ef·-33f8-452c-a685-8671031fc0f6'],
  }),
  plaid({
    id: 'plaid-secret',
    title: 'Plaid secret',
    kind: 'client-secret',
    shape: [letters('hex-lower', 30)],
    near: named(
      'plaid secret',
      'plaid client secret',
      'plaid production secret',
      'plaid sandbox secret',
      'plaid api secret',
    ),
    opens: 'speaks as the client to Plaid',
    evidence: 'reported',
    source: 'https://plaid.com/docs/api/',
    remedy: 'Rotate it under Developers, Keys; the old one holds until it is deleted.',
    examples: ['PLAID_SECRET=04·7045cdc293923·171d5a2aab503de'],
  }),
  razorpay({
    id: 'razorpay-live-key-id',
    title: 'Razorpay live key id',
    ...PUBLIC,
    shape: ['rzp_live_', letters('alnum', 14)],
    opens: 'names the key; stands in every page',
    examples: ['RAZORPAY_KEY_ID=rz·p_live_mo·jcoNJXHN2isa'],
  }),
  razorpay({
    id: 'razorpay-key-secret',
    title: 'Razorpay key secret',
    shape: [letters('alnum', 24)],
    near: named('razorpay key secret', 'razorpay secret', 'razorpay api secret', 'razorpay secret key'),
    opens: 'the merchant’s payments and refunds',
    examples: ['RAZORPAY_KEY_SECRET=ot·ZoVRJsQHj4·lZs3OchWIHg8'],
  }),
  one(
    'Paystack',
    'https://paystack.com/docs/api/authentication/',
    'Generate a new secret key under Settings, API keys & webhooks.',
  )({
    id: 'paystack-secret-key',
    title: 'Paystack live secret key',
    shape: ['sk_live_', letters('hex-lower', 40)],
    opens: 'the merchant’s payments and transfers',
    examples: ['PAYSTACK_SECRET_KEY=sk·_live_b2f4bc3bb71845ca·0eda6d4475a73248fee9bbbb'],
  }),
  flutterwave({
    id: 'flutterwave-secret-key',
    title: 'Flutterwave secret key',
    // Keys that end have one more part.
    shape: ['FLWSECK-', letters('hex-lower', 32), letters('alnum-lower', 0, 20, '-'), '-X'],
    opens: 'the merchant’s payments and transfers',
    examples: ['FLW_SECRET_KEY=FL·WSECK-7e27f6b912da4·97dcbbf7ba2e0a0bf9a-X'],
  }),
  flutterwave({
    id: 'flutterwave-test-secret-key',
    title: 'Flutterwave test secret key',
    ...TEST,
    shape: ['FLWSECK_TEST-', letters('hex-lower', 32), '-X'],
    opens: 'test payments',
    examples: ['FLW_SECRET_KEY=FL·WSECK_TEST-76006fce27·e963343c2e33ed08ab66a8-X'],
  }),
  flutterwave({
    id: 'flutterwave-public-key',
    title: 'Flutterwave public key',
    ...PUBLIC,
    shape: [{ any: ['FLWPUBK-', 'FLWPUBK_TEST-'] }, letters('hex-lower', 32), '-X'],
    opens: 'starts payments only; stands in every page',
    examples: ['FLW_PUBLIC_KEY=FL·WPUBK-0fbb7255b9a58·81dc5a79a19c027ce0a-X'],
  }),
  one(
    'Mollie',
    'https://docs.mollie.com/reference/authentication',
    'Reset it under Developers, API keys; the old one ends at once.',
  )({
    id: 'mollie-live-api-key',
    title: 'Mollie live API key',
    shape: ['live_', letters('alnum', 30)],
    near: { words: ['mollie'], within: 60 },
    evidence: 'observed',
    opens: 'the merchant’s payments and refunds',
    examples: ['MOLLIE_API_KEY=li·ve_vjoMfM26pLsD·ClsBzOmhfAeCBwpldo'],
  }),
  one(
    'Mollie',
    'https://docs.mollie.com/reference/authentication',
    'Revoke it under Developers, Organization access tokens.',
  )({
    id: 'mollie-access-token',
    title: 'Mollie organisation access token',
    kind: 'access-token',
    shape: ['access_', letters('alnum', 30, 60)],
    near: { words: ['mollie'], within: 60 },
    opens: 'every profile of the organisation',
    examples: ['MOLLIE_ACCESS_TOKEN=ac·cess_ZqwcxBmUGQpV·2qptvsnZueRFCMYfy04'],
  }),
  one(
    'GoCardless',
    'https://developer.gocardless.com/api-reference/',
    'Delete it under Developers, and make one with fewer rights.',
  )({
    id: 'gocardless-access-token',
    title: 'GoCardless live access token',
    kind: 'access-token',
    shape: ['live_', letters('token', 40)],
    near: { words: ['gocardless', 'gc_access_token'], within: 60 },
    opens: 'collects from the customers’ bank accounts',
    examples: ['GOCARDLESS_ACCESS_TOKEN=li·ve_mk1Sf1uhaGgG-jh0F·WcWK2InP8PSFdM6DGRP1eUV'],
  }),
  paddle({
    id: 'paddle-live-api-key',
    title: 'Paddle live API key',
    notThese: ['pdl_live_apikey_01gtgztp8f4·kek3yd4g1wrksa3_q6TGTJyvoIz7LDtXT65bX7_AQO'],
    shape: ['pdl_live_apikey_', letters('alnum-lower', 26), '_', letters('alnum', 22), '_', letters('alnum', 3)],
    opens: 'the merchant’s sales, as its permissions say',
    examples: ['PADDLE_API_KEY=pd·l_live_apikey_82nid0kvvpi49he66k·zgtakdnp_lF4Ub7p192Gt2FKkJbpJJK_H85'],
  }),
  paddle({
    id: 'paddle-sandbox-api-key',
    title: 'Paddle sandbox API key',
    ...TEST,
    shape: ['pdl_sdbx_apikey_', letters('alnum-lower', 26), '_', letters('alnum', 22), '_', letters('alnum', 3)],
    opens: 'test data',
    examples: ['PADDLE_API_KEY=pd·l_sdbx_apikey_hxkuf1aka0p96vdtbk·0van9kd2_RXMoHjw5AEQXYuycIcciBc_dQ6'],
  }),
  paddle({
    id: 'paddle-webhook-secret',
    title: 'Paddle webhook secret',
    kind: 'signing-key',
    tier: 'silver',
    shape: ['pdl_ntfset_', letters('alnum-lower', 26), '_', letters('token', 30, 40, '+/')],
    opens: 'forges notifications of sales',
    evidence: 'reported',
    source: 'https://developer.paddle.com/webhooks/signature-verification',
    remedy: 'Make a new notification destination, accept both, delete the old one.',
    examples: ['PADDLE_WEBHOOK_SECRET=pd·l_ntfset_xwyyjbigpyv047j9dlvsa1zl6·4_KgC_DEI1liw6N3FSo8CJ8iQzH5n4GWDPup'],
  }),
  xendit({
    id: 'xendit-secret-key',
    title: 'Xendit secret key',
    shape: ['xnd_production_', letters('alnum', 40, 80)],
    opens: 'the merchant’s payments and payouts',
    examples: ['XENDIT_SECRET_KEY=xn·d_production_Yzt95kCExapeKIsi·HKJOFO6ej3nNM2TPWbIzpJKrxLKZgd42'],
  }),
  xendit({
    id: 'xendit-test-secret-key',
    title: 'Xendit test secret key',
    ...TEST,
    shape: ['xnd_development_', letters('alnum', 40, 80)],
    opens: 'test payments',
    examples: ['XENDIT_SECRET_KEY=xn·d_development_j4FmsPLhThE0Jh3·PuyFg8DQOrk3kp6sZ0e8XTyRT108GAin'],
  }),
  one(
    'Midtrans',
    'https://docs.midtrans.com/docs/midtrans-payment-overview',
    'Ask the support to change the server key.',
  )({
    id: 'midtrans-server-key',
    title: 'Midtrans server key',
    shape: ['Mid-server-', letters('token', 24)],
    opens: 'the merchant’s payments',
    examples: ['MIDTRANS_SERVER_KEY=Mi·d-server-zU2BWR·FNJoqlGTuuPQfs76Zb'],
  }),
  one(
    'Midtrans',
    'https://docs.midtrans.com/docs/midtrans-payment-overview',
    'Ask the support to change the server key.',
  )({
    id: 'midtrans-sandbox-server-key',
    title: 'Midtrans sandbox server key',
    ...TEST,
    shape: ['SB-Mid-server-', letters('token', 24)],
    opens: 'the merchant’s test payments',
    examples: ['MIDTRANS_SERVER_KEY=SB·-Mid-server-kT7wQm·2ZxLr9VbN4cYd8Hs1F'],
  }),
  one(
    'Mercado Pago',
    'https://www.mercadopago.com.ar/developers/en/docs/your-integrations/credentials',
    'Renew the production credentials of the application; the old ones end at once.',
  )({
    id: 'mercadopago-access-token',
    title: 'Mercado Pago access token',
    kind: 'access-token',
    shape: [
      'APP_USR-',
      letters('digits', 10, 20),
      '-',
      letters('digits', 6),
      '-',
      letters('hex-lower', 32),
      '-',
      letters('digits', 6, 12),
    ],
    opens: 'the merchant’s payments and refunds',
    examples: ['MP_ACCESS_TOKEN=AP·P_USR-67572110668273-285486-7dc98a·dada1f02ba5c0557df42ec0e41-847802366'],
  }),
  one(
    'Klarna',
    'https://docs.klarna.com/acquirer/klarna/api/authentication/',
    'Generate new credentials in the merchant portal and disable these.',
  )({
    id: 'klarna-api-key',
    title: 'Klarna live API key',
    shape: ['klarna_live_api_', letters('token', 60, 200, '=+/.')],
    opens: 'the merchant’s orders and refunds',
    examples: ['KLARNA_API_KEY=kl·arna_live_api_cK5WIAPKOO8n4rO_YljY5tZGL·dWZEiMu5dI3pnKT6VAkNrO/UHkBWvPvAtzv3nSOovg'],
  }),
  one(
    'Lob',
    'https://github.com/lob/lob-node',
    'Delete it under Settings, API keys.',
  )({
    id: 'lob-live-api-key',
    title: 'Lob live API key',
    tier: 'silver',
    evidence: 'observed',
    shape: ['live_', letters('hex-lower', 35)],
    near: { words: ['lob_api_key', 'lob_key', 'lobapikey', 'lob_live', 'api.lob.com'], within: 60 },
    opens: 'sends letters and checks at the account’s cost',
    examples: ['LOB_API_KEY=li·ve_42f167cab2359dd·e675445ad55f2aa9a848'],
  }),
  shippo({
    id: 'shippo-live-token',
    title: 'Shippo live token',
    shape: ['shippo_live_', letters('hex-lower', 40)],
    opens: 'buys labels, reads addresses',
    examples: ['SHIPPO_TOKEN=sh·ippo_live_c63cae65350541·0b1e6416bf56f533585117c691'],
  }),
  shippo({
    id: 'shippo-test-token',
    title: 'Shippo test token',
    ...TEST,
    shape: ['shippo_test_', letters('hex-lower', 40)],
    opens: 'test labels',
    examples: ['SHIPPO_TOKEN=sh·ippo_test_6155dc17125755·1889b11d2bc16d29de5ec5a169'],
  }),
  easypost({
    id: 'easypost-production-key',
    title: 'EasyPost production API key',
    shape: ['EZAK', letters('alnum', 54)],
    opens: 'buys labels, reads addresses',
    examples: ['EASYPOST_API_KEY=EZ·AK2HKxrjb4qiJlNMg9y9vPCeWo0·VjY4oJ4MKT1SGHqBsUsgNVSbuWiGE'],
  }),
  easypost({
    id: 'easypost-test-key',
    title: 'EasyPost test API key',
    ...TEST,
    shape: ['EZTK', letters('alnum', 54)],
    opens: 'test labels',
    examples: ['EASYPOST_API_KEY=EZ·TKnOdX7uSAwWmtoSzNhjKO3D86F·CF4NuQ94uVC6owOP1ZkwF8i3fGZ4e'],
  }),
  duffel({
    id: 'duffel-live-token',
    title: 'Duffel live access token',
    kind: 'access-token',
    shape: ['duffel_live_', letters('token', 43)],
    opens: 'books flights at the account’s cost',
    examples: ['DUFFEL_ACCESS_TOKEN=du·ffel_live_Bx6OyroeVjAgK9R·IGo-rjPFfsEHMCHXQplRccfFHaxF'],
  }),
  duffel({
    id: 'duffel-test-token',
    title: 'Duffel test access token',
    kind: 'access-token',
    ...TEST,
    shape: ['duffel_test_', letters('token', 43)],
    opens: 'test bookings',
    examples: ['DUFFEL_ACCESS_TOKEN=du·ffel_test_S1l0uf7sKr-SvwI·7cszgE0gm_cYggSq9wVD56Yn29OD'],
  }),
  stytch({
    id: 'stytch-live-secret',
    title: 'Stytch live secret',
    kind: 'client-secret',
    shape: ['secret-live-', letters('token', 35, 36), '='],
    opens: 'signs in as any user of the project',
    examples: ['STYTCH_SECRET=se·cret-live-3042PVyZdCns·rDMhBgZ8LOUeTDr22KB9p_G9='],
  }),
  stytch({
    id: 'stytch-test-secret',
    title: 'Stytch test secret',
    kind: 'client-secret',
    ...TEST,
    shape: ['secret-test-', letters('token', 35, 36), '='],
    opens: 'the test project',
    examples: ['STYTCH_SECRET=se·cret-test-KdkiFQDn7E8S·zxgulsVu02gViVBloYIgci1H='],
  }),
  polar({
    id: 'polar-organization-token',
    title: 'Polar organisation access token',
    kind: 'access-token',
    shape: ['polar_oat_', letters('alnum', 43)],
    checksum: 'polar-crc32',
    opens: 'the sales of the organisation, as its scopes say',
    examples: ['POLAR_ACCESS_TOKEN=po·lar_oat_dGlMoiyrlfxX1rT·nyFf3vA7NUtFOY6aF0kDQH0BjgIZ'],
  }),
  polar({
    id: 'polar-personal-token',
    title: 'Polar personal access token',
    kind: 'access-token',
    shape: ['polar_pat_', letters('alnum', 43)],
    checksum: 'polar-crc32',
    opens: 'what its owner may do, as its scopes say',
    examples: ['POLAR_ACCESS_TOKEN=po·lar_pat_BwtnOAmp48ddS88·0t0DnDzAtAIKzCYuheDByz3qedol'],
  }),
  one(
    'SumUp',
    'https://developer.sumup.com/tools/authorization/api-keys/',
    'Delete it under Developer settings, API keys.',
  )({
    id: 'sumup-secret-key',
    title: 'SumUp secret key',
    shape: ['sup_sk_', letters('alnum', 30, 50)],
    opens: 'the merchant’s payments',
    examples: ['SUMUP_API_KEY=su·p_sk_I55UZOw1seOH5A·I6uUHU7QFb8uN3q0j1wgvY'],
  }),
);
