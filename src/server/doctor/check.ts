/** What the doctor says about one thing. */
export type Check = {
  /** Stable, for scripts: `ledger-tree`. */
  readonly id: string;
  readonly title: string;
  readonly state: 'good' | 'warning' | 'bad';
  /** What was seen; names what is wrong. */
  readonly detail: string;
  /** What to do; empty when good. */
  readonly remedy: string;
};

/** Faults listed in one check. */
const MOST = 12;

export const good = (id: string, title: string, detail: string): Check => ({
  id,
  title,
  state: 'good',
  detail,
  remedy: '',
});

export const warning = (id: string, title: string, detail: string, remedy: string): Check => ({
  id,
  title,
  state: 'warning',
  detail,
  remedy,
});

/** Bad when there are faults, which are listed; good otherwise, with what was looked at. */
export const fromFaults = (
  id: string,
  title: string,
  faults: readonly string[],
  {
    looked,
    remedy,
    state = 'bad',
  }: { readonly looked: string; readonly remedy: string; readonly state?: 'bad' | 'warning' },
): Check => {
  if (faults.length === 0) return good(id, title, looked);
  const rest = faults.length > MOST ? [`and ${faults.length - MOST} more`] : [];
  return { id, title, state, detail: [...faults.slice(0, MOST), ...rest].join('; '), remedy };
};
