import { findEmbedded } from './embedded.ts';
import type { KindId } from './kinds.ts';
import { type NameHint, hintWithin } from './names.ts';
import { MAX_VALUE, elsewhere, isOpaque, looksRandom, neverSecret, plainShape } from './plain-values.ts';
import { isBase64Of32, shapeOf, sixteenIntegers } from './shapes.ts';
import type { SystemId } from './systems.ts';
import { wordsOf } from './words.ts';

/** Where a value was found. */
export type LeafContext = {
  readonly system: SystemId | null;
  /** Path of the file, with `/`. */
  readonly file: string;
  /** Names from the document's root to the leaf; places in a list are their numbers. */
  readonly keyPath: readonly string[];
};

export type Verdict = {
  readonly secret: boolean;
  readonly kind: KindId;
  /** One clause for people. Never quotes the value. */
  readonly why: string;
};

/**
 * Tells a secret from a plain setting, by what the issuer marked, then by the name, then by the look of the value.
 * In doubt inside a file made for secrets it says secret; elsewhere it says plain, as a finding on every entity id would
 * teach people to look away.
 */
export const classifyLeaf = (context: LeafContext, value: string): Verdict => {
  const text = value.slice(0, MAX_VALUE).trim();
  const reference = text === '' ? 'empty' : elsewhere(text);
  if (reference !== null) return plain(reference);
  if (PROSE.test(context.file)) return plain('a text for people');

  const marked = shapeOf(text);
  if (marked !== null) return secret(marked.kind, `has the form of ${marked.why}`);

  const names = context.keyPath.filter((name) => !/^\d+$/.test(name));
  const hint = hintWithin(names.at(-2) ?? '', names.at(-1) ?? '');
  const known = byPlace(context, names, hint, text);
  if (known !== null) return known;

  const isSentence = /\s/.test(text) || /[a-z]:\/\//i.test(text) || text.startsWith('${');
  if (hint.secret !== 'yes' || isSentence) {
    const [inside] = findEmbedded(text);
    if (inside !== undefined) {
      const kind = hint.secret === 'yes' ? refine(hint.kind, context, names, text) : inside.kind;
      return secret(/[a-z]:\/\//i.test(text) ? 'url-credential' : kind, `carries a credential (${inside.role})`);
    }
  }
  return byName(context, names, hint, text);
};

const secret = (kind: KindId, why: string): Verdict => ({ secret: true, kind, why });
const plain = (why: string): Verdict => ({ secret: false, kind: 'plain', why });

const PROSE = /(?:^|\/)(?:translations\/[^/]+\.json|strings\.json|[^/]+\.md|LICENSE|README)$/i;

/** Files made for secrets: `secrets.yaml`, `travis_secrets.yaml`, `arduino_secrets.h`, `credentials.json`, `.env`. */
const SECRETS_FILE = /^(?!.*\.storage\/).*?(?:^|[/._-])(?:secrets?|credentials?|creds)(?:[._-][^/]*)?$/i;
const ENVIRONMENT_FILE = /(?:^|\/)(?:\.env(?:\.[^/]*)?|[^/]*\.env|environment)$/i;

/** Places where the tree around a leaf says more than its own name. */
const byPlace = (context: LeafContext, names: readonly string[], hint: NameHint, text: string): Verdict | null => {
  const leaf = names.at(-1) ?? '';
  const above = names.slice(0, -1).map((name) => name.toLowerCase());
  if (above.some((name) => name.startsWith('securitykeys')) && /^[\da-f]{32}$/i.test(text))
    return secret('zwave-key', 'a security key of Z-Wave');
  if (leaf === '$' && /^[\da-f]{32}[A-Za-z\d+/]+={0,2}$/.test(text)) return plain('encrypted by Node-RED');
  const integers = sixteenIntegers(text);
  if (
    integers !== null &&
    (hint.kind === 'zigbee-network-key' || isRadio(context.system) || leaf.toLowerCase().endsWith('key'))
  )
    return secret('zigbee-network-key', 'sixteen bytes of a network key');
  if (hint.kind === 'zigbee-network-key' && /^\d{1,3}$/.test(text) && context.keyPath.at(-1) !== leaf)
    return secret('zigbee-network-key', 'one byte of a network key');
  if (isBase64Of32(text) && hint.secret !== 'no')
    return secret(
      refine(hint.kind === 'plain' ? 'pre-shared-key' : hint.kind, context, names, text),
      'base64 of 32 bytes',
    );
  if (/^hue$|username/i.test(leaf) && context.system === 'hue' && /^[\w-]{40}$/.test(text))
    return secret('hue-key', 'an application key of a Hue bridge');
  return null;
};

const isRadio = (system: SystemId | null): boolean => system === 'zigbee2mqtt' || system === 'zha';

const byName = (context: LeafContext, names: readonly string[], hint: NameHint, text: string): Verdict => {
  if (hint.secret === 'no') return plain('its name says what it is');
  if (hint.secret === 'unknown') return byLook(context, text);
  const kind = refine(hint.kind, context, names, text);
  return hint.secret === 'yes' ? byClearName(kind, hint, text) : byVagueName(context, kind, hint, text);
};

const byClearName = (kind: KindId, hint: NameHint, text: string): Verdict => {
  const never = neverSecret(text);
  if (never !== null) return plain(never);
  if (kind === 'pin' && /^\D{1,3}\d{0,2}$/.test(text)) return plain('not a code');
  return secret(kind, `its name says ${hint.noun}`);
};

const byVagueName = (context: LeafContext, kind: KindId, hint: NameHint, text: string): Verdict => {
  if (kind === 'pin') return isPin(context, text) ? secret(kind, 'digits of a code') : plain('not a code');
  const never = neverSecret(text);
  if (never !== null) return plain(never);
  if (SECRETS_FILE.test(context.file) && (isOpaque(text) || /^\d{6,}$/.test(text)))
    return secret(kind, `named ${hint.noun} in a file of secrets`);
  if (kind === 'webhook-id' && isOpaque(text) && text.length >= 8) return secret(kind, 'an id of a webhook');
  if (looksRandom(text)) return secret(kind, `named ${hint.noun}, and random`);
  return plain(plainShape(text) ?? 'does not look like a key');
};

const byLook = (context: LeafContext, text: string): Verdict => {
  const shape = plainShape(text);
  if (shape !== null) return plain(shape);
  if (SECRETS_FILE.test(context.file) && isOpaque(text) && (looksRandom(text) || isUnguessable(text)))
    return secret('unknown-secret', 'unnamed, in a file of secrets');
  if (ENVIRONMENT_FILE.test(context.file) && looksRandom(text)) return secret('unknown-secret', 'unnamed and random');
  return plain('nothing says that it is secret');
};

/** What people choose as a password: eight and more, letters with digits, and signs or both cases. */
const isUnguessable = (text: string): boolean =>
  text.length >= 8 &&
  !text.includes(',') &&
  /[a-z]/i.test(text) &&
  /\d/.test(text) &&
  (/[!@$%^&*?#+=~]/.test(text) || (/[a-z]/.test(text) && /[A-Z]/.test(text)));

/** Four to ten digits, or `ddd-dd-ddd`; on a board's configuration a pin is a place on the board. */
const isPin = (context: LeafContext, text: string): boolean =>
  /^\d{3}-\d{2}-\d{3}$/.test(text) || (/^\d{4,10}$/.test(text) && context.system !== 'arduino');

/** Systems whose one password is their login at the broker. */
const BROKER_LOGINS = new Set<SystemId | null>(['mosquitto', 'mqtt', 'zigbee2mqtt']);

/** In whose company 32 bytes in base64 are an ESPHome key, also in the secrets of Home Assistant. */
const NOISE_WORDS = ['esphome', 'noise', 'encryption', 'api'];

/** The same word means different things in different systems. */
const refine = (kind: KindId, context: LeafContext, names: readonly string[], text: string): KindId => {
  const words = new Set(names.flatMap((name) => wordsOf(name)));
  const { system } = context;
  if (kind === 'password' || kind === 'pre-shared-key' || kind === 'api-key') {
    if (words.has('ota')) return 'esphome-ota-password';
    const speaksNoise = system === 'esphome' || NOISE_WORDS.some((word) => words.has(word));
    if (kind !== 'password' && speaksNoise && isBase64Of32(text) && !words.has('wireguard')) return 'esphome-api-key';
  }
  if (kind === 'password' || kind === 'pre-shared-key') {
    if (['wifi', 'wpa', 'ssid', 'ap', 'hotspot'].some((word) => words.has(word))) return 'wifi-passphrase';
    if (words.has('mqtt') || words.has('mosquitto') || BROKER_LOGINS.has(system)) return 'mqtt-password';
    if (system === 'arduino' && words.size === 2 && words.has('secret')) return 'wifi-passphrase';
  }
  if (kind === 'pin' && /^\d{3}-\d{2}-\d{3}$/.test(text)) return 'homekit-code';
  if (kind === 'pin' && words.has('matter')) return 'matter-passcode';
  if (kind === 'zigbee-network-key') {
    if (words.has('thread') || words.has('openthread') || system === 'thread') return 'thread-network-key';
    if (words.has('zwave') || system === 'zwave-js') return 'zwave-key';
  }
  if (kind === 'access-token') {
    if (words.has('telegram')) return 'telegram-bot-token';
    if (words.has('github') || words.has('gh')) return 'github-token';
    if (words.has('supervisor')) return 'supervisor-token';
    if (words.has('hass') || words.has('homeassistant')) return 'ha-long-lived-token';
    if (context.file.endsWith('.storage/auth')) return 'ha-refresh-token';
  }
  return kind;
};
