import { styleText } from 'node:util';

/** Colours by meaning, so that a page says what it means and not how it looks. Colour is never the only sign. */
export type Paint = {
  readonly title: (text: string) => string;
  readonly quiet: (text: string) => string;
  readonly command: (text: string) => string;
  readonly good: (text: string) => string;
  readonly warn: (text: string) => string;
  readonly bad: (text: string) => string;
};

const plain = (text: string): string => text;
export const NO_PAINT: Paint = { title: plain, quiet: plain, command: plain, good: plain, warn: plain, bad: plain };

const styled =
  (style: Parameters<typeof styleText>[0]) =>
  (text: string): string =>
    styleText(style, text, { validateStream: false });
export const PAINT: Paint = {
  title: styled('bold'),
  quiet: styled('dim'),
  command: styled('cyan'),
  good: styled('green'),
  warn: styled('yellow'),
  bad: styled('red'),
};

/** https://no-color.org: any value but the empty one turns colours off. */
export const wantsColour = (isTerminal: boolean, environment: Readonly<Record<string, string | undefined>>): boolean =>
  isTerminal && (environment['NO_COLOR'] ?? '') === '' && environment['TERM'] !== 'dumb';
