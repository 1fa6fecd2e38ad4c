import { ChatelaineError, type Receipt, hasCode } from '#kernel';
import type { Caller } from '#identity';
import { placeFacts } from '#inventory';
import { type CompareFound, type FoundCompared, type Standing, compareFound } from './compare-found.ts';
import type { AdoptPorts } from './ports.ts';

export type AllCompared = Omit<FoundCompared, 'standings'> & {
  /** In the order of `found`: how each stands, or why the caller may not know. */
  readonly standings: readonly (Standing | ChatelaineError)[];
  /** Of the comparison as a whole. */
  readonly receipt: Receipt;
};

type One = CompareFound['found'][number];

/**
 * Compares what was found with what is kept, each as far as the caller may. All at once where that is allowed; where
 * gold among it forbids it, the rest at once and each gold credential as a deed of its own, so that an exception for
 * one holds for one.
 */
export const compareAll = async (ports: AdoptPorts, caller: Caller, input: CompareFound): Promise<AllCompared> => {
  const { guesses } = ports;
  const known = new Map<One, Standing | ChatelaineError>();
  const counted = input.found.filter((one) => {
    try {
      guesses.compare(caller, one.path);
      return true;
    } catch (error) {
      known.set(one, refusalIn(error));
      return false;
    }
  });
  try {
    const { output, receipt } = await compareTogether(ports, caller, { ...input, found: counted }, known);
    const standings = input.found.map((one) => known.get(one)!);
    return { ...output, standings, receipt };
  } finally {
    for (const one of counted) {
      const standing = known.get(one);
      if (standing === undefined || standing instanceof ChatelaineError || standing.likeness !== 'different')
        guesses.takeBack(caller, one.path);
    }
  }
};

/** Fills in what it learns; gives what belongs to the environment as a whole. */
const compareTogether = async (
  ports: AdoptPorts,
  caller: Caller,
  input: CompareFound,
  known: Map<One, Standing | ChatelaineError>,
): Promise<{ readonly output: FoundCompared; readonly receipt: Receipt }> => {
  const compare = async (found: readonly One[]) => {
    const done = await ports.deeds.perform(compareFound(ports.sealing), caller, { ...input, found });
    for (const [at, one] of found.entries()) known.set(one, done.output.standings[at]!);
    return done;
  };
  try {
    return await compare(input.found);
  } catch (error) {
    if (!hasCode(error, 'deeds.denied')) throw error;
    const gold = await ports.engine.read(async (tx) => {
      const golden: One[] = [];
      for (const one of input.found) if ((await placeFacts(tx, one.path)).resource.tier === 'gold') golden.push(one);
      return golden;
    });
    if (gold.length === 0) throw error;
    const done = await compare(input.found.filter((one) => !gold.includes(one)));
    await Promise.all(gold.map((one) => compareAlone(ports, caller, input, one, known)));
    return done;
  }
};

const compareAlone = async (
  { deeds, sealing }: AdoptPorts,
  caller: Caller,
  input: CompareFound,
  one: One,
  known: Map<One, Standing | ChatelaineError>,
): Promise<void> => {
  try {
    const { output } = await deeds.perform(compareFound(sealing), caller, {
      ...input,
      found: [one],
      missing: [],
      isAlone: true,
    });
    known.set(one, output.standings[0]!);
  } catch (error) {
    known.set(one, refusalIn(error));
  }
};

/** A mistake or a refusal belongs to one item; our own fault ends the whole. */
export const refusalIn = (error: unknown): ChatelaineError => {
  if (error instanceof ChatelaineError && error.fault !== 'ours') return error;
  throw error;
};
