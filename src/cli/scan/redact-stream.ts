import { createReadStream } from 'node:fs';
import { resolve } from 'node:path';
import { type Known, openMask, openRedaction } from '#scanner/replace';
import type { Context } from '../context.ts';
import { cliError } from '../errors.ts';
import { DONE, type ExitCode } from '../exit.ts';
import { knownValues } from './known-values.ts';

export const redactStream = async (
  context: Context,
  { file, known }: { readonly file: string | undefined; readonly known: boolean },
): Promise<ExitCode> => {
  const names: readonly Known[] = known ? await knownValues(context) : [];
  await context.release();
  const mask = openMask(names);
  const redaction = await openRedaction();
  const show = async (bytes: Uint8Array): Promise<void> => {
    if (bytes.length > 0) context.terminal.printRaw(bytes);
  };
  try {
    for await (const chunk of file === undefined ? process.stdin : createReadStream(resolve(context.directory, file))) {
      if (context.signal.aborted) break;
      await show(await redaction.write(Buffer.concat([mask.write(chunk as Buffer), mask.flush()])));
    }
  } catch (error) {
    throw cliError('unreadable', 'The text cannot be read to its end.', { place: file ?? 'standard input' }, error);
  }
  await show(await redaction.end(mask.end()));
  return DONE;
};
