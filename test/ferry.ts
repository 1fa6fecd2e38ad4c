import { CredentialPath, Duration, Secret } from '#kernel';

/**
 * Takes an input across to another thread and back, as a writer that lives there would get it. Whatever is not plain
 * data, or one of the few values of the kernel that are made of it, does not arrive: a function, a handle, an object of
 * some class.
 */
export const ferry = <In>(input: In): In => unpack(structuredClone(pack(input))) as In;

/** Values of the kernel as a map with one entry, which nothing else in an input is. */
const pack = (value: unknown): unknown => {
  if (value instanceof Secret) return new Map([['secret', Uint8Array.from(value.reveal())]]);
  if (value instanceof Duration) return new Map([['duration', value.ms]]);
  if (value instanceof CredentialPath) return new Map([['path', value.toString()]]);
  if (value instanceof Map) return new Map([['map', [...value].map(pack)]]);
  if (value instanceof Uint8Array || typeof value !== 'object' || value === null) return value;
  if (JSON.isRawJSON(value)) return new Map([['number', (value as { rawJSON: string }).rawJSON]]);
  if (Array.isArray(value)) return value.map(pack);
  const above: unknown = Object.getPrototypeOf(value);
  if (above !== Object.prototype && above !== null) throw new TypeError(`No plain data: ${value.constructor.name}.`);
  return mapValues(value, pack);
};

const unpack = (value: unknown): unknown => {
  if (value instanceof Map) {
    const [[kind, held]] = [...value] as [[string, unknown]];
    if (kind === 'secret') return Secret.fromBytes(held as Uint8Array);
    if (kind === 'duration') return Duration.ofMs(held as number);
    if (kind === 'path') return CredentialPath.parse(held as string);
    if (kind === 'number') return JSON.rawJSON(held as string);
    return new Map((held as unknown[][]).map((entry) => entry.map(unpack) as [unknown, unknown]));
  }
  if (value instanceof Uint8Array || typeof value !== 'object' || value === null) return value;
  return Array.isArray(value) ? value.map(unpack) : mapValues(value, unpack);
};

const mapValues = (value: object, map: (item: unknown) => unknown): object =>
  Object.fromEntries(Object.entries(value).map(([key, item]) => [key, map(item)]));
