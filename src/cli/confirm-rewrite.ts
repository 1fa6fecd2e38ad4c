import type { Context } from './context.ts';
import { DONE, type ExitCode } from './exit.ts';
import type { Place } from './memory.ts';
import { destroyPatches } from './patches.ts';
import { count, printable, some } from './text.ts';

/** `adopt --confirm`: neither the originals nor a patch with the values that it removed are needed any more. */
export const confirmRewrite = async (context: Context, place: Place, folder: string): Promise<ExitCode> => {
  const server = await context.server();
  const { destroyed } = await server.call('originals.confirm', { params: place, body: {} });
  const patches = await destroyPatches(context, place, folder);
  context.answer({ ...place, destroyed, patches }, () => {
    context.terminal.say(
      destroyed === 0
        ? 'No originals are kept.'
        : `${count(destroyed, 'original')} destroyed. Older backups of the store hold them until they age out.`,
    );
    if (patches.length > 0)
      context.terminal.say(`Destroyed as well, for the values in it: ${some(patches.map(printable), 4)}.`);
  });
  return DONE;
};
