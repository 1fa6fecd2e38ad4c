import { createHmac } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { type Template, templateText } from '#formats';
import { type Random, fromHex, toHex } from '#kernel';
import type { Context } from './context.ts';
import { cliError } from './errors.ts';
import type { Place } from './memory.ts';
import { writePrivate } from './write-file.ts';

/**
 * A plan as somebody on this machine agreed to it: hashes of its whole and of each line of its text, hexadecimal. Only
 * hashes, because comments may hold what people once wrote into them.
 */
export type AgreedPlan = { readonly hash: string; readonly lines: readonly string[] | null };

/** What was agreed to for one folder and place, by target; hashes under a key of this machine's own. */
export type AgreedPlans = {
  of(target: string): AgreedPlan | undefined;
  isAgreed(template: Template): boolean;
  /** Of everything that decides what is written, but the values. */
  hashOf(template: Template): string;
  hashLine(line: string): string;
};

type Table<T> = Readonly<Record<string, T>>;
type Stored = { readonly key: string; readonly folders: Table<Table<Table<AgreedPlan>>> };

/** Beyond it a change is shown as the whole file. */
const MOST_LINES = 5_000;
/** Of a line's hash, hexadecimal: tells lines of one file apart. What is agreed to is told by the whole hash. */
const LINE_HASH = 16;

type Memory = Pick<Context, 'memory' | 'random'>;

/** What this machine remembers of a folder's plans; nothing at first. Errors: `cli.stuck_data`. */
export const agreedPlans = (context: Memory, folder: string, place: Place): AgreedPlans => {
  const stored = readStored(context);
  const plans = own(own(stored.folders, folder) ?? {}, nameOf(place)) ?? {};
  const hash = hasher(stored.key);
  return {
    of: (target) => own(plans, target),
    isAgreed: (template) => own(plans, template.path)?.hash === hash(canonicalPlan(template)),
    hashOf: (template) => hash(canonicalPlan(template)),
    hashLine: (line) => hash(line).slice(0, LINE_HASH),
  };
};

/** Remembers that somebody on this machine agrees to these plans, as they are. */
export const agreeToPlans = (context: Memory, folder: string, place: Place, templates: readonly Template[]): void => {
  if (templates.length === 0) return;
  const stored = readStored(context);
  const hash = hasher(stored.key);
  const here = own(stored.folders, folder) ?? {};
  const plans = own(here, nameOf(place)) ?? {};
  if (templates.every((one) => own(plans, one.path)?.hash === hash(canonicalPlan(one)))) return;
  const agreed = templates.map((one): [string, AgreedPlan] => {
    const lines = linesOf(one);
    return [
      one.path,
      {
        hash: hash(canonicalPlan(one)),
        lines: lines.length > MOST_LINES ? null : lines.map((line) => hash(line).slice(0, LINE_HASH)),
      },
    ];
  });
  const next: Stored = {
    key: stored.key,
    folders: {
      ...stored.folders,
      [folder]: { ...here, [nameOf(place)]: { ...plans, ...Object.fromEntries(agreed) } },
    },
  };
  writePrivate(context.memory.plansFile, `${JSON.stringify(next)}\n`);
};

export const linesOf = (template: Template): readonly string[] => templateText(template).split('\n');

/** Everything of a plan that decides what is written, but the values. */
const canonicalPlan = ({ path, parts }: Template): string =>
  JSON.stringify([
    path,
    parts.map((part) =>
      typeof part === 'string'
        ? part
        : [
            part.style,
            part.layer,
            part.indent,
            part.pad,
            part.lead,
            part.pieces.map((piece) =>
              'written' in piece
                ? ['written', piece.written]
                : 'text' in piece
                  ? ['text', piece.text]
                  : ['credential', piece.credential, piece.encoding],
            ),
            ...(part.awaited === undefined ? [] : [part.awaited.before, part.awaited.after]),
          ],
    ),
  ]);

const hasher = (key: string) => (text: string) => createHmac('sha256', fromHex(key)).update(text).digest('hex');

const nameOf = ({ project, environment }: Place): string => `${project}/${environment}`;

/** A folder or a file may be called `__proto__`. */
const own = <T>(table: Table<T>, name: string): T | undefined => (Object.hasOwn(table, name) ? table[name] : undefined);

const readStored = ({ memory: { plansFile: file }, random }: Memory): Stored => {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return newlyStored(random);
    throw cliError(
      'unreadable',
      'What this machine remembers of rendered files cannot be read.',
      { place: file },
      error,
    );
  }
  const stored = parse(text);
  if (stored === null)
    throw cliError('stuck_data', `${file} is damaged.`, {
      instead: 'Move it away; chatelaine render then asks again what may be rendered. It holds no value.',
    });
  return stored;
};

const newlyStored = (random: Random): Stored => ({ key: toHex(random.bytes(32)), folders: {} });

const parse = (text: string): Stored | null => {
  try {
    const { key, folders } = JSON.parse(text) as Partial<Record<keyof Stored, unknown>>;
    const isRight =
      typeof key === 'string' &&
      /^[\da-f]{64}$/.test(key) &&
      isTable(folders, (places) => isTable(places, (plans) => isTable(plans, isPlan)));
    return isRight ? ({ key, folders } as Stored) : null;
  } catch {
    return null;
  }
};

const isTable = (value: unknown, isRow: (row: unknown) => boolean): boolean =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && Object.values(value).every(isRow);

const isPlan = (row: unknown): boolean => {
  if (typeof row !== 'object' || row === null) return false;
  const { hash, lines } = row as Partial<Record<keyof AgreedPlan, unknown>>;
  return (
    typeof hash === 'string' &&
    (lines === null || (Array.isArray(lines) && lines.every((line) => typeof line === 'string')))
  );
};
