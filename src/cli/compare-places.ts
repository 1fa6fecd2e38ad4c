import { type PlaceValue, type Survey, placeValues } from '#formats';
import type { JsonObject } from '#kernel';

/** What the store knows of a credential: its text (undefined where it is no single one), and who uses it. */
export type Kept = {
  readonly name: string;
  readonly text: string | undefined;
  readonly consumers: readonly { readonly kind: string; readonly place: string; readonly detail: JsonObject }[];
};

export type Compared = {
  /** Stand where they are asked for, everywhere. */
  readonly standing: ReadonlySet<string>;
  /** Places that hold something else than the store, as `file: key.path (credential)`. */
  readonly different: readonly string[];
  /** The same for places that carry a value of their own, which nobody but their program or a person writes. */
  readonly own: readonly string[];
};

/**
 * Compares a folder with the store, place by place: each place that used a credential when it was adopted must give its
 * value now, references followed. A place that is gone is nobody's; one that asks outside of the folder (GitHub, an
 * environment) tells nothing, and does not make a credential stand.
 *
 * @param rendered credentials of the files that are rendered, whose bytes were compared already
 */
export const comparePlaces = (found: Survey, kept: readonly Kept[], rendered: ReadonlySet<string>): Compared => {
  const places = Map.groupBy(placeValues(found), ({ file, keyPath }) => placeKey(file, keyPath.join('.')));
  // Also where a value stands in another form: inside a header that is encoded, or a hash of a password file.
  const judged = new Map(
    found.credentials.map(({ value, consumers }) => [
      value.revealText(),
      new Set(consumers.map(({ file, keyPath }) => placeKey(file, keyPath.join('.')))),
    ]),
  );
  const standing = new Set<string>();
  const different: string[] = [];
  const own: string[] = [];
  for (const { name, text, consumers } of kept) {
    if (text === undefined) continue;
    if (rendered.has(name)) standing.add(name);
    for (const { file, keyPath } of consumers.flatMap(usesOf)) {
      const key = placeKey(file, keyPath);
      const here = places.get(key) ?? [];
      if (judged.get(text)?.has(key) === true || here.some((one) => holds(one, text))) standing.add(name);
      else if (here.some(({ isOutside }) => !isOutside))
        (here.some(({ isLiteral }) => isLiteral) ? own : different).push(`${file}: ${keyPath} (${name})`);
    }
  }
  return { standing, different, own };
};

/** As long as the store keeps it of a place. */
const LONGEST = 256;
const placeKey = (file: string, keyPath: string): string => `${file}\0${keyPath}`.slice(0, file.length + 1 + LONGEST);

const holds = ({ isOutside, value }: PlaceValue, text: string): boolean =>
  !isOutside && value.revealText().includes(text);

/** `12: mqtt.password`: the line may have moved since, the key path has not. */
const usesOf = ({ kind, place, detail }: Kept['consumers'][number]): { file: string; keyPath: string }[] => {
  const { at } = detail;
  if (kind !== 'file' || !Array.isArray(at)) return [];
  return at.flatMap((use: unknown) => {
    const keyPath = typeof use === 'string' ? /^\d+: (.*)$/s.exec(use)?.[1] : undefined;
    return keyPath === undefined ? [] : [{ file: place, keyPath }];
  });
};
