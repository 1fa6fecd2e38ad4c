import type { Clock } from '#kernel';
import type { EntryDraft } from '#ledger';

/** Addresses told apart within one minute; the rest is counted together. */
const MOST_PLACES = 256;
const MINUTE_MS = 60_000;

/** Counts failures of nobody in particular, so that an attacker without a name fills no disk. */
export type Failures = {
  /** Someone without a proven identity was turned away. */
  count(address: string, reason: string): void;
  /** What the minutes that are over hold, as entries; each place and reason once. */
  take(all?: boolean): readonly EntryDraft[];
};

type Counted = { readonly minute: number; readonly address: string; readonly reason: string; times: number };

export const openFailures = (clock: Clock): Failures => {
  const counted = new Map<string, Counted>();
  return {
    count(address, reason) {
      const minute = Math.floor(clock.now() / MINUTE_MS);
      const place = counted.size < MOST_PLACES ? address : 'elsewhere';
      const key = `${minute} ${place} ${reason}`;
      const known = counted.get(key);
      if (known !== undefined) known.times++;
      else counted.set(key, { minute, address: place, reason, times: 1 });
    },
    take(all = false) {
      const now = Math.floor(clock.now() / MINUTE_MS);
      const drafts: EntryDraft[] = [];
      for (const [key, { minute, address, reason, times }] of counted) {
        if (minute >= now && !all) continue;
        counted.delete(key);
        drafts.push({
          at: minute * MINUTE_MS,
          action: 'caller.unproven',
          outcome: 'denied',
          rule: reason,
          resource: 'installation',
          note: `${times} times in a minute`,
          head: null,
          caller: 'nobody',
          address,
          agent: '',
          path: '',
        });
      }
      return drafts;
    },
  };
};
