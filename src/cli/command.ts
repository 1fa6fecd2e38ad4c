import { z } from 'zod';
import type { Context } from './context.ts';
import type { ExitCode } from './exit.ts';

/** An option as data: how it is written, checked and explained. */
export type Option<Value = unknown> = {
  /** What stands after it, for example `FILE`; null for a switch. */
  readonly takes: string | null;
  readonly short: string | null;
  readonly many: boolean;
  /** Reads a text, `true`, a list of texts, or undefined when it was not given. */
  readonly schema: z.ZodType<Value>;
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
  schema: z.ZodType<V>,
  more: { short?: string; many?: boolean } = {},
): Option<V> => ({
  takes,
  says,
  schema,
  short: more.short ?? null,
  many: more.many ?? false,
});

export const flag = (says: string, short?: string): Option<boolean> =>
  option(
    null,
    says,
    z
      .literal(true)
      .optional()
      .transform((given) => given === true),
    short === undefined ? {} : { short },
  );

/** Longest option value, in characters: a path or a sentence. */
const LONGEST = 4_096;

export const text = (takes: string, says: string, short?: string): Option<string | undefined> =>
  option(
    takes,
    says,
    z.string().min(1, 'is empty').max(LONGEST, 'is too long').optional(),
    short === undefined ? {} : { short },
  );

export const texts = (takes: string, says: string): Option<readonly string[]> =>
  option(
    takes,
    says,
    z
      .array(z.string().min(1, 'is empty').max(LONGEST, 'is too long'))
      .optional()
      .transform((given) => given ?? []),
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
    z
      .string()
      .regex(/^\d{1,16}$/, 'is not a whole number')
      .transform(Number)
      .pipe(z.number().min(least, `is less than ${least}`).max(most, `is more than ${most}`))
      .optional(),
  );

export const choice = <const C extends string>(
  choices: readonly C[],
  says: string,
  takes = choices.join('|'),
): Option<C | undefined> => option(takes, says, z.enum(choices, `is one of ${choices.join(', ')}`).optional());

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
