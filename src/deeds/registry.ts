import type { Deed } from './decide.ts';
import { deedsError } from './errors.ts';

/** Deeds that change something, by name. What is applied in a commit is what stands here. */
export type Registry = {
  /** Adds deeds; once, when the rooms are put together. Throws for a name that is taken, and for what changes nothing. */
  register(deeds: readonly Deed<unknown, unknown>[]): void;
  /**
   * The deed that is carried out for one that was asked for: the registered one of its name. What only reveals applies
   * nothing, and is its own. Errors: `deeds.unknown`.
   */
  find<In, Out>(asked: Deed<In, Out>): Deed<In, Out>;
  /** Names of all that is registered, in order. */
  names(): readonly string[];
};

/**
 * A deed is asked for by its name and an input of plain data; how it is applied is not handed over with it. So the
 * writer, which today shares this thread, can live in another one that was set up with the same deeds.
 */
export const openRegistry = (): Registry => {
  const byName = new Map<string, Deed<unknown, unknown>>();
  return {
    register(deeds) {
      for (const deed of deeds) {
        if (deed.effect !== 'change') throw new TypeError(`The deed ${deed.name} changes nothing to be found by name.`);
        if (byName.has(deed.name)) throw new TypeError(`Two deeds are called ${deed.name}.`);
        byName.set(deed.name, deed);
      }
    },
    find<In, Out>(asked: Deed<In, Out>): Deed<In, Out> {
      if (asked.effect === 'reveal') return asked;
      const known = byName.get(asked.name);
      if (known === undefined || known.action !== asked.action)
        throw deedsError('unknown', `No deed called ${asked.name} was registered for ${asked.action}.`);
      // Names are unique, so this is the one whose input and output the asked one declares.
      return known as Deed<In, Out>;
    },
    names: () => [...byName.keys()].toSorted(),
  };
};
