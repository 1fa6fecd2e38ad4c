import { scanContent } from '../scan-content.ts';
import { planFor } from '../open-plan.ts';
import { fakeOf } from './fake-of.ts';
import { spelt } from './mask.ts';
import type { Plan } from '../plan.ts';
import { replaceFound } from './replace-found.ts';
import { respell } from './respell.ts';

export type CopiedFile = { readonly path: string; readonly bytes: Uint8Array; readonly replaced: number };
export type FilesCopy = {
  readonly files: readonly CopiedFile[];
  /** Left out, because it could not be looked through to its end. */
  readonly leftOut: readonly { readonly path: string; readonly why: string }[];
  /** Different values that were replaced. */
  readonly values: number;
};

type Given = { readonly path: string; readonly bytes: Uint8Array };

/**
 * Copies of files with every credential replaced by a fake of its shape, the same one wherever it stands. Two passes:
 * a value that one file tells to be secret is replaced in all files, also where it stands without a name. Paths are
 * kept. `seed` is 32 bytes of chance for this copy.
 */
export const copyFiles = async (
  given: readonly Given[],
  seed: Uint8Array,
  onProgress: (done: number) => void = () => undefined,
): Promise<FilesCopy> => {
  const plan = await planFor({});
  const leftOut: { path: string; why: string }[] = [];
  const readable: Given[] = [];
  const fakes = new Map<string, string>();
  for (const [index, file] of given.entries()) {
    const scanned = await scanContent(plan, {
      path: file.path,
      size: file.bytes.length,
      mode: null,
      content: { type: 'bytes', bytes: file.bytes },
    });
    if (scanned.gap !== null) leftOut.push({ path: file.path, why: scanned.gap.message });
    else if (file.bytes.includes(0)) leftOut.push({ path: file.path, why: 'It is no text.' });
    else readable.push(file);
    for (const { value } of scanned.found) fakes.set(value, fakeOf(seed, value));
    onProgress(index + 1);
  }
  // Longest first: a value inside another one must not break it up before it is seen.
  const everywhere = [...fakes]
    .filter(([value]) => value.length >= LEAST)
    .flatMap(([value, fake]) => {
      const others = spelt(fake);
      return spelt(value).map((text, at) => [text, others[at]!] as const);
    })
    .toSorted(([a], [b]) => b.length - a.length);
  const files: CopiedFile[] = [];
  for (const file of readable) {
    const copy =
      (await copied(plan, file, fakes, everywhere, true)) ?? (await copied(plan, file, fakes, everywhere, false));
    if (copy === null)
      leftOut.push({
        path: file.path,
        why: 'It could not be looked through to its end, or a value in it could not be replaced.',
      });
    else files.push(copy);
  }
  return { files, leftOut, values: fakes.size };
};

/** Null when something could not be looked through, or a value is still found in the copy. */
const copied = async (
  plan: Plan,
  { bytes: source, path }: Given,
  fakes: ReadonlyMap<string, string>,
  everywhere: readonly (readonly [string, string])[],
  isSpelt: boolean,
): Promise<CopiedFile | null> => {
  const { bytes, count, complete } = await replaceFound(plan, path, source, ({ place, value }, written) => {
    const fake = fakes.get(value);
    if (fake === undefined) return null;
    return isSpelt ? respell(written, value, fake, place.encodings) : fake;
  });
  const { text, more } = replaceAll(Buffer.from(bytes), everywhere);
  const content = { type: 'bytes', bytes: new Uint8Array(text) } as const;
  const again = await scanContent(plan, { path, size: text.length, mode: null, content });
  const isClean = complete && again.gap === null && !again.found.some(({ value }) => fakes.has(value));
  return isClean ? { path, bytes: text, replaced: count + more } : null;
};

/** Shorter values stand in other words by chance. */
const LEAST = 6;

const replaceAll = (source: Buffer, all: readonly (readonly [string, string])[]): { text: Buffer; more: number } => {
  let text = source;
  let more = 0;
  for (const [value, fake] of all) {
    const needle = Buffer.from(value);
    if (!text.includes(needle)) continue;
    const pieces = text.toString('latin1').split(needle.toString('latin1'));
    more += pieces.length - 1;
    text = Buffer.from(pieces.join(Buffer.from(fake).toString('latin1')), 'latin1');
  }
  return { text, more };
};
