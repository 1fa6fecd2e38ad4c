import { resolve } from 'node:path';
import { render } from '#formats';
import { type JsonObject, Secret, stringifyJson, utf8 } from '#kernel';
import { choice, command, flag, text, texts } from '../command.ts';
import type { Context } from '../context.ts';
import { cliError } from '../errors.ts';
import { DONE } from '../exit.ts';
import { PLACE_OPTIONS, placeOf } from '../place.ts';
import { readValues } from '../read-values.ts';
import { readSecretFile } from '../read-secret.ts';
import { count } from '../text.ts';
import { withoutLineEnd } from '../value.ts';
import { variablesOf } from '../variables.ts';
import { writePrivate } from '../write-file.ts';

const LONGEST_PASSPHRASE = 1_024;
/** A passphrase guards every value at once, against guessing without end. */
const SHORTEST_PASSPHRASE = 12;

export const exportValues = command({
  teaches: `Takes all values of an environment out, as JSON or as a .env file, so that nothing holds you here. The result is encrypted
with age (age-encryption.org) to a recipient or a passphrase; any age tool opens it. Every reading is recorded.

--plaintext writes it in clear, and says so: whoever gets the file has every key in it.`,
  examples: [
    { run: 'chatelaine export --recipient age1… --out porch.json.age', does: 'for the holder of that age identity' },
    { run: 'chatelaine export --out porch.json.age', does: 'asks for a passphrase' },
    { run: 'chatelaine export --format dotenv --plaintext --out .env', does: 'in clear' },
  ],
  next: 'age --decrypt porch.json.age opens it. To stop using chatelaine altogether: chatelaine leave.',
  arguments: {},
  options: {
    ...PLACE_OPTIONS,
    format: choice(['json', 'dotenv'], 'What it holds; json when left out.'),
    recipient: texts('AGE1…', 'Encrypt to this age recipient; may be repeated.'),
    'passphrase-file': text('FILE', 'File with the passphrase; else it is asked for.'),
    plaintext: flag('Write it in clear.'),
    out: text('FILE', 'Where to write it, mode 0600; standard output when left out.', 'o'),
  },
  async run(context, { options }) {
    const { terminal } = context;
    if (options.plaintext && (options.recipient.length > 0 || options['passphrase-file'] !== undefined))
      throw cliError('wrong_use', '--plaintext excludes --recipient and --passphrase-file.', { command: 'export' });
    if (!options.plaintext && options.out === undefined && terminal.isTerminal)
      throw cliError('wrong_use', 'An encrypted file is not for a terminal: name one with --out.', {
        command: 'export',
      });
    const lock = options.plaintext ? null : await lockFor(context, options.recipient, options['passphrase-file']);
    const place = placeOf(context, options);
    const server = await context.server();
    const all: { path: string; originalName: string | null }[] = [];
    for await (const one of server.items('credentials.list', { query: { ...place, limit: '500' } }))
      if (one.version > 0 && one.state !== 'destroyed') all.push(one);
    const values = await readValues(
      server,
      all.map(({ path }) => path),
    );
    const named = all.map(({ path, originalName }, at) => ({
      name: path.split('/').slice(2).join('/'),
      originalName,
      value: values[at]!,
    }));
    const plain = utf8(
      options.format === 'dotenv'
        ? dotenvOf(named)
        : `${stringifyJson({ ...place, values: Object.fromEntries(named.map(({ name, value }) => [name, value])) })}\n`,
    );
    const bytes = lock === null ? plain : await lock(plain);
    if (options.out === undefined) terminal.printRaw(bytes);
    else writePrivate(resolve(context.directory, options.out), bytes);
    if (lock === null)
      terminal.say(
        terminal.paintRemarks.bad(
          `IN CLEAR: whoever gets ${options.out ?? 'this output'} has ${count(named.length, 'key')} of ${place.project}/${place.environment}.`,
        ),
      );
    else
      terminal.say(
        `${count(named.length, 'value')} of ${place.project}/${place.environment}, encrypted${options.out === undefined ? '' : ` in ${options.out}`}.`,
      );
    return DONE;
  },
});

const lockFor = async (
  { terminal, directory }: Context,
  recipients: readonly string[],
  file: string | undefined,
): Promise<(plain: Uint8Array) => Promise<Uint8Array>> => {
  const { Encrypter } = await import('age-encryption');
  const encrypter = new Encrypter();
  if (recipients.length > 0) {
    try {
      for (const recipient of recipients) encrypter.addRecipient(recipient);
    } catch (error) {
      throw cliError('wrong_use', 'That is not an age recipient: it begins with age1.', { command: 'export' }, error);
    }
  } else {
    const passphrase =
      file === undefined
        ? await askTwice(terminal)
        : Secret.fromText(withoutLineEnd(readSecretFile(directory, file, LONGEST_PASSPHRASE).revealText()));
    if (passphrase.revealText().length < SHORTEST_PASSPHRASE)
      throw cliError('wrong_use', `The passphrase is shorter than ${SHORTEST_PASSPHRASE} characters.`, {
        command: 'export',
      });
    encrypter.setPassphrase(passphrase.revealText());
  }
  return (plain) => encrypter.encrypt(plain);
};

const askTwice = async (terminal: Context['terminal']): Promise<Secret> => {
  const instead = 'Say --recipient, or --passphrase-file FILE.';
  const first = await terminal.askSecret('Passphrase for the file:', instead);
  if (!first.equals(await terminal.askSecret('The same again:', instead)))
    throw cliError('not_confirmed', 'The two are not the same.');
  return first;
};

type Named = { readonly name: string; readonly originalName: string | null; readonly value: JsonObject };

const dotenvOf = (named: readonly Named[]): string => {
  const { variables, collisions, refused } = variablesOf(named);
  if (collisions.length > 0)
    throw cliError(
      'stuck_data',
      `${collisions[0]!.credentials.join(' and ')} would both be ${collisions[0]!.variable}.`,
      { instead: 'Export as JSON.' },
    );
  if (refused.length > 0)
    throw cliError('stuck_data', `${refused[0]!.credential} cannot be the variable ${refused[0]!.variable}.`, {
      instead: 'Export as JSON.',
    });
  const template = {
    path: '.env',
    parts: Object.keys(variables).flatMap((name) => [
      `${name}=`,
      { ...DOTENV_SLOT, pieces: [{ credential: name, encoding: 'none' as const }] },
      '\n',
    ]),
  };
  return render(template, (name) => Secret.fromText(variables[name]!)).revealText();
};

const DOTENV_SLOT = { style: 'dotenv', layer: 'none', indent: '', pad: '', lead: '' } as const;
