/**
 * Writes the answers of golden conversations anew, from what the server says now:
 *
 *     node test/vault/write-golden.ts [FILE.txt …]
 *
 * Every changed line wants a reader: what is in these files is a promise to clients.
 */
import { globSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { openTestHouse } from '../house.ts';
import { converse } from './converse.ts';
import { type Names, normalise, readExchanges, requestBytes, tokenNames } from './golden.ts';

const FOLDER = join(import.meta.dirname, 'golden');

/** Puts placeholders where answers differ from run to run. */
const withPlaceholders = (text: string, names: Names): string => {
  let shown = text;
  for (const [name, value] of names) if (!name.startsWith('$')) shown = shown.replaceAll(value, `<${name}>`);
  return shown
    .replaceAll(/"(client_token|token)":"chtl_[0-9A-Za-z]{49}"/g, '"$1":"<token $token>"')
    .replaceAll(/W\/"cred_[0-9a-z]{24}[.\d]+"/g, '<etag $etag>')
    .replaceAll(/"accessor":"acc_[0-9a-z]{24}"/g, '"accessor":"<id $accessor>"')
    .replaceAll(/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}|\b(?:idn|acc)_[0-9a-z]{24}/g, '<id>')
    .replaceAll(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z/g, '<time>')
    .replaceAll(/chatelaine\/[0-9a-z]{24}/g, '<origin>')
    .replaceAll(/chtl_[0-9A-Za-z]{49}/g, '<token>')
    .replaceAll(
      /"(server_time_utc|creation_time|ttl|lease_duration|creation_ttl|explicit_max_ttl)":(\d{2,})/g,
      '"$1":<number>',
    )
    .replaceAll(/"nonce":"[0-9a-f]{32}"/g, '"nonce":"<nonce>"');
};

for (const file of process.argv.length > 2 ? process.argv.slice(2) : globSync('*.txt', { cwd: FOLDER })) {
  const path = join(FOLDER, basename(file));
  const text = readFileSync(path, 'utf8');
  const house = await openTestHouse();
  const names = tokenNames(house);
  const answers = new Map<number, string>();
  for (const exchange of readExchanges(text)) {
    const heard = await converse(house.port, [requestBytes(exchange, names)]);
    const token = /"(?:client_token|token)":"(chtl_[0-9A-Za-z]{49})"/.exec(heard)?.[1];
    const accessor = /"accessor":"(acc_[0-9a-z]{24})"/.exec(heard)?.[1];
    const etag = /W\/"cred_[0-9a-z]{24}[.\d]+"/.exec(heard)?.[0];
    answers.set(exchange.line, withPlaceholders(normalise(heard), names));
    if (token !== undefined) names.set('$token', token);
    if (etag !== undefined) names.set('$etag', etag);
    if (accessor !== undefined) names.set('$accessor', accessor);
  }
  await house.close();
  const lines: string[] = [];
  let open: number | undefined;
  const flush = (): void => {
    if (open !== undefined)
      lines.push(
        ...answers
          .get(open)!
          .split('\n')
          .map((line) => `< ${line}`.trimEnd()),
      );
    open = undefined;
  };
  for (const [i, line] of text.split('\n').entries()) {
    if (line.startsWith('<')) continue;
    if (!line.startsWith('>')) flush();
    if (answers.has(i + 1)) open = i + 1;
    lines.push(line);
  }
  flush();
  writeFileSync(path, lines.join('\n'));
}
