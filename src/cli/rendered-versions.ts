import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Context } from './context.ts';
import type { Place } from './memory.ts';
import { writePrivate } from './write-file.ts';

type Table<T> = Readonly<Record<string, T>>;

/** What a folder was rendered from last: which text around the values, and which versions of them. No value, no hash of one. */
export type RenderedFrom = {
  /** Hash of each file's plan, under this machine's own key. */
  readonly plans: Table<string>;
  /** Tag of each value that was read, by path; see `values.get`. */
  readonly tags: Table<string>;
};

type Stored = Table<Table<RenderedFrom>>;
type Memory = { readonly memory: Pick<Context['memory'], 'plansFile'> };

const NOTHING: RenderedFrom = { plans: {}, tags: {} };

/** Nothing where nothing is remembered, or not readably: then everything is read anew. */
export const renderedFrom = (context: Memory, folder: string, place: Place): RenderedFrom => {
  const places = own(readStored(context), folder);
  return (places === undefined ? undefined : own(places, nameOf(place))) ?? NOTHING;
};

export const rememberRendered = (context: Memory, folder: string, place: Place, from: RenderedFrom): void => {
  const stored = readStored(context);
  const next: Stored = { ...stored, [folder]: { ...own(stored, folder), [nameOf(place)]: from } };
  const text = `${JSON.stringify(next)}\n`;
  if (text !== `${JSON.stringify(stored)}\n`) writePrivate(fileOf(context), text);
};

/** Beside the plans that were agreed to. */
const fileOf = ({ memory }: Memory): string => join(dirname(memory.plansFile), 'rendered.json');

const nameOf = ({ project, environment }: Place): string => `${project}/${environment}`;

const readStored = (context: Memory): Stored => {
  try {
    const stored: unknown = JSON.parse(readFileSync(fileOf(context), 'utf8'));
    return isTable(stored, (places) => isTable(places, isRenderedFrom)) ? (stored as Stored) : {};
  } catch {
    return {};
  }
};

const isRenderedFrom = (row: unknown): boolean => {
  const { plans, tags } = (row ?? {}) as Partial<Record<keyof RenderedFrom, unknown>>;
  return isTable(plans, isText) && isTable(tags, isText);
};

const isText = (value: unknown): boolean => typeof value === 'string';

const isTable = (value: unknown, isRow: (row: unknown) => boolean): boolean =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && Object.values(value).every(isRow);

/** A folder or a file may be called `__proto__`. */
const own = <T>(table: Table<T>, name: string): T | undefined => (Object.hasOwn(table, name) ? table[name] : undefined);
