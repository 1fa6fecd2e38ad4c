import { readFileSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { renderText } from '#formats';
import { Secret } from '#kernel';
import type { Context } from './context.ts';
import { cliError } from './errors.ts';
import { pathOf } from './place.ts';
import { readValues } from './read-values.ts';
import { singleText } from './value.ts';
import { PRIVATE, replaceFile } from './write-file.ts';

/** Largest template, in bytes. */
const LARGEST = 1_048_576;

type Wish = { readonly project: string | undefined; readonly environment: string | undefined };

/** What a template became: its file, and the credentials that went into it. */
export type RenderedTemplate = {
  readonly file: string;
  readonly credentials: readonly string[];
  readonly changed: boolean;
};

/**
 * Fills a template of any kind: `{{ name }}` stands for a value. Read at once, made in memory, written whole, mode 0600,
 * and only if something in it changed.
 */
export const renderTemplate = async (
  context: Context,
  template: string,
  out: string,
  wish: Wish,
): Promise<RenderedTemplate> => {
  const text = readTemplate(resolve(context.directory, template));
  const names = namesIn(text);
  const paths = names.map((name) => pathOf(context, name, wish).toString());
  const values = await readValues(await context.server(), paths);
  const texts = new Map(names.map((name, i) => [name, textOf(name, singleText(values[i]!))]));
  const filled = renderText(text, (name) => texts.get(name)).reveal();
  const file = resolve(context.directory, out);
  const changed = !holds(file, filled);
  if (changed) replaceFile(file, filled, { mode: PRIVATE });
  return { file, credentials: [...new Set(paths)], changed };
};

const namesIn = (text: string): readonly string[] => {
  const names = new Set<string>();
  renderText(text, (name) => {
    names.add(name);
    return Secret.fromText('');
  });
  return [...names];
};

const textOf = (name: string, text: string | undefined): Secret => {
  if (text === undefined)
    throw cliError('wrong_use', `${name} holds several values; a template takes credentials with one.`, {
      command: 'render',
    });
  return Secret.fromText(text);
};

const readTemplate = (file: string): string => {
  try {
    if (statSync(file).size > LARGEST)
      throw cliError('too_large', `The template ${file} is too large.`, { limit: LARGEST });
    return readFileSync(file, 'utf8');
  } catch (error) {
    if (error instanceof Error && error.name === 'ChatelaineError') throw error;
    throw cliError('wrong_use', `The template ${file} cannot be read.`, { command: 'render' }, error);
  }
};

const holds = (file: string, content: Uint8Array): boolean => {
  try {
    return Buffer.compare(readFileSync(file), content) === 0 && (statSync(file).mode & 0o777) === PRIVATE;
  } catch {
    return false;
  }
};
