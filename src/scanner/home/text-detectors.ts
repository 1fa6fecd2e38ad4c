import type { Candidate, Detector, Window } from '../detector.ts';
import { type Description, candidate } from '../detectors/describe.ts';
import { isBroken, isFiller } from '../filters/placeholders.ts';
import { looksRandom } from '../filters/rarity.ts';
import { isReference } from '../filters/references.ts';
import { isTrivialCode, readSetupUri } from './homekit-code.ts';
import { isTest, readManualCode, readQrCode } from './matter-code.ts';
import { SAMPLE_KEY, readThreadDataset } from './thread-dataset.ts';

const MATTER: Description = {
  rule: 'matter-setup-code',
  title: 'Matter setup code',
  vendor: 'Matter',
  kind: 'matter-passcode',
  tier: 'silver',
  rotation: 're-pair',
  opens: 'commissioning the device while its window is open, and after every factory reset',
  remedy:
    'The code on the device stays: take the picture or page away, remove strangers’ fabrics (RemoveFabric), and share temporary codes only (OpenCommissioningWindow).',
};
const THREAD: Description = {
  rule: 'thread-dataset',
  title: 'Thread operational dataset with its network key',
  vendor: 'Thread',
  kind: 'thread-network-key',
  tier: 'gold',
  rotation: 'api',
  opens: 'the Thread network: its messages, and joining it',
  remedy:
    'Send a pending dataset with a new network key and a delay timer (ot-ctl: dataset init active, dataset networkkey NEW, dataset delay 300000, dataset commit pending): all nodes switch together.',
};
const HOMEKIT: Description = {
  rule: 'homekit-setup-code',
  title: 'HomeKit setup code',
  vendor: 'HomeKit',
  kind: 'homekit-code',
  tier: 'silver',
  rotation: 're-pair',
  opens: 'pairing with the accessory while it is not paired',
  remedy: 'Change the code at the bridge, or reset the accessory; pair it again before somebody else does.',
};

const QR = /(?<![\w-])MT:[0-9A-Z.-]{19,200}/y;
const MANUAL = /(?<![\d.-])(?:[0-7]\d{3}-?\d{3}-?\d{4}(?:-?\d{5}-?\d{5})?|[0-7]\d{20})(?![\d.-])/g;

/** QR payloads anywhere, and codes of eleven or twenty-one digits with a right check digit beside words of Matter. */
export const matterCodes: Detector = {
  id: 'matter-codes',
  literals: [
    'mt:',
    'manual pairing code',
    'manual_pairing_code',
    'manualpairingcode',
    'manual code',
    'matter code',
    'matter_code',
    'pairing code',
    'pairing_code',
    'pairingcode',
  ],
  precision: 'format',
  detect({ text, binary }, hit) {
    if (binary) return [];
    if (hit.literal !== 'mt:') return manual(text, hit.end);
    QR.lastIndex = hit.start;
    const written = QR.exec(text)?.[0];
    const code = written === undefined ? null : readQrCode(written);
    return written === undefined || code === null
      ? []
      : [
          candidate(MATTER, {
            start: hit.start,
            end: hit.start + written.length,
            why: 'a QR payload of Matter that decodes',
            confidence: isTest(code) ? 'note' : 'certain',
            facts: {
              ...(code.vendorId === undefined ? {} : { vendor: `0x${code.vendorId.toString(16).padStart(4, '0')}` }),
              discriminator: String(code.discriminator),
            },
            also: isTest(code)
              ? [{ code: 'test-code', why: 'the passcode or vendor of examples: never in a product' }]
              : [],
          }),
        ];
  },
};

const NEAR_CODE = 60;

const manual = (text: string, from: number): readonly Candidate[] => {
  MANUAL.lastIndex = 0;
  const stretch = text
    .slice(from, from + NEAR_CODE + 24)
    .split(/\r?\n/, 2)
    .join('\n');
  for (const match of stretch.matchAll(MANUAL)) {
    if (match.index > NEAR_CODE) break;
    const code = readManualCode(match[0]);
    if (code === null) continue;
    return [
      candidate(MATTER, {
        start: from + match.index,
        end: from + match.index + match[0].length,
        value: match[0].replaceAll('-', ''),
        why: 'a manual pairing code of Matter with a right check digit, beside its name',
        confidence: isTest(code) ? 'note' : 'likely',
        facts: { digits: String(match[0].replaceAll('-', '').length) },
        also: isTest(code)
          ? [{ code: 'test-code', why: 'the passcode or vendor of examples: never in a product' }]
          : [],
      }),
    ];
  }
  return [];
};

