import type { Gap, Yield } from '../../unit.ts';
import { gap } from '../gap.ts';

type Counted = 'partial_clone' | 'missing_object' | 'broken' | 'lfs_pointer';

/** Files that are named one by one before the rest is counted. */
const NAMED = 10;

const WHY: Readonly<Record<Counted, string>> = {
  partial_clone:
    'It was never fetched into this partial clone. Fetch everything (git fetch --refetch --no-filter, or a full clone) and scan again.',
  missing_object:
    'Its content is missing from the repository. git fsck tells what else is; a fresh clone usually has it.',
  broken: 'Its content in the repository is damaged. git fsck tells what else is; a fresh clone usually has it.',
  lfs_pointer: 'Its content lies in Git LFS and was not fetched: git lfs fetch --all, then scan again.',
};

/** Gaps of one sort come by the thousand: some are named, the others counted. */
export const gapTally = (): { readonly add: (code: Counted, path: string) => void; readonly gaps: () => Yield[] } => {
  const counts = new Map<Counted, { readonly paths: string[]; count: number }>();
  return {
    add: (code, path) => {
      const entry = counts.get(code) ?? { paths: [], count: 0 };
      counts.set(code, entry);
      entry.count += 1;
      if (entry.paths.length < NAMED) entry.paths.push(path);
    },
    gaps: () =>
      [...counts].flatMap(([code, { count, paths }]) => [
        ...paths.map((path) => gap(path, code satisfies Gap['code'], WHY[code])),
        ...(count > paths.length ? [gap('', code, `The same with ${count - paths.length} more. ${WHY[code]}`)] : []),
      ]),
  };
};
