import { type Random, type Secret, newId } from '#kernel';
import type { Deed } from '#deeds';
import type { Caller } from '#identity';
import { type EnvironmentFacts, environmentFacts, requireEnvironment } from '#inventory';
import type { Sealing } from '#sealing';
import { adoptionError } from './errors.ts';
import { fileHash, isFileHash } from './hashes.ts';
import type { AdoptionPorts } from './ports.ts';
import { type OriginalRow, destroyOriginals, insertOriginal, originalsOf } from './tables.ts';

type Here = { readonly project: string; readonly environment: string };

export type KeepOriginal = Here & { readonly place: string; readonly content: Secret };

/** Keeps a file as it was, sealed. The same content of the same file is kept once. */
export const keepOriginal = (
  sealing: Sealing,
  random: Random,
): Deed<KeepOriginal, { readonly id: string; readonly kept: boolean }, EnvironmentFacts> => ({
  name: 'keep-original',
  action: 'credential.adopt',
  effect: 'change',
  facts: (tx, { project, environment }) => environmentFacts(tx, project, environment),
  async apply(tx, { project, environment, place, content }, _facts, { now }) {
    const where = await requireEnvironment(tx, project, environment);
    const here = { project: where.project.id, environment: where.environment.id };
    const known = (await tx.all(originalsOf, here)).find(
      (row) =>
        row.place === place &&
        row.destroyed_at === null &&
        isFileHash(sealing, 'original', place, content.reveal(), row.content_hash),
    );
    if (known !== undefined) return { id: known.id, kept: false };
    const id = newId('org', random);
    await tx.run(insertOriginal, {
      id,
      ...here,
      place,
      content_hash: fileHash(sealing, 'original', place, content.reveal()),
      sealed: await sealing.sealBlob(tx, here.project, content, binding(here.environment, id)),
      kept_at: now,
      destroyed_at: null,
    });
    return { id, kept: true };
  },
  summary: (_input, { id, kept }) => ({ note: kept ? `kept ${id}` : `${id} kept already` }),
});

export const listOriginals: Deed<Here, readonly OriginalRow[], EnvironmentFacts> = {
  name: 'list-originals',
  action: 'credential.adopt',
  effect: 'reveal',
  facts: (tx, { project, environment }) => environmentFacts(tx, project, environment),
  async find(tx, { project, environment }) {
    const where = await requireEnvironment(tx, project, environment);
    return tx.all(originalsOf, { project: where.project.id, environment: where.environment.id });
  },
};

export type ShownOriginal = { readonly place: string; readonly content: Secret; readonly receipt: number };

/** Opens an original. It may hold anything of its environment, so it is guarded like gold. */
export const showOriginal = async (
  { deeds, engine, sealing }: AdoptionPorts,
  caller: Caller,
  input: Here & { readonly id: string },
): Promise<ShownOriginal> => {
  const { output: row, receipt } = await deeds.perform(findOriginal, caller, input);
  const content = await deeds.withKeys(() =>
    engine.read((tx) =>
      sealing.openBlob(tx, receipt, {
        resource: row.environment,
        scope: row.project,
        bytes: row.sealed,
        binding: binding(row.environment, row.id),
        what: `the original of ${row.place}`,
      }),
    ),
  );
  return { place: row.place, content, receipt: receipt.index };
};

const findOriginal: Deed<
  Here & { readonly id: string },
  OriginalRow & { readonly sealed: Uint8Array },
  EnvironmentFacts
> = {
  name: 'show-original',
  action: 'credential.export',
  effect: 'reveal',
  async facts(tx, { project, environment }) {
    const facts = await environmentFacts(tx, project, environment);
    return { ...facts, resource: { ...facts.resource, tier: 'gold' } };
  },
  async find(tx, { project, environment, id }) {
    const where = await requireEnvironment(tx, project, environment);
    const rows = await tx.all(originalsOf, { project: where.project.id, environment: where.environment.id });
    const row = rows.find((one) => one.id === id);
    if (row === undefined) throw adoptionError('no_original', 'There is no such original.');
    const { sealed } = row;
    if (sealed === null) throw adoptionError('original_destroyed', `The original of ${row.place} is gone.`);
    return { ...row, sealed };
  },
  summary: ({ id }) => ({ note: id }),
};

/** The rewritten files are good: destroys the originals, gone from the database file once this returns. */
export const confirmOriginals = async (
  { deeds, engine }: AdoptionPorts,
  caller: Caller,
  input: Here,
): Promise<number> => {
  const { output } = await deeds.perform(endOriginals, caller, input);
  await engine.scrub();
  return output.destroyed;
};

export const endOriginals: Deed<Here, { readonly destroyed: number }, EnvironmentFacts> = {
  name: 'confirm-originals',
  action: 'credential.destroy',
  effect: 'change',
  facts: (tx, { project, environment }) => environmentFacts(tx, project, environment),
  async apply(tx, { project, environment }, _facts, { now }) {
    const where = await requireEnvironment(tx, project, environment);
    const here = { project: where.project.id, environment: where.environment.id };
    return { destroyed: await tx.run(destroyOriginals, { ...here, at: now }) };
  },
  summary: (_input, { destroyed }) => ({ note: `${destroyed} originals destroyed` }),
};

const binding = (environment: string, id: string) => ['original', environment, id];
