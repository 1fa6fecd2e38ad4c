import type { Check } from './operations.ts';
import type { Terminal } from './terminal.ts';
import { printable } from './text.ts';

/** What was looked at, one a line, with the remedy below what is not good. */
export const showChecks = (checks: readonly Check[], terminal: Terminal): void => {
  const { paint } = terminal;
  const sign: Readonly<Record<Check['state'], string>> = {
    good: paint.good('good   '),
    warning: paint.warn('warning'),
    bad: paint.bad('BAD    '),
  };
  for (const { title, state, detail, remedy } of checks) {
    terminal.print(`${sign[state]}  ${printable(title)}${detail === '' ? '' : `: ${printable(detail)}`}`);
    if (state !== 'good' && remedy !== '') terminal.print(`           ${printable(remedy)}`);
  }
};
