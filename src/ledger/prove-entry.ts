import { type DeedOf, stringifyJson, utf8 } from '#kernel';
import type { ReadTx, WriteTx } from '#storage';
import { readHeadRow } from './append.ts';
import { encodeEntry } from './entry.ts';
import { ledgerError } from './errors.ts';
import { ledgerFacts } from './list-entries.ts';
import { type OpenedEntry, entryJson, readEntry, tileSource } from './read-entries.ts';
import { entryAt } from './tables.ts';
import { formatProofFile } from './tree/proof-file.ts';
import { proveInclusion } from './tree/proof.ts';

export type ProveEntry = { readonly index: number };
/** `proof` is a file of the form `tree/proof-file.ts` draws; its opening is the entry as JSON. */
export type EntryProof = { readonly entry: OpenedEntry; readonly proof: string };

/** One entry, opened. With `own`, the id of an identity, only if that identity did it. Errors: `ledger.absent`. */
export const showEntry = (own: string | null): DeedOf<ReadTx, WriteTx, ProveEntry, OpenedEntry> => ({
  name: 'ledger/show-entry',
  action: own === null ? 'ledger.read' : 'ledger.read-own',
  effect: 'reveal',
  facts: (tx, { index }) => entryFacts(tx, index, own),
  find: (tx, { index }) => findEntry(tx, index, own),
});

/** One entry with the proof that it stands in the ledger, checkable offline with the public key alone. */
export const proveEntry = (own: string | null): DeedOf<ReadTx, WriteTx, ProveEntry, EntryProof> => ({
  name: 'ledger/prove-entry',
  action: own === null ? 'ledger.read' : 'ledger.read-own',
  effect: 'reveal',
  facts: (tx, { index }) => entryFacts(tx, index, own),
  async find(tx, { index }) {
    const entry = await findEntry(tx, index, own);
    const head = await readHeadRow(tx);
    if (head === undefined) throw ledgerError('empty', 'There is no ledger yet.');
    const proof = formatProofFile({
      index,
      entry: encodeEntry(entry.commitment),
      opening: utf8(stringifyJson(entryJson(entry))),
      path: await proveInclusion(tileSource(tx), index, head.size),
      checkpoint: head.checkpoint,
    });
    return { entry, proof };
  },
});

/** An entry belongs to the place it tells of; without one, to the installation. */
const entryFacts = async (tx: ReadTx, index: number, own: string | null) => {
  const [project, environment] = ((await tx.one(entryAt, { idx: index }))?.path ?? '').split('/');
  return ledgerFacts(project === undefined || project === '' ? null : project, environment ?? null, own);
};

/** An entry of somebody else is as absent to one who asks for his own as one that never was. */
const findEntry = async (tx: ReadTx, index: number, own: string | null): Promise<OpenedEntry> => {
  const size = (await readHeadRow(tx))?.size ?? 0;
  const entry = await readEntry(tx, index, size);
  if (own !== null && entry.personal?.caller !== own)
    throw ledgerError('absent', `There is no entry ${index} of yours.`, { size });
  return entry;
};
