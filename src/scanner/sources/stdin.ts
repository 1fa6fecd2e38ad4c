import type { Secret } from '#kernel';
import type { Source } from '../unit.ts';
import { byteReader } from './archive/byte-reader.ts';
import { ARCHIVE_LIMITS, type ArchiveLimits } from './archive/limits.ts';
import { openContent, startOpening } from './archive/open-content.ts';
import { gapOf, interrupted } from './gap.ts';

export type StdinOptions = {
  readonly input: AsyncIterable<Uint8Array>;
  /** What it is called; formats are told by names, so that `secrets.yaml` finds more than `(stdin)`. */
  readonly name?: string;
  readonly key?: Secret;
  readonly limits?: Partial<ArchiveLimits>;
};

/** Standard input, of any length; an archive is opened. */
export const stdinSource = ({ input, key, limits, name = '(stdin)' }: StdinOptions): Source =>
  async function* (signal) {
    const opening = startOpening({ ...ARCHIVE_LIMITS, ...limits }, key, signal);
    const reader = byteReader(untilAborted(input, signal));
    try {
      yield* openContent({ path: name, origin: { type: 'stdin' }, size: null, reader, depth: 0 }, opening);
    } catch (error) {
      if (!signal.aborted) yield gapOf(name, error);
    }
    if (signal.aborted) yield interrupted(name);
  };

/** Who writes may never write again; a stop must not wait for that. */
const untilAborted = async function* (
  input: AsyncIterable<Uint8Array>,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array> {
  const chunks = input[Symbol.asyncIterator]();
  const stopped = new Promise<null>((resolve) => {
    if (signal.aborted) resolve(null);
    signal.addEventListener('abort', () => resolve(null), { once: true });
  });
  for (;;) {
    const next = await Promise.race([chunks.next(), stopped]);
    if (next === null || next.done === true) return;
    yield next.value;
  }
};
