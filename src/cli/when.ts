import { Duration } from '#kernel';

/** `2026-11-23`, in UTC. */
export const dayOf = (time: string): string => time.slice(0, 10);

/** `2026-11-23 18:07:09Z`. */
export const momentOf = (time: string): string => `${time.slice(0, 19).replace('T', ' ')}Z`;

/** `3d ago`, `in 2h`. */
export const fromNow = (time: string, now: number): string => {
  const away = Date.parse(time) - now;
  const length = Duration.ofMs(Math.floor(Math.abs(away) / 1_000) * 1_000).toString();
  return away < 0 ? `${length} ago` : `in ${length}`;
};