const HEX = /(?<![\da-z])[\da-f]{60,508}(?![\da-z])/gi;

/** Datasets begin with any TLV; OpenThread and border routers put the active timestamp (0e08) or the channel first. */
export const threadDatasets: Detector = {
  id: 'thread-datasets',
  literals: ['0e080000', '000300000', '35060004', 'dataset'],
  precision: 'format',
  detect({ text, binary }: Window, hit) {
    if (binary) return [];
    const start = Math.max(0, hit.start - 512);
    const from = hit.literal === 'dataset' ? hit.end : beginOf(text, hit.start, start);
    const stretch = text.slice(from, from + (hit.literal === 'dataset' ? 640 : 510));
    HEX.lastIndex = 0;
    const match = HEX.exec(stretch);
    if (match === null || (hit.literal === 'dataset' ? match.index > 120 : match.index !== 0)) return [];
    const dataset = readThreadDataset(match[0]);
    if (dataset === null) return [];
    const key = dataset.networkKey ?? dataset.pskc!;
    return [
      candidate(THREAD, {
        start: from + match.index,
        end: from + match.index + match[0].length,
        value: match[0].toLowerCase(),
        why: dataset.networkKey === null ? 'TLVs of a dataset with its PSKc' : 'TLVs of a dataset with its network key',
        confidence: key === SAMPLE_KEY ? 'note' : 'certain',
        facts: {
          ...(dataset.networkName === null ? {} : { network: dataset.networkName }),
          ...(dataset.channel === null ? {} : { channel: String(dataset.channel) }),
          ...(dataset.pskc === null ? {} : { 'commissioner key': 'inside' }),
        },
        also:
          key === SAMPLE_KEY
            ? [{ code: 'published-default', why: 'the sample key of OpenThread: everybody has it' }]
            : [],
      }),
    ];
  },
};

const beginOf = (text: string, at: number, least: number): number => {
  let start = at;
  while (start > least && /[\da-f]/i.test(text[start - 1]!)) start--;
  return start;
};

const CODE = /(?<![\d-])\d{3}-\d{2}-\d{3}(?![\d-])/g;
const NEAR_HOMEKIT = 48;

/** `X-HM://` payloads, and `ddd-dd-ddd` behind words of HomeKit. */
export const homekitCodes: Detector = {
  id: 'homekit-codes',
  literals: ['x-hm://', 'homekit', 'setup code', 'setup_code', 'setupcode', 'pincode', '"pin"', 'pin:'],
  precision: 'format',
  detect({ text, binary }, hit) {
    if (binary) return [];
    if (hit.literal === 'x-hm://') {
      const uri = readSetupUri(text.slice(hit.start, hit.start + 20).toUpperCase());
      return uri === null
        ? []
        : [
            candidate(HOMEKIT, {
              start: hit.start,
              end:
                hit.start +
                (/^X-HM:\/\/[0-9A-Z]{9}(?:[0-9A-Z]{4})?/i.exec(text.slice(hit.start, hit.start + 20))?.[0].length ??
                  16),
              value: uri.code,
              why: 'a QR payload of HomeKit that decodes to a setup code',
              confidence: 'certain',
              facts: { category: String(uri.category) },
              also: trivial(uri.code),
            }),
          ];
    }
    CODE.lastIndex = 0;
    const stretch = text.slice(hit.end, hit.end + NEAR_HOMEKIT + 10);
    const match = CODE.exec(stretch);
    if (match === null || match.index > NEAR_HOMEKIT) return [];
    const start = hit.end + match.index;
    return [
      candidate(HOMEKIT, {
        start,
        end: start + match[0].length,
        why: 'has the form of a setup code, beside its name',
        confidence: trivial(match[0]).length > 0 ? 'note' : 'likely',
        also: trivial(match[0]),
      }),
    ];
  },
};

const trivial = (code: string) =>
  isTrivialCode(code) || code === '031-45-154'
    ? [{ code: 'weak-default', why: 'a code that everybody tries first, or that Homebridge shipped with' }]
    : [];

