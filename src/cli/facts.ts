import type { Terminal } from './terminal.ts';
import { printable } from './text.ts';

/** Names and what they are, one a line; those without a value are left out. */
export const showFacts = (
  terminal: Terminal,
  facts: readonly (readonly [string, string | number | null | undefined])[],
): void => {
  const shown = facts.filter(([, value]) => value !== null && value !== undefined && value !== '');
  const width = Math.max(0, ...shown.map(([name]) => name.length));
  for (const [name, value] of shown)
    terminal.print(`  ${terminal.paint.quiet(name.padEnd(width))}  ${printable(String(value))}`);
};
