import { type Template, credentialsIn } from '#formats';
import { type AgreedPlans, agreeToPlans, agreedPlans, linesOf } from './agreed-plans.ts';
import type { Context } from './context.ts';
import { cliError } from './errors.ts';
import type { Place } from './memory.ts';
import { planDiff } from './plan-diff.ts';
import { count, printable, some } from './text.ts';

/** A file that is about to be rendered. */
export type Planned = {
  readonly template: Template;
  /** The file as it is now; null where there is none. */
  readonly found: Uint8Array | null;
  /** It holds already, byte for byte, what would be written. */
  readonly isSame: boolean;
};

type Wish = {
  /** Agrees to whatever the plans are. */
  readonly accept: boolean;
  /** Only tells what nobody has agreed to. */
  readonly check: boolean;
};

/**
 * The text around the values comes from the store, and whoever may adopt into the environment decides it. So nothing is
 * written that nobody on this machine has agreed to: by adopting, by saying yes to a change, or because the file is there
 * already as it would be written. Gives the targets without agreement (with `check` only); remembers the others.
 * Errors: `cli.plans_not_agreed` where nobody can be asked, `cli.not_confirmed`.
 */
export const agreeOnPlans = async (
  context: Context,
  folder: string,
  place: Place,
  planned: readonly Planned[],
  { accept, check }: Wish,
): Promise<readonly string[]> => {
  const agreed = agreedPlans(context, folder, place);
  const open = planned.filter(
    ({ template, isSame }) => !agreed.isAgreed(template) && (agreed.of(template.path) !== undefined || !isSame),
  );
  const targets = open.map(({ template }) => template.path);
  if (open.length > 0) {
    if (!context.json) show(context, agreed, open);
    if (check) return targets;
    if (!accept) await ask(context, targets);
  } else if (check) return [];
  agreeToPlans(
    context,
    folder,
    place,
    planned.map(({ template }) => template),
  );
  return [];
};

const ask = async ({ terminal }: Context, targets: readonly string[]): Promise<void> => {
  if (!terminal.canAsk)
    throw cliError(
      'plans_not_agreed',
      `Nobody on this machine has agreed to what would be written around the values in ${some(targets.map(printable), 4)}. Nothing was written.`,
      { targets: targets.join(', ') },
    );
  const typed = await terminal.ask('Type yes to render them so:', 'Say --accept-plan-changes.');
  if (typed.trim().toLowerCase() !== 'yes') throw cliError('not_confirmed', 'That was not yes.');
};

const show = ({ terminal }: Context, agreed: AgreedPlans, open: readonly Planned[]): void => {
  const { paintRemarks: paint } = terminal;
  const changed = open.filter(({ template }) => agreed.of(template.path) !== undefined);
  const unknown = open.filter(({ template }) => agreed.of(template.path) === undefined);
  for (const one of changed) showChange({ terminal }, agreed, one);
  if (unknown.length === 0) return;
  terminal.say(paint.title('Not rendered on this machine before:'));
  for (const { template, found } of unknown)
    terminal.say(
      `  ${printable(template.path)}  ${found === null ? 'a new file' : paint.warn('instead of what is there now')}, ${count(linesOf(template).length, 'line')}, ${count(credentialsIn(template).length, 'value')}`,
    );
  terminal.say(paint.quiet('chatelaine render --show-plans prints what they say, without the values.'));
};

/** What is gone is told from the file that is there; a line with a value in it is never printed. */
const showChange = (
  { terminal }: Pick<Context, 'terminal'>,
  agreed: AgreedPlans,
  { template, found }: Planned,
): void => {
  const { paintRemarks: paint } = terminal;
  const before = agreed.of(template.path)?.lines ?? [];
  const known = new Map(
    (found === null ? '' : new TextDecoder().decode(found)).split('\n').map((line) => [agreed.hashLine(line), line]),
  );
  terminal.say(paint.title(`${printable(template.path)} is not as it was agreed to on this machine:`));
  const diff = planDiff({
    before,
    after: linesOf(template),
    hashLine: (line) => agreed.hashLine(line),
    textOf: (hash) => known.get(hash),
  });
  for (const { sign, text } of diff) {
    const line = `  ${sign} ${text === null ? (sign === '-' ? '(a line with a value, or no longer known)' : '') : visible(text)}`;
    terminal.say(sign === '+' ? paint.good(line) : sign === '-' ? paint.bad(line) : line);
  }
};

/** The whole text of plans, for a person to read. */
export const showPlans = ({ terminal }: Context, templates: readonly Template[]): void => {
  for (const template of templates) {
    terminal.print(terminal.paint.title(printable(template.path)));
    for (const line of linesOf(template)) terminal.print(`  ${visible(line)}`);
  }
};

/** What would repaint the terminal, turn the direction of reading or not be seen is shown by its number. */
const visible = (line: string): string =>
  line.replaceAll(/[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Zl}\p{Zp}]|(?! )\p{Zs}/gu, (char) =>
    char === '\t' ? '    ' : `\\u{${char.codePointAt(0)!.toString(16)}}`,
  );
