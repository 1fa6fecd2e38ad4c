import { resolve } from 'node:path';
import { command, flag, required, text } from '../command.ts';
import { cliError } from '../errors.ts';
import { DONE } from '../exit.ts';
import { checkPinned } from '../pinned-ledger.ts';
import { writePrivate } from '../write-file.ts';

export const auditProve = command({
  teaches: `Makes a file that proves to anybody, offline and with the public key alone, that an entry stands in the record. It holds
what opens that one entry (who, what, when, from where), so give it only to those who may know.`,
  examples: [
    { run: 'chatelaine audit prove 42', does: 'writes entry-42.proof' },
    { run: 'chatelaine audit prove 42 --own', does: 'of an entry of your own, which needs no further right' },
  ],
  next: 'chatelaine audit verify entry-42.proof checks it; so does any tool for c2sp.org/tlog-proof.',
  arguments: { index: required('INDEX', 'the number of the entry') },
  options: {
    own: flag('It is an entry of your own.'),
    out: text('FILE', 'Where to write it; "-" for standard output.', 'o'),
  },
  async run(context, { args, options }) {
    if (!/^\d{1,15}$/.test(args.index))
      throw cliError('wrong_use', 'The number of an entry is a whole number from 0.', { command: 'audit prove' });
    const server = await context.server();
    await checkPinned(context, server.address);
    const { proof, entry } = await server.call('ledger.prove', {
      params: { index: args.index },
      query: options.own ? { own: 'true' } : {},
    });
    const file = options.out ?? `entry-${entry.index}.proof`;
    if (context.json) context.terminal.print(JSON.stringify({ proof, entry }));
    else if (file === '-') context.terminal.printRaw(new TextEncoder().encode(proof));
    else {
      writePrivate(resolve(context.directory, file), proof);
      context.terminal.say(`${file} proves entry ${entry.index}: ${entry.action}, ${entry.outcome}.`);
    }
    return DONE;
  },
});
