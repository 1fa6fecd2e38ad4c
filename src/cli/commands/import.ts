import { classifyLeaf } from '#catalogue';
import { type JsonObject, hasCode } from '#kernel';
import { command, choice, flag, optional, text } from '../command.ts';
import type { Context } from '../context.ts';
import { cliError } from '../errors.ts';
import { DONE, FAILED } from '../exit.ts';
import { type Imported, readDotenv, readSops, readVault } from '../import-sources.ts';
import { PLACE_OPTIONS, pathOf, placeOf } from '../place.ts';
import { ensurePlace } from '../server-place.ts';
import { count, printable, some } from '../text.ts';
import { singleText } from '../value.ts';

export const importValues = command({
  teaches: `Takes values in that live somewhere else: a .env file, a file encrypted with sops (which is asked to decrypt it), or a
key-value engine of HashiCorp Vault or OpenBao, version 1 or 2. Names are kept as they are, below --prefix if you give one.
What is there already is left alone, unless --overwrite writes it as a new version.

A .env file holds settings and secrets side by side. Ports, addresses, names and the like are told from secrets as adopt tells
them, and stay out; you are told which. --all takes them too.`,
  examples: [
    { run: 'chatelaine import .env', does: 'each variable that is secret becomes a credential' },
    { run: 'chatelaine import secrets.sops.yaml --prefix cloud', does: 'decrypted by sops, never written in clear' },
    {
      run: 'VAULT_ADDR=https://vault:8200 chatelaine import --from vault --vault-mount kv --token-file token',
      does: 'everything below a mount',
    },
  ],
  next: 'chatelaine list shows what came in. Delete the old place once everything reads from here.',
  arguments: { file: optional('FILE', 'the file; left out for Vault') },
  options: {
    ...PLACE_OPTIONS,
    from: choice(['dotenv', 'sops', 'vault'], 'What it is; told from the file when left out.', 'KIND'),
    prefix: text('NAME', 'Put everything below this name.'),
    all: flag('Take in what is not secret as well.'),
    overwrite: flag('Write a new version of what is there already.'),
    'dry-run': flag('Only tell what would come in.', 'n'),
    'vault-mount': text('PATH', 'The mount of the engine; secret when left out.'),
    'vault-path': text('PATH', 'Only what lies below this path.'),
    'token-file': text('FILE', 'File with the token for Vault; else it is asked for.'),
  },
  async run(context, { args, options }) {
    const found = await readSource(context, args.file, options);
    const plain = options.all ? [] : found.filter(({ isPlain }) => isPlain === true).map(({ name }) => name);
    const taken = options.all ? found : found.filter(({ isPlain }) => isPlain !== true);
    const sayPlain = (): void => {
      if (plain.length > 0)
        context.terminal.say(
          `Left out, because they are not secret: ${some(plain.map(printable), 6)}. --all takes them.`,
        );
    };
    const named = taken.map((one) => ({
      ...one,
      name: options.prefix === undefined ? one.name : `${options.prefix}/${one.name}`,
    }));
    if (options['dry-run']) {
      context.answer({ names: named.map(({ name }) => name), plain, written: [], kept: [] }, () => {
        named.forEach(({ name }) => context.terminal.print(printable(name)));
        sayPlain();
      });
      return DONE;
    }
    const server = await context.server();
    const place = placeOf(context, options);
    await ensurePlace(server, place);
    const progress = context.terminal.progress('values taken in');
    const written: string[] = [];
    const kept: string[] = [];
    const failed: { name: string; detail: string }[] = [];
    for (const [at, { name, value }] of named.entries()) {
      context.signal.throwIfAborted();
      progress.at(at, named.length);
      try {
        const path = pathOf(context, name, place);
        await server.call('values.put', {
          path,
          body: {
            value,
            ...(options.overwrite ? {} : { checkAndSet: 0 }),
            description: { ...kindOf(name, value), originalName: name },
          },
        });
        written.push(name);
      } catch (error) {
        if (hasCode(error, 'secrets.version_conflict')) kept.push(name);
        else if (error instanceof Error && error.name === 'ChatelaineError' && !hasCode(error, 'client.unreachable'))
          failed.push({ name, detail: error.message });
        else throw error;
      }
    }
    progress.end();
    context.answer({ ...place, written, kept, plain, failed }, () => {
      const { terminal } = context;
      terminal.say(`${count(written.length, 'value')} taken in to ${place.project}/${place.environment}.`);
      if (kept.length > 0)
        terminal.say(
          `Left alone, because they are there already: ${some(kept.map(printable), 6)}. --overwrite writes them.`,
        );
      sayPlain();
      for (const { name, detail } of failed)
        terminal.say(terminal.paintRemarks.bad(`${printable(name)}: ${printable(detail)}`));
    });
    return failed.length === 0 ? DONE : FAILED;
  },
});

type Wish = {
  readonly from: 'dotenv' | 'sops' | 'vault' | undefined;
  readonly 'vault-mount': string | undefined;
  readonly 'vault-path': string | undefined;
  readonly 'token-file': string | undefined;
};

/** What a value is, by its name and shape, where it is a single text. */
const kindOf = (name: string, value: JsonObject): { readonly kind?: string } => {
  const text = singleText(value);
  if (text === undefined) return {};
  const { secret, kind } = classifyLeaf({ system: null, file: '', keyPath: name.split('/') }, text);
  return { kind: secret ? kind : 'plain' };
};

const readSource = async (context: Context, file: string | undefined, options: Wish): Promise<readonly Imported[]> => {
  if (options.from === 'vault')
    return readVault(context, {
      mount: options['vault-mount'] ?? 'secret',
      path: options['vault-path'] ?? '',
      tokenFile: options['token-file'],
    });
  if (file === undefined) throw cliError('wrong_use', 'Name the file, or say --from vault.', { command: 'import' });
  return options.from === 'sops'
    ? readSops(context, file)
    : options.from === 'dotenv'
      ? readDotenv(context, file)
      : ((await readSops(context, file, true)) ?? readDotenv(context, file));
};
