import { setImmediate } from 'node:timers/promises';
import { timingSafeEqual } from '#kernel';
import type { ReadTx } from '#storage';
import { BLOCK_WIDTH, encodeBlock } from './block.ts';
import { blocksBelow, resourcesFrom } from './tables.ts';

const BLOCKS_AT_ONCE = 64;

/** Whether every block says where the resources of its entries are: one that does not would hide entries from lists. */
export const blockFaults = async (tx: ReadTx): Promise<readonly string[]> => {
  const faults: string[] = [];
  for (let below = Number.MAX_SAFE_INTEGER; ;) {
    const page = await tx.all(blocksBelow, { below, count: BLOCKS_AT_ONCE });
    for (const { n, resources } of page) {
      // SQLite answers at once, so without this nobody else in the process would be served until the end.
      await setImmediate();
      const [from, to] = [n * BLOCK_WIDTH, (n + 1) * BLOCK_WIDTH];
      const entries = (await tx.all(resourcesFrom, { from, to })).map(({ resource }) => resource);
      if (!timingSafeEqual(resources, encodeBlock(entries)))
        faults.push(`the index of the entries ${from} to ${to - 1} is not theirs`);
      below = n;
    }
    if (page.length < BLOCKS_AT_ONCE) return faults;
  }
};
