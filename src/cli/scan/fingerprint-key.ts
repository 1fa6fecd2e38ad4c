import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { type Fingerprinter, isFingerprintKey, keyedFingerprints, slowFingerprints } from '#scanner';
import { Secret, toHex } from '#kernel';
import type { Context } from '../context.ts';
import { cliError } from '../errors.ts';
import { writePrivate } from '../write-file.ts';
import { readBounded } from './read-bounded.ts';

/** Bytes; a key is a line. */
const LARGEST = 64 * 1024;

/** How CI hands the key to a scan: a secret of the pipeline. */
export const KEY_VARIABLE = 'CHATELAINE_SCAN_KEY';
const OWN_KEY = 'scan.key';
const KEY_BYTES = 32;

export type Fingerprinters = {
  /** Names new lines of a baseline, and findings in reports. Null: there is no key. */
  readonly own: Fingerprinter | null;
  /** All that may have named lines that are there. */
  readonly all: readonly Fingerprinter[];
};

/**
 * The key under which values are named: the file that was named, else CI's secret, else this person's own, which is made
 * when a baseline is first written. Never one from the repository, where whoever reads the baseline would have it.
 */
export const openFingerprinters = (
  context: Context,
  options: { readonly keyFile: string | undefined; readonly make: boolean },
): Fingerprinters => {
  const key = given(context, options.keyFile) ?? ownKey(context, options.make);
  const own = key === null ? null : keyedFingerprints(key);
  return { own, all: own === null ? [slowFingerprints()] : [own, slowFingerprints()] };
};

const given = (context: Context, file: string | undefined): Secret | null => {
  if (file !== undefined) return check(read(resolve(context.directory, file)), file);
  const variable = context.environment[KEY_VARIABLE] ?? '';
  return variable === '' ? null : check(variable, KEY_VARIABLE);
};

const ownKey = (context: Context, make: boolean): Secret | null => {
  const file = join(dirname(context.memory.file), OWN_KEY);
  if (existsSync(file)) return check(read(file), file);
  if (!make) return null;
  const text = toHex(context.random.bytes(KEY_BYTES));
  writePrivate(file, `${text}\n`);
  context.terminal.say(
    `A key for fingerprints was made: ${file}. Others, and CI (${KEY_VARIABLE}), need the same one to read the baseline.`,
  );
  return Secret.fromText(text);
};

const read = (file: string): string => readBounded(file, 'The key for fingerprints', { most: LARGEST });

const check = (text: string, place: string): Secret => {
  if (!isFingerprintKey(text))
    throw cliError('unsafe_file', `The key for fingerprints in ${place} has fewer than 32 characters.`, {
      instead: 'Make one: openssl rand -hex 32.',
    });
  return Secret.fromText(text.trim());
};
