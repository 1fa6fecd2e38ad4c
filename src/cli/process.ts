/** How the program itself may end, beside what a command says. */
export const ENDINGS = { fault: 70, interrupted: 130, closedPipe: 141 } as const;

type Process = Pick<NodeJS.Process, 'on' | 'once' | 'exit' | 'stdout' | 'stderr' | 'listenerCount'>;

/** `chatelaine list | head` is no failure: whoever reads has had enough (128 + SIGPIPE). */
export const quietOnClosedPipe = ({ stdout, stderr, exit }: Process): void => {
  for (const stream of [stdout, stderr])
    stream.on('error', (error: NodeJS.ErrnoException) => {
      exit(error.code === 'EPIPE' ? ENDINGS.closedPipe : ENDINGS.fault);
    });
};

/**
 * The first Ctrl-C asks the work in hand to stop where it is whole; a second ends the process. A command that handles
 * signals itself (a server, a started command) is left to do so.
 */
export const handleSignals = (process: Process): AbortSignal => {
  const controller = new AbortController();
  for (const [signal, code] of [
    ['SIGINT', ENDINGS.interrupted],
    ['SIGTERM', 143],
  ] as const) {
    let isSecond = false;
    process.on(signal, () => {
      if (process.listenerCount(signal) > 1) return;
      if (isSecond || controller.signal.aborted) process.exit(code);
      isSecond = true;
      controller.abort(new Stopped(code));
      // Work that waits for the network or a person does not look at the signal: it is cut off soon.
      setTimeout(() => process.exit(code), GRACE_MS).unref();
    });
  }
  return controller.signal;
};

/** Time for an unfinished write to be taken back. */
const GRACE_MS = 150;

export class Stopped extends Error {
  readonly exit: number;

  constructor(exit: number) {
    super('Stopped by a signal.');
    this.exit = exit;
  }
}
