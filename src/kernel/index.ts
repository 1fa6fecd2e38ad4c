export { concat, fromBase64, fromHex, timingSafeEqual, toBase64, toHex, utf8, utf8Text } from './bytes.ts';
export { canonical, type Field, type Message, openMessage } from './canonical.ts';
export { CredentialPath, MAX_SLUG, foldName, parseName, parseSlug } from './credential-path.ts';
export {
  type Action,
  type DeedOf,
  type Facts,
  type Head,
  type Resource,
  type Stamp,
  type Summary,
  type Tier,
} from './deed.ts';
export { Duration } from './duration.ts';
export {
  ChatelaineError,
  EXIT_CODES,
  type ErrorDetails,
  type ErrorRow,
  type Fault,
  defineErrors,
  hasCode,
} from './errors.ts';
export { type Id, isId, newId } from './ids.ts';
export {
  JSON_LIMITS,
  type JsonObject,
  type JsonValue,
  isJsonObject,
  isRawNumber,
  parseJson,
  stringifyJson,
} from './json.ts';
export { MIN_MATCHED, matchName } from './match-name.ts';
export { nearest } from './nearest.ts';
export { pageSize } from './page-size.ts';
export type { Clock, Mac, Random, Signer } from './ports.ts';
export { type Receipt, issueReceipt } from './receipt.ts';
export { Secret } from './secret.ts';