const WEBHOOK: Description = {
  rule: 'home-assistant-webhook-url',
  title: 'Webhook address of Home Assistant',
  vendor: 'Home Assistant',
  kind: 'webhook-id',
  tier: 'bronze',
  rotation: 'restart',
  opens: 'starts the automation behind it, without any other proof',
  remedy:
    'Give the webhook another id where it is defined (for the app: sign it out and in), and tell whoever calls it.',
};
const CLOUD_HOOK: Description = {
  ...WEBHOOK,
  rule: 'nabu-casa-webhook-url',
  title: 'Webhook address at Nabu Casa',
  vendor: 'Nabu Casa',
  remedy: 'Turn the webhook off and on under Settings, Home Assistant Cloud, Webhooks: that makes another address.',
};
/** core: secrets.token_hex(32) for apps, and what the editor of automations makes: a dash and base64url. */
const WEBHOOK_ID = /api\/webhook\/([\da-f]{64}|-[\w-]{20,40})(?![\w-])/y;
/** A Fernet token: version 0x80 and a time of this age. */
const CLOUD_ID = /hooks\.nabu\.casa\/(gAAAAA[\w-]{60,300}={0,2})(?![\w=-])/y;

/** Addresses whose last part is the only secret (HA-08 to HA-10). */
export const webhookUrls: Detector = {
  id: 'webhook-urls',
  literals: ['api/webhook/', 'hooks.nabu.casa/'],
  precision: 'format',
  detect({ text }, hit) {
    const isCloud = hit.literal.startsWith('hooks');
    const pattern = isCloud ? CLOUD_ID : WEBHOOK_ID;
    pattern.lastIndex = hit.start;
    const id = pattern.exec(text)?.[1];
    if (id === undefined || new Set(id).size < 8) return [];
    return [
      candidate(isCloud ? CLOUD_HOOK : WEBHOOK, {
        start: pattern.lastIndex - id.length,
        end: pattern.lastIndex,
        why: 'is the part of a webhook’s address that nobody can guess',
        confidence: 'certain',
      }),
    ];
  },
};

const HUE: Description = {
  rule: 'hue-key-in-url',
  title: 'Hue application key in an address',
  vendor: 'Philips Hue',
  kind: 'hue-key',
  tier: 'silver',
  rotation: 'none',
  opens: 'every lamp and scene of the bridge, from the local network',
  remedy:
    'Make a new one (POST /api with the link button pressed); this one can be removed at https://account.meethue.com/apps only.',
};
const HUE_URL =
  /\/api\/([\w-]{40})(?=\/(?:lights|groups|config|scenes|sensors|rules|schedules|resourcelinks|capabilities)\b)/y;

/** `http://bridge/api/<key>/lights` (HU-01; developers.meethue.com, CLIP API v1). */
export const hueUrls: Detector = {
  id: 'hue-urls',
  literals: ['/api/'],
  precision: 'format',
  detect({ text, binary }, hit) {
    HUE_URL.lastIndex = hit.start;
    const key = binary ? undefined : HUE_URL.exec(text)?.[1];
    if (key === undefined || !looksRandom(key)) return [];
    return [
      candidate(HUE, {
        start: hit.end,
        end: hit.end + key.length,
        why: 'forty letters in the address of a Hue bridge',
        confidence: 'certain',
      }),
    ];
  },
};

const TASMOTA: Description = {
  rule: 'tasmota-password-in-url',
  title: 'Password of a Tasmota device in an address',
  vendor: 'Tasmota',
  kind: 'password',
  tier: 'silver',
  rotation: 'restart',
  opens: 'the device: every command, and new firmware',
  remedy:
    'Set another one (WebPassword NEW on its console), and send commands by MQTT: addresses are logged everywhere.',
};
const TASMOTA_URL = /\/cm\?(?:user=[^&\s"'`<>]{0,64}&)?password=([^&\s"'`<>]{3,64})/iy;

/** `http://device/cm?user=admin&password=…&cmnd=…` (TA-01; tasmota.github.io, Commands, with web requests). */
export const tasmotaUrls: Detector = {
  id: 'tasmota-urls',
  literals: ['/cm?'],
  precision: 'format',
  detect({ text, binary }, hit) {
    TASMOTA_URL.lastIndex = hit.start;
    const written = binary ? undefined : TASMOTA_URL.exec(text)?.[1];
    if (written === undefined || isReference(written) || isFiller(written) || isBroken(written)) return [];
    return [
      candidate(TASMOTA, {
        start: TASMOTA_URL.lastIndex - written.length,
        end: TASMOTA_URL.lastIndex,
        why: 'stands as the password in a command address of Tasmota',
        confidence: /^(?:password|pass|joker)$/i.test(written) ? 'note' : 'likely',
      }),
    ];
  },
};

/** What stands in any text, and proves itself: windows, no whole file. */
export const HOME_TEXT_DETECTORS: readonly Detector[] = [
  matterCodes,
  threadDatasets,
  homekitCodes,
  webhookUrls,
  hueUrls,
  tasmotaUrls,
];
