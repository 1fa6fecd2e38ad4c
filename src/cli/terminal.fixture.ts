import { Secret } from '#kernel';
import { cliError } from './errors.ts';
import { NO_PAINT, PAINT } from './paint.ts';
import { NO_PROGRESS } from './progress.ts';
import type { Terminal } from './terminal.ts';

export type FakeTerminal = Terminal & { readonly printed: () => string; readonly said: () => string };

type FakeOptions = {
  readonly isTerminal?: boolean;
  readonly columns?: number;
  readonly colour?: boolean;
  /** What is answered, in order. */
  readonly answers?: readonly string[];
  readonly input?: string;
};

/** A terminal that remembers what it was told, and answers what it was given. */
export const fakeTerminal = ({
  isTerminal = false,
  columns = 160,
  colour = false,
  answers = [],
  input = '',
}: FakeOptions = {}): FakeTerminal => {
  let out = '';
  let remarks = '';
  const left = [...answers];
  const next = (instead: string): string => {
    const answer = left.shift();
    if (answer === undefined) throw cliError('needs_terminal', 'Nobody answers.', { instead });
    return answer;
  };
  return {
    print: (line = '') => void (out += `${line}\n`),
    printRaw: (bytes) => void (out += new TextDecoder().decode(bytes)),
    say: (line = '') => void (remarks += `${line}\n`),
    isTerminal,
    canAsk: answers.length > 0,
    columns,
    paint: colour ? PAINT : NO_PAINT,
    paintRemarks: colour ? PAINT : NO_PAINT,
    progress: () => NO_PROGRESS,
    ask: async (_question, instead) => next(instead),
    askSecret: async (_question, instead) => Secret.fromText(next(instead)),
    readInput: async () => Secret.fromText(input),
    printed: () => out,
    said: () => remarks,
  };
};
