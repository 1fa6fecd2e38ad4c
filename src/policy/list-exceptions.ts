import { pageSize } from '#kernel';
import { placeFacts } from './place-facts.ts';
import type { Deed, GrantPorts } from './ports.ts';
import { type ExceptionRecord, exceptionRecord } from './records.ts';
import { exceptionSeal, exceptionsAfter } from './tables.ts';

export type ListExceptions = {
  /** Id after which the page begins. */
  readonly after?: string;
  /** 1 to 1,000; 100 when left out. */
  readonly count?: number;
};

/** Exceptions of the whole installation, ended ones too, by id; for those who watch all of it. */
export const listExceptions = ({ keys, places }: GrantPorts): Deed<ListExceptions, readonly ExceptionRecord[]> => ({
  name: 'policy/list-exceptions',
  action: 'exception.list',
  effect: 'reveal',
  async facts(tx) {
    return placeFacts(tx, places, { project: null, environment: null, prefix: null });
  },
  async find(tx, { after = '', count: asked }) {
    const count = pageSize(asked);
    const rows = await tx.all(exceptionsAfter, { after, count });
    return rows.filter((row) => exceptionSeal.isTrue(keys.rowMacs(), row)).map(exceptionRecord);
  },
});
