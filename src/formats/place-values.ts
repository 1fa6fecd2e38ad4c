import { Secret } from '#kernel';
import { isReference } from './reading.ts';
import { resolveLeaf } from './resolve.ts';
import type { Survey } from './survey.ts';

/** What stands at one place, references followed. */
export type PlaceValue = {
  readonly file: string;
  readonly keyPath: readonly string[];
  readonly value: Secret;
  /** Part of it comes from where no file of the folder tells: a store of GitHub, an environment, a missing name. */
  readonly isOutside: boolean;
  /** It carries its value itself, all of it. */
  readonly isLiteral: boolean;
};

/** Every place of the folder that holds a value or asks for one; one place may hold several. */
export const placeValues = ({ readings, resolver }: Survey): readonly PlaceValue[] =>
  readings.flatMap(({ path: file, leaves, references }) => [
    ...leaves.map((leaf) => ({
      file,
      keyPath: leaf.keyPath,
      value: Secret.fromText(resolveLeaf(resolver, leaf).text),
      isOutside: leaf.parts.some((part) => isReference(part) && resolver.resolve(part) === null),
      isLiteral: !leaf.parts.some(isReference),
    })),
    ...references.flatMap((reference) => {
      const { keyPath } = reference;
      const held = resolver.resolve(reference);
      if (held === null) return [{ file, keyPath, value: Secret.fromText(''), isOutside: true, isLiteral: false }];
      return held.leaves.map((leaf) => ({
        file,
        keyPath,
        value: Secret.fromText(resolveLeaf(resolver, leaf).text),
        isOutside: false,
        isLiteral: false,
      }));
    }),
  ]);
