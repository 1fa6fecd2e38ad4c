import { type SystemId, classifyLeaf } from '#catalogue';
import type { Survey } from '#formats';
import { isOrdinary } from './ordinary.ts';

/** A place in code or configuration that asks for a value by name. */
export type Use = {
  readonly name: string;
  /** As written, for example `!secret mqtt_password`. */
  readonly written: string;
  /** Relative to the checked root, with `/`. */
  readonly file: string;
  readonly line: number;
  readonly syntax: string;
  /** Who holds the value where no file of the folder does; null where one must. */
  readonly elsewhere: 'environment' | 'github' | 'deployment' | null;
  /** Whether a file of the folder holds the name. */
  readonly isHeld: boolean;
  /** Names, inside the environment, of the credentials that the folder's own files hold under it. */
  readonly holds: readonly string[];
};

/** Uses that the readers of `#formats` see. Substitutions stay inside their file and are nobody's credential. */
export const usesIn = ({ readings, resolver, occurrences, credentialOf }: Survey): readonly Use[] => {
  const heldBy = new Map(
    occurrences.map(({ leaf, keys }) => [leaf, keys.map((key) => credentialOf.get(key)!.name)] as const),
  );
  return readings.flatMap(({ references }) =>
    references
      .filter(({ syntax }) => syntax !== 'substitution')
      .map((reference): Use => {
        const { name, written, file, line, syntax, elsewhere } = reference;
        const leaves = resolver.resolve(reference)?.leaves ?? [];
        return {
          name,
          written,
          file,
          line,
          syntax,
          elsewhere,
          isHeld: leaves.length > 0,
          holds: [...new Set(leaves.flatMap((leaf) => heldBy.get(leaf) ?? []))],
        };
      }),
  );
};

/** Random enough for a name that says secret only in company of a value that looks like one. */
const STAND_IN = 'Zq7Lk2Wd9XcV4bNm';
const NO_SYSTEM: SystemId | null = null;

/**
 * Whether a credential is asked for, as far as the name or a value in the folder says. Upper-case words of C are mostly
 * numbers of the board; of them only `SECRET_…` counts.
 */
export const asksForSecret = ({ name, syntax, isHeld, holds }: Use): boolean => {
  if (holds.length > 0) return true;
  if (isHeld || isOrdinary(name)) return false;
  if (syntax === 'c-macro' && !name.startsWith('SECRET_')) return false;
  return classifyLeaf({ system: NO_SYSTEM, file: '', keyPath: [name] }, STAND_IN).secret;
};

/** The same for `mqttPassword`, `MQTT_PASSWORD`, `mqtt/password`. */
export const sameName = (name: string): string =>
  name
    .replaceAll(/([a-z\d])([A-Z])/g, '$1-$2')
    .toLowerCase()
    .replaceAll(/[^a-z\d]+/g, '-')
    .replaceAll(/^-+|-+$/g, '');
