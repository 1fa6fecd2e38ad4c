import type { Context } from './context.ts';
import type { ExitCode } from './exit.ts';

/** What stands on the command line for one option. */
export type Given = string | true | readonly (string | true)[] | undefined;
/** The value, or what is wrong with it: `is empty`. Never quotes what was written. */
export type Read<Value> = { readonly value: Value } | { readonly fault: string };

/** An option as data: how it is written, checked and explained. */
export type Option<Value = unknown> = {
  /** What stands after it, for example `FILE`; null for a switch. */
  readonly takes: string | null;
  readonly short: string | null;
  readonly many: boolean;
  /** Reads a text, `true`, a list of texts, or undefined when it was not given. */
  readonly read: (given: Given) => Read<Value>;
  readonly says: string;
};

/** Something without a name on the command line. */
export type Argument<Value = unknown> = {
  readonly placeholder: string;
  readonly says: string;
  /** `command`: everything after `--`, which belongs to another program. */
  readonly shape: 'required' | 'optional' | 'rest' | 'command';
  /** Only for the type. */
  readonly value?: Value;
};

export type Options = Readonly<Record<string, Option>>;
export type Arguments = Readonly<Record<string, Argument>>;
export type OptionValues<O extends Options> = { readonly [K in keyof O]: O[K] extends Option<infer V> ? V : never };
export type ArgumentValues<A extends Arguments> = {
  readonly [K in keyof A]: A[K] extends Argument<infer V> ? V : never;
};

export type Example = { readonly run: string; readonly does: string };

/** What a command is, beyond the name and the line in the table. */
export type CommandBody<O extends Options = Options, A extends Arguments = Arguments> = {
  /** Paragraphs that teach: what it is for, what it does and does not do. */
  readonly teaches: string;
  readonly examples: readonly Example[];
  /** What people do next. */
  readonly next?: string;
  readonly options: O;
  readonly arguments: A;
  /** Why there must be no further argument: it would be a secret in everybody's view. */
  readonly refusesMore?: string;
  run(
    context: Context,
    values: { readonly options: OptionValues<O>; readonly args: ArgumentValues<A> },
  ): Promise<ExitCode>;
};

export const command = <const O extends Options, const A extends Arguments>(body: CommandBody<O, A>): CommandBody =>
  body;

const option = <V>(
  takes: string | null,
  says: string,
  read: (given: Given) => Read<V>,
  more: { short?: string | undefined; many?: boolean } = {},
): Option<V> => ({
  takes,
  says,
  read,
  short: more.short ?? null,
  many: more.many ?? false,
});

export const flag = (says: string, short?: string): Option<boolean> =>
  option(null, says, (given) => ({ value: given === true }), { short });

/** Longest option value, in characters: a path or a sentence. */
const LONGEST = 4_096;

// Plain functions instead of schemas: the library that reads schemas takes longer to load than a small scan takes.
const readText = (given: string | true): Read<string> => {
  if (typeof given !== 'string' || given === '') return { fault: 'is empty' };
  return given.length > LONGEST ? { fault: 'is too long' } : { value: given };
};

/** Reads one text, where one was given. */
const once =
  <V>(read: (text: string) => Read<V>) =>
  (given: Given): Read<V | undefined> => {
    if (given === undefined) return { value: undefined };
    const one = readText(typeof given === 'object' ? given.at(-1)! : given);
    return 'fault' in one ? one : read(one.value);
  };

export const text = (takes: string, says: string, short?: string): Option<string | undefined> =>
  option(
    takes,
    says,
    once((value) => ({ value })),
    { short },
  );

export const texts = (takes: string, says: string): Option<readonly string[]> =>
  option(
    takes,
    says,
    (given) => {
      const all = given === undefined ? [] : typeof given === 'object' ? given : [given];
      const values: string[] = [];
      for (const each of all) {
        const one = readText(each);
        if ('fault' in one) return one;
        values.push(one.value);
      }
      return { value: values };
    },
    { many: true },
  );

export const wholeNumber = (
  takes: string,
  says: string,
  least = 0,
  most = Number.MAX_SAFE_INTEGER,
): Option<number | undefined> =>
  option(
    takes,
    says,
    once((written) => {
      if (!/^\d{1,16}$/.test(written)) return { fault: 'is not a whole number' };
      const value = Number(written);
      if (value < least) return { fault: `is less than ${least}` };
      return value > most ? { fault: `is more than ${most}` } : { value };
    }),
  );

export const choice = <const C extends string>(
  choices: readonly C[],
  says: string,
  takes = choices.join('|'),
): Option<C | undefined> =>
  option(
    takes,
    says,
    once((written) => {
      const value = choices.find((one) => one === written);
      return value === undefined ? { fault: `is one of ${choices.join(', ')}` } : { value };
    }),
  );

export const required = (placeholder: string, says: string): Argument<string> => ({
  placeholder,
  says,
  shape: 'required',
});
export const optional = (placeholder: string, says: string): Argument<string | undefined> => ({
  placeholder,
  says,
  shape: 'optional',
});
export const rest = (placeholder: string, says: string): Argument<readonly string[]> => ({
  placeholder,
  says,
  shape: 'rest',
});
export const commandLine = (placeholder: string, says: string): Argument<readonly string[]> => ({
  placeholder,
  says,
  shape: 'command',
});
