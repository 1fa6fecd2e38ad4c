import { setTimeout } from 'node:timers/promises';
import { ChatelaineError } from '#kernel';
import type { Line } from './acknowledgement.ts';
import type { Attempt } from './deed-mix.ts';

export const nameOf = (error: unknown): string => {
  if (error instanceof ChatelaineError) return error.code;
  return error instanceof Error ? `${error.name}: ${error.message} ${error.stack ?? ''}` : String(error);
};

/** Performs `enough` deeds, `inFlight` at a time, and tells of each when it has ended. */
export const work = async (
  draw: () => Attempt,
  inFlight: number,
  enough: number,
  tell: (line: Line) => void,
): Promise<void> => {
  let drawn = 0;
  const worker = async (): Promise<void> => {
    while (drawn++ < enough) {
      const { deed, path, run } = draw();
      try {
        tell(await run());
      } catch (error) {
        const name = nameOf(error);
        tell({ error: name, deed, path });
        // Without the server there is no sense in asking at full speed.
        if (name.startsWith('storage.')) await setTimeout(20);
      }
    }
  };
  await Promise.all(Array.from({ length: inFlight }, worker));
};
