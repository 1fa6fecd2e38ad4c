import type { Progress } from './terminal.ts';
import { shorten } from './text.ts';

const BAR = 24;
/** Redraws at most this often, in milliseconds; and nothing at all for work shorter than `PATIENCE`. */
const PERIOD = 80;
const PATIENCE = 300;

export const NO_PROGRESS: Progress = { at: () => undefined, end: () => undefined };

/** A bar on one line, wiped when the work ends. `monotonic` in milliseconds. */
export const progressBar = (
  says: string,
  write: (text: string) => void,
  columns: number,
  monotonic: () => number,
): Progress => {
  const began = monotonic();
  let drawn = began + PATIENCE - PERIOD;
  let isShown = false;
  return {
    at(done, total) {
      const now = monotonic();
      if (now - drawn < PERIOD) return;
      drawn = now;
      isShown = true;
      write(
        `\r\u001B[K${shorten(total === undefined ? `${says} ${done}` : `${bar(done, total)} ${says} ${done}/${total}`, columns - 1)}`,
      );
    },
    end() {
      if (isShown) write('\r\u001B[K');
    },
  };
};

const bar = (done: number, total: number): string => {
  const filled = total === 0 ? BAR : Math.min(BAR, Math.round((done / total) * BAR));
  return `${'█'.repeat(filled)}${'░'.repeat(BAR - filled)}`;
};
