import { command, flag, text } from '../command.ts';
import { DONE } from '../exit.ts';
import { askFor } from '../attendant.ts';
import { resolve } from 'node:path';
import type { AnswerOf, Routes } from '#contract';
import { cliError } from '../errors.ts';
import { onlineOrNot } from '../online-or-not.ts';
import { writePrivate } from '../write-file.ts';
import { SERVER_OPTIONS, flagsOf } from './up.ts';

export const kitCreate = command({
  teaches: `Makes the recovery kit: one page to print, with what opens the data when the key file is lost, what opens backups, what
signs its owner in when every other way is gone, and the key that checks the record. A new kit ends the one before. Print it,
put it where you keep what must survive a fire, and confirm it.`,
  examples: [
    { run: 'chatelaine kit create | lp', does: 'straight to the printer' },
    { run: 'chatelaine kit create --out kit.txt', does: 'into a file of mode 0600; delete it after printing' },
  ],
  next: 'chatelaine kit confirm, once it lies in its place.',
  arguments: {},
  options: {
    out: text('FILE', 'Write it into this file, mode 0600.', 'o'),
    show: flag('Show it on this terminal.'),
    html: flag('As a page for a browser to print; from a running server.'),
    'key-file': SERVER_OPTIONS['key-file'],
    seal: SERVER_OPTIONS.seal,
  },
  async run(context, { options: { out, show, html, ...flags } }) {
    const { terminal } = context;
    if (terminal.isTerminal && out === undefined && !show)
      throw cliError(
        'wrong_use',
        'It would stand on this screen, and in its history. Pipe it to a printer, or say --out FILE or --show.',
        { command: 'kit create' },
      );
    const page = await onlineOrNot(
      context,
      async (server) => pick(await server.call('kit.create', { body: {} }), html),
      async () => (await context.operations()).createKit(flagsOf(flags, context.where.data), askFor(context)),
    );
    if (out === undefined) terminal.print(page);
    else writePrivate(resolve(context.directory, out), `${page}\n`);
    terminal.say(
      `${out === undefined ? 'The kit is made.' : `The kit is in ${out}.`} Print it, put it away, then: chatelaine kit confirm`,
    );
    return DONE;
  },
});

const pick = ({ page, html }: AnswerOf<Routes['kit.create']>, wantsHtml: boolean): string => (wantsHtml ? html : page);

export const kitConfirm = command({
  teaches: 'Says that the recovery kit is printed and lies in a safe place; the reminders end.',
  examples: [{ run: 'chatelaine kit confirm', does: 'once it is so' }],
  next: 'chatelaine backup writes what the kit opens.',
  arguments: {},
  options: {},
  async run(context) {
    const server = await context.server();
    await server.call('kit.confirm', { body: {} });
    context.answer({ confirmed: true }, () => context.terminal.say('Noted: the kit lies in a safe place.'));
    return DONE;
  },
});
