import type { Rule } from '../rule.ts';
import { lookAlikes } from './look-alikes.ts';

/** What the kinds of one vendor share. */
type Common = Pick<Rule, 'vendor' | 'kind' | 'tier' | 'rotation' | 'remedy' | 'source' | 'evidence'>;

/** One kind: what only it has, and what it has otherwise than its siblings. */
type Row = Pick<Rule, 'id' | 'title' | 'shape' | 'opens' | 'examples'> & Partial<Omit<Rule, 'vendor'>>;

/** Rows of one vendor. Every row is also tried on texts that only look like it; see `look-alikes.ts`. */
export const vendor =
  (common: Common) =>
  (row: Row): Rule => ({ ...common, ...row, notThese: [...(row.notThese ?? []), ...lookAlikes(row)] });
