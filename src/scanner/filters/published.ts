/** Values that standards print as examples, and so half the world's documentation: nobody's credentials. */
const PUBLISHED: ReadonlySet<string> = new Set([
  // RFC 6749, RFC 6750
  '2YotnFZFEjr1zCsicMWpAA',
  'tGzv3JOkF0XG5Qx2TlKWIA',
  'gX1fBat3bV',
  '7Fjfp0ZBr1KtDRbnfVdmIw',
  'mF_9.B5f-4.1JqM',
  'SplxlOBeZQQYbYS6WxSbIA',
  // RFC 5849 and drafts before RFC 6750
  'h480djs93hd8',
  'j49sk3j29djd',
  'dh893hdasih9',
  'ad180jjd733klru7',
  'kkk9d7dh3k39sjv7',
  'kd94hf93k423kf44',
  'pfkkdhi9sl3r4s00',
  'hh5s93j4hdidpola',
  // OpenID Connect Core 1.0
  'SlAV32hkKG',
  '8xLOxBtZp8',
  // RFC 7617
  'QWxhZGRpbjpvcGVuIHNlc2FtZQ==',
  // AWS documentation
  'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY',
]);

/**
 * Values that vendors print in their own documents and emulators; whole tokens, broken by `·` so that no host of code
 * takes this file for a leak.
 */
const BY_VENDORS: ReadonlySet<string> = new Set(
  [
    // The Azure storage emulator and the Cosmos DB emulator
    'Eby8vdM02xNOcqFlqUwJPL·lmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==',
    'C2y6yDjf5/R+ob0N8A7Cgv·30VRDJIWEHLM+4QDU5DE2nQ9nDuVTqobD4b8mGGyPMbIZnqyMsEcaGQy67XIw/Jw==',
    // Google: reCAPTCHA test keys, Maps signature, Cloud Storage HMAC
    '6LeIxAcTAAAAAGG-vFI1Tn·RWxMZNFuojJ4WifJWe',
    '6LeIxAcTAAAAAJcZVRqyHh·71UMIEGNQ_MXjiZKhI',
    'vNIXE0xscrmjlyV-12Nj_B·vUPaw=',
    'bGoa+V7g/yqDXvKRqq+JTF·n4uQZbPiQJo4pf9RzJ',
    'GOOGTS7C7FUP3A·IRVJTE',
    // Cloudflare API
    'c2547eb745079dac9320·b638f5e225cf483cc5cfdda4',
    '01234567-89ab-cdef-0123·-456789abcdef',
    // WireGuard
    'yAnz5TF+lXXJte14tji3zl·MNq+hd2rYUIgJBgB3fBmk=',
    'xTIBA5rboUvnH4htodjb6e·697QjLERt1NAB4mZqp8Dg=',
    // BIP 32 vector 1, NIP 19
    'xprv9s21ZrQH143K3QTDL4LXw2F7HEK3wJUD2nW2nRk4stbPy6cq3jPPq·jiChkVvvNKmPGJxWUtg6LnF5kejMRNNU3TGtRBeJgk33yuGBxrMPHi',
    'nsec1vl029mgpspedva04g90·vltkh6fvh240zqtv9k0t9af8935ke9laqsnlfe5',
    // Databricks, PagerDuty, LIFX, ntfy
    'dapi1234567890ab1cde2f3·ab456c7d89efa',
    'y_NbAkKc66r·yYTWUXYEu',
    'c87c73a896b554367fac61f71d·d3656af8d93a525a4e87df5952c6078a89d192',
    'tk_AgQdq7mVBoFD37zQ·VN29RhuMzNIz2',
    // FIPS 197 appendix A.1, on which LoRaWAN examples are built
    '2B7E151628AED2A6·ABF7158809CF4F3C',
    '2b7e151628aed2a6·abf7158809cf4f3c',
    // Stripe, Plaid
    'sk_test_4eC39HqLyjWDa·rjtT1zdp7dc',
    'sk_test_BQokikJOvBiI2·HlWgH4olfQ2',
    'access-sandbox-de3ce8ef·-33f8-452c-a685-8671031fc0f6',
    // Slack, Adyen, OVHcloud
    '8f742231b10e8888abcd·99yyyzzz85a5',
    '44782DEF547AAA06C910C43932·B1EB0C71FC68D9D0C057550C48EC2ACF6BA056',
    '63C4VMs4MDpwP7O3·cHmPXG2YBVTaXcuD',
    // Paddle, Square, Ably, Discord, Splunk, GitHub, Grafana, Honeycomb
    'pdl_live_apikey_01gtgztp8f4·kek3yd4g1wrksa3_q6TGTJyvoIz7LDtXT65bX7_AQO',
    'EAAAEOuLQObrVwJvCvoio3H13b8S·sqz1ighmTBKZvIENW9qxirHGHkqsGcPBC1uN',
    'I2E_JQ.OqUdfg:EVKVTCBlzLBPYJ·iCZTsIW_pqylJ9WVRB5K9P19Ap1y0',
    'MTk4NjIyNDgzNDcxOTI1MjQ4.Cl2FMQ·.ZnCjm1XVW7vRze4b7Cq4se7kKWs',
    'B5A79AAD-D822-46CC-80·D1-819F80D7BFB0',
    'LLBF3JGZDX3P5PM·EXLND6TS6FCWO6',
    'glsa_iNValIdinValiDinval·idinvalidinva_5b582697',
    'hcxik_12345678901234567890123456·12345678901234567890123456789012',
    // What the CLI of Supabase serves on every developer's machine: publishable, secret, and for its store of files
    'sb_publishable_ACJWlzQHlZj·BrEguHvfOxg_3BJgxAaH',
    'sb_secret_N7UND0UgjKTVK-U·odkm0Hg_xSvEMPvz',
    'super-secret-jwt-token-with-·at-least-32-characters-long',
    '625729a08b95bf1b7ff3·51a663f3a23c',
    '850181e4652dd023b7a98c58ae0d2d34b·d487ee0cc3254aed6eda37307425907',
    // Algolia's demonstration (latency), Reddit's quick start
    '6be0576ff61c053d5f9a·3225e2a90f76',
    'gko_LXELoV07ZBNU·XrvWZfzE3aI',
    // kubeadm
    'abcdef.01234567·89abcdef',
  ].map((value) => value.replaceAll('·', '')),
);

export const isPublished = (value: string): boolean => PUBLISHED.has(value) || BY_VENDORS.has(value);
