import { scanContent } from '../scan-content.ts';
import { planFor } from '../open-plan.ts';
import { fakeOf } from './fake-of.ts';
import { replaceFound } from './replace-found.ts';

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
  const everywhere = [...fakes].filter(([value]) => value.length >= LEAST).toSorted(([a], [b]) => b.length - a.length);
  const files: CopiedFile[] = [];
  for (const file of readable) {
    const { bytes, count, complete } = await replaceFound(
      plan,
      file.path,
      file.bytes,
      ({ value }) => fakes.get(value) ?? fakeOf(seed, value),
    );
    if (!complete) {
      leftOut.push({ path: file.path, why: 'It could not be looked through to its end.' });
      continue;
    }
    const { text, more } = replaceAll(Buffer.from(bytes), everywhere);
    files.push({ path: file.path, bytes: text, replaced: count + more });
  }
  return { files, leftOut, values: fakes.size };
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
