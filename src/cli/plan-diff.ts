/** A line of a change: kept, taken out, put in, or kept lines left out. `text` null where nobody knows it any more. */
export type DiffLine = { readonly sign: ' ' | '-' | '+' | '…'; readonly text: string | null };

export type PlanDiff = {
  /** Hashes of the lines as they were. */
  readonly before: readonly string[];
  readonly after: readonly string[];
  readonly hashLine: (line: string) => string;
  /** The text of a line that is gone, by its hash; undefined for one with a value in it. */
  readonly textOf: (hash: string) => string | undefined;
};

/** Unchanged lines shown around a change, as git does. */
const CONTEXT = 3;
/** Pairs of lines compared at most; beyond it the lines that differ are shown as exchanged whole. */
const MOST_PAIRS = 4_000_000;

/** What changed between lines that are known by hash alone and lines that are known. */
export const planDiff = ({ before, after, hashLine, textOf }: PlanDiff): readonly DiffLine[] => {
  const hashes = after.map(hashLine);
  let head = 0;
  while (head < before.length && head < hashes.length && before[head] === hashes[head]) head++;
  let tail = 0;
  while (
    tail < before.length - head &&
    tail < hashes.length - head &&
    before[before.length - 1 - tail] === hashes[hashes.length - 1 - tail]
  )
    tail++;
  const old = before.slice(head, before.length - tail);
  const fresh = hashes.slice(head, hashes.length - tail);
  const kept = (line: string): DiffLine => ({ sign: ' ', text: line });
  const lines: DiffLine[] = after.slice(0, head).map(kept);
  let at = head;
  for (const step of stepsOf(old, fresh)) {
    if ('gone' in step) lines.push({ sign: '-', text: textOf(step.gone) ?? null });
    else lines.push({ sign: step.same ? ' ' : '+', text: after[at++]! });
  }
  lines.push(...after.slice(at).map(kept));
  return shortened(lines);
};

type Step = { readonly gone: string } | { readonly same: boolean };

/** The longest common subsequence, by the table of its lengths. */
const stepsOf = (old: readonly string[], fresh: readonly string[]): readonly Step[] => {
  const width = fresh.length + 1;
  if (old.length * fresh.length > MOST_PAIRS)
    return [...old.map((gone) => ({ gone })), ...fresh.map(() => ({ same: false }))];
  const lengths = new Uint32Array((old.length + 1) * width);
  for (let i = old.length - 1; i >= 0; i--)
    for (let j = fresh.length - 1; j >= 0; j--)
      lengths[i * width + j] =
        old[i] === fresh[j]
          ? lengths[(i + 1) * width + j + 1]! + 1
          : Math.max(lengths[(i + 1) * width + j]!, lengths[i * width + j + 1]!);
  const steps: Step[] = [];
  let i = 0;
  let j = 0;
  while (i < old.length || j < fresh.length) {
    if (i < old.length && j < fresh.length && old[i] === fresh[j]) {
      steps.push({ same: true });
      i++;
      j++;
    } else if (j >= fresh.length || (i < old.length && lengths[(i + 1) * width + j]! >= lengths[i * width + j + 1]!))
      steps.push({ gone: old[i++]! });
    else {
      steps.push({ same: false });
      j++;
    }
  }
  return steps;
};

/** Without the unchanged lines that lie far from a change. */
const shortened = (lines: readonly DiffLine[]): readonly DiffLine[] => {
  const near = new Uint8Array(lines.length);
  for (const [at, { sign }] of lines.entries())
    if (sign !== ' ') near.fill(1, Math.max(0, at - CONTEXT), Math.min(lines.length, at + CONTEXT + 1));
  const shown: DiffLine[] = [];
  for (const [at, line] of lines.entries()) {
    if (near[at] === 1) shown.push(line);
    else if (shown.at(-1)?.sign !== '…') shown.push({ sign: '…', text: null });
  }
  return shown;
};
