/** What the faces count. Owned by the app; plain numbers, so that counting costs nothing worth measuring. */
export type Traffic = {
  /** A request arrived; gives what to call when its answer is out. */
  begin(): () => void;
  answered(face: Face, status: number): void;
  readonly requests: ReadonlyMap<string, number>;
  /** Answers 503 because the keys are locked; while locked there are no ledger entries. */
  locked(): number;
  refusedWhileLocked(): void;
  /** Open connections, of every listener. */
  connections(): number;
  connected(closed: (listener: () => void) => void): void;
  /** From now on new work is refused; resolves when what runs is done. */
  drain(): Promise<void>;
  isDraining(): boolean;
};

export type Face = 'vault' | 'control' | 'ledger' | 'public';

export const faceOf = (url: string): Face => {
  if (url.startsWith('/v1')) return 'vault';
  if (url.startsWith('/api')) return 'control';
  return url.startsWith('/ledger') ? 'ledger' : 'public';
};

export const openTraffic = (): Traffic => {
  const requests = new Map<string, number>();
  let lockedCount = 0;
  let running = 0;
  let open = 0;
  let drained: (() => void) | undefined;
  const nothing = (): void => {};

  return {
    begin() {
      // What arrives from now on is answered 503 and is not waited for.
      if (drained !== undefined) return nothing;
      running++;
      let over = false;
      return () => {
        if (over) return;
        over = true;
        if (--running === 0) drained?.();
      };
    },
    answered(face, status) {
      const key = `${face} ${status}`;
      requests.set(key, (requests.get(key) ?? 0) + 1);
    },
    requests,
    locked: () => lockedCount,
    refusedWhileLocked() {
      lockedCount++;
    },
    connections: () => open,
    connected(closed) {
      open++;
      closed(() => open--);
    },
    drain: () =>
      new Promise((resolve) => {
        drained = resolve;
        if (running === 0) resolve();
      }),
    isDraining: () => drained !== undefined,
  };
};
