import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { toHex } from '#kernel';
import { type LogReport, type ProvenEntry, parseVerifierKey, verifyProofFile, verifyPublished } from '#ledger';
import { command, optional, text } from '../command.ts';
import type { Context } from '../context.ts';
import { cliError } from '../errors.ts';
import { DONE, type ExitCode, FAILED } from '../exit.ts';
import { checkPinned } from '../pinned-ledger.ts';
import { publishedBy, publishedIn, publishedText } from '../published-ledger.ts';
import { serverAddress } from '../server-address.ts';
import { count } from '../text.ts';

const LONGEST_KEY = 4_096;

export const auditVerify = command({
  teaches: `Checks that nobody changed, removed, reordered or inserted an entry of the record, cut its end, or told two stories. It
believes nobody but the public key: of a server (which publishes hashes only, so anybody may check it), of a folder with a
copy of what it publishes, or of a proof file.

For the local server the key is the one this machine pinned; elsewhere name it with --key.`,
  examples: [
    { run: 'chatelaine audit verify', does: 'the server’s whole record' },
    { run: 'chatelaine audit verify ~/copy --key ledger.key', does: 'a copied folder, offline' },
    { run: 'chatelaine audit verify entry-42.proof --key ledger.key', does: 'a proof file, offline' },
  ],
  next: 'A fault names the entries it is about. chatelaine doctor compares database and record from inside.',
  arguments: { what: optional('FOLDER|FILE', 'a copy or a proof file; the server when left out') },
  options: {
    key: text('FILE', 'The verifier key; else the one this machine pinned.'),
    checkpoint: text('FILE', 'A checkpoint kept from earlier: what it covers must not have changed.'),
  },
  async run(context, { args, options }) {
    const at = (file: string) => resolve(context.directory, file);
    const given = options.key === undefined ? undefined : readText(at(options.key)).trim();
    if (args.what !== undefined && !existsSync(at(args.what)))
      throw cliError('unreadable', `There is no ${args.what}.`, { place: args.what });
    if (args.what !== undefined && !isFolder(at(args.what)))
      return showProof(
        context,
        verifyProofFile(readFileSync(at(args.what)), parseVerifierKey(given ?? pinnedKey(context))),
      );
    const pinned = args.what === undefined ? await checkPinned(context, serverAddress(context)) : null;
    const files = args.what === undefined ? publishedBy(serverAddress(context)) : publishedIn(at(args.what));
    const key = given ?? pinned?.key ?? (await publishedKeyOf(context, files));
    const earlier = options.checkpoint === undefined ? undefined : readText(at(options.checkpoint));
    const report = await verifyPublished({
      files,
      key: parseVerifierKey(key),
      ...(earlier === undefined ? {} : { pinned: earlier }),
    });
    return showReport(context, report, key);
  },
});

const isFolder = (path: string): boolean => {
  try {
    readFileSync(path);
    return false;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EISDIR';
  }
};

const readText = (file: string): string => {
  try {
    const text = readFileSync(file, 'utf8');
    if (text.length <= LONGEST_KEY) return text;
  } catch (error) {
    throw cliError('unreadable', `${file} cannot be read.`, { place: file }, error);
  }
  throw cliError('too_large', `${file} is too long for a key or a checkpoint.`, { limit: LONGEST_KEY });
};

const pinnedKey = (context: Context): string => {
  const { ledgers } = context.memory.read();
  const key = ledgers[serverAddress(context).name]?.key;
  if (key === undefined)
    throw cliError('wrong_use', 'This machine has pinned no key yet.', { command: 'audit verify' });
  return key;
};

/** A copy that brings its own key proves only that it fits together; that is said. */
const publishedKeyOf = async (context: Context, files: Parameters<typeof publishedText>[0]): Promise<string> => {
  const key = await publishedText(files, 'key');
  if (key === undefined)
    throw cliError('wrong_use', 'Name the verifier key with --key FILE.', { command: 'audit verify' });
  context.terminal.say(
    context.terminal.paintRemarks.warn(
      'The key came with the copy: whoever made the copy could have made the key. Compare it with one you trust.',
    ),
  );
  return key;
};

const showReport = (context: Context, { ok, size, root, faults, checkpoint }: LogReport, key: string): ExitCode => {
  const faultsJson = faults.map((fault) => ({ kind: fault.kind, message: fault.message }));
  context.answer(
    {
      ok,
      origin: checkpoint?.origin ?? null,
      entries: size,
      root: root === null ? null : toHex(root),
      key,
      faults: faultsJson,
    },
    () => {
      const { terminal } = context;
      if (ok)
        terminal.print(
          terminal.paint.good(
            `${count(size, 'entry', 'entries')} of ${checkpoint?.origin ?? 'the record'}: all as they were written.`,
          ),
        );
      else {
        terminal.print(terminal.paint.bad(`The record is not as it was written (${count(faults.length, 'fault')}):`));
        for (const { message } of faults) terminal.print(`  ${message}`);
      }
      terminal.say(terminal.paintRemarks.quiet(`checked with ${key}`));
    },
  );
  return ok ? DONE : FAILED;
};

const showProof = (context: Context, { index, checkpoint, opening }: ProvenEntry): ExitCode => {
  const told = new TextDecoder().decode(opening);
  context.answer({ ok: true, index, origin: checkpoint.origin, entries: checkpoint.size, opening: told }, () =>
    context.terminal.print(
      context.terminal.paint.good(
        `Entry ${index} stands in the record of ${checkpoint.origin} (${checkpoint.size} entries).`,
      ),
    ),
  );
  return DONE;
};
