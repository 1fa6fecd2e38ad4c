import { command, flag, text } from '../command.ts';
import { DONE } from '../exit.ts';
import { askFor } from '../attendant.ts';
import { resolve } from 'node:path';
import type { AnswerOf, Routes } from '#contract';
import { confirm } from '../confirm.ts';
import { cliError } from '../errors.ts';
import { onlineOrNot } from '../online-or-not.ts';
import { writePrivate } from '../write-file.ts';
import { SERVER_OPTIONS, flagsOf } from './up.ts';

export const kitCreate = command({
  teaches: `Makes the recovery kit: one page to print, with what opens the data when the key file is lost, what opens backups, what
signs its owner in when every other way is gone, and the key that checks the record. One kit is in force: a new one ends the
one before, and --replace says so where that is another owner's. Print it, put it where you keep what must survive a fire, and confirm it.`,
  examples: [
    { run: 'chatelaine kit create | lp', does: 'straight to the printer' },
    { run: 'chatelaine kit create --out kit.txt', does: 'into a file of mode 0600; delete it after printing' },
  ],
  next: 'chatelaine kit confirm, once it lies in its place.',
  arguments: {},
  options: {
    out: text('FILE', 'Write it into this file, mode 0600.', 'o'),
    show: flag('Show it on this terminal.'),
    replace: flag('Also where another owner’s kit ends by it.'),
    html: flag('As a page for a browser to print; from a running server.'),
    'key-file': SERVER_OPTIONS['key-file'],
    seal: SERVER_OPTIONS.seal,
  },
  async run(context, { options: { out, show, html, replace, ...flags } }) {
    const { terminal } = context;
    if (terminal.isTerminal && out === undefined && !show)
      throw cliError(
        'wrong_use',
        'It would stand on this screen, and in its history. Pipe it to a printer, or say --out FILE or --show.',
        { command: 'kit create' },
      );
    const page = await onlineOrNot(
      context,
      async (server) => pick(await server.call('kit.create', { body: { replace } }), html),
      async () =>
        (await context.operations()).createKit(flagsOf(flags, context.where.data), askFor(context), { replace }),
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

export const kitShow = command({
  teaches: `Which recovery kit is in force: whose it is, since when, whether somebody said that it lies in a safe place. Compare it with
the page in the drawer; what the page opens is shown nowhere.`,
  examples: [{ run: 'chatelaine kit show', does: 'is the page in the drawer the one?' }],
  next: 'chatelaine kit revoke, where a page went astray; chatelaine kit create makes another.',
  arguments: {},
  options: {},
  async run(context) {
    const server = await context.server();
    const { kit } = await server.call('kit.show', {});
    context.answer({ kit }, () => {
      const { terminal } = context;
      if (kit === null) return terminal.say('There is no recovery kit. Make one: chatelaine kit create');
      const owner = kit.owner === null ? 'nobody who is known' : kit.owner.name;
      terminal.print(`Made       ${kit.madeAt}`);
      terminal.print(`Signs in   ${kit.signsIn ? owner : `nobody any more: it was used by ${owner}`}`);
      terminal.print(`Put away   ${kit.confirmedAt ?? 'nobody said so yet: chatelaine kit confirm'}`);
    });
    return DONE;
  },
});

export const kitRevoke = command({
  teaches: `Ends the recovery kit in force, for a page that went astray: it signs nobody in and opens this installation's root key no more.
What it cannot do is close backups that were made for it: whoever has the page opens those, so remove them, and change what they
hold where it matters. Backups stop until there is another kit.`,
  examples: [{ run: 'chatelaine kit revoke', does: 'the page in the drawer becomes worthless here' }],
  next: 'chatelaine kit create, and chatelaine backup.',
  arguments: {},
  options: { yes: flag('Do not ask.', 'y') },
  async run(context, { options: { yes } }) {
    const server = await context.server();
    const says = 'The kit in force ends. Until there is another, losing this machine loses everything.';
    await confirm(context.terminal, yes, says, 'revoke');
    await server.call('kit.revoke', {});
    context.answer({ revoked: true }, () =>
      context.terminal.say('The kit is worthless here. Make another: chatelaine kit create'),
    );
    return DONE;
  },
});
