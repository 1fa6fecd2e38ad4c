import { type Secret, fromHex } from '#kernel';
import type { Deed } from '#deeds';
import type { Caller } from '#identity';
import { type EnvironmentFacts, environmentFacts, requireEnvironment } from '#inventory';
import type { SealedBlob, Sealing } from '#sealing';
import { adoptionError } from './errors.ts';
import { fileHash, isFileHash } from './hashes.ts';
import type { AdoptionPorts } from './ports.ts';
import { type RenderingRow, deleteRendering, markWritten, putRendering, renderingsOf } from './tables.ts';

type Here = { readonly project: string; readonly environment: string };

/** A file to render: where, in which format, and its template as JSON text. */
export type RenderingPlan = { readonly target: string; readonly format: string; readonly plan: Secret };

/** Keeps templates, sealed under the project's key. A file that was written stays known as written. */
export const keepRenderings = (
  sealing: Sealing,
): Deed<Here & { readonly plans: readonly RenderingPlan[] }, void, EnvironmentFacts> => ({
  name: 'keep-renderings',
  action: 'credential.adopt',
  effect: 'change',
  facts: (tx, { project, environment }) => environmentFacts(tx, project, environment),
  async apply(tx, { project, environment, plans }) {
    const place = await requireEnvironment(tx, project, environment);
    for (const { target, format, plan } of plans) {
      const here = { project: place.project.id, environment: place.environment.id };
      const sealed = await sealing.sealBlob(tx, here.project, plan, binding(here.environment, target));
      await tx.run(putRendering, { ...here, target, format, plan: sealed });
    }
  },
  summary: ({ plans }) => ({ note: `${plans.length} files` }),
});

export type ListedRendering = Pick<RenderingRow, 'target' | 'format' | 'written_at'>;

/** Which files are rendered from an environment. */
export const listRenderings: Deed<Here, readonly ListedRendering[], EnvironmentFacts> = {
  name: 'list-renderings',
  action: 'credential.render',
  effect: 'reveal',
  facts: (tx, { project, environment }) => environmentFacts(tx, project, environment),
  async find(tx, { project, environment }) {
    const place = await requireEnvironment(tx, project, environment);
    return tx.all(renderingsOf, { project: place.project.id, environment: place.environment.id });
  },
};

export type OpenRenderings = Here & {
  /** Empty for all. `found`: SHA-256 of the file as it is now, hexadecimal; null where there is none. */
  readonly targets: readonly { readonly target: string; readonly found: string | null }[];
};

export type OpenedRendering = {
  readonly target: string;
  readonly format: string;
  readonly plan: Secret;
  /** Whether what is there now is what was written. */
  readonly written: 'never' | 'untouched' | 'edited';
};

/** Gives templates back, and tells a file that somebody edited by hand from one that was only written. */
export const openRenderings = async (
  { deeds, engine, sealing }: AdoptionPorts,
  caller: Caller,
  input: OpenRenderings,
): Promise<{ readonly items: readonly OpenedRendering[]; readonly receipt: number }> => {
  const { output, receipt } = await deeds.perform(findRenderings, caller, input);
  const found = new Map(input.targets.map((one) => [one.target, one.found]));
  const items = await deeds.withKeys(() =>
    engine.read((tx) =>
      Promise.all(
        output.map(async (row) => ({
          target: row.target,
          format: row.format,
          plan: await sealing.openBlob(tx, receipt, renderingBlob(row)),
          written: writtenAs(sealing, row, found.get(row.target) ?? null),
        })),
      ),
    ),
  );
  return { items, receipt: receipt.index };
};

const findRenderings: Deed<OpenRenderings, readonly RenderingRow[], EnvironmentFacts> = {
  name: 'open-renderings',
  action: 'credential.render',
  effect: 'reveal',
  facts: (tx, { project, environment }) => environmentFacts(tx, project, environment),
  async find(tx, { project, environment, targets }) {
    const place = await requireEnvironment(tx, project, environment);
    const rows = await tx.all(renderingsOf, { project: place.project.id, environment: place.environment.id });
    if (targets.length === 0) return rows;
    return targets.map(({ target }) => {
      const row = rows.find((one) => one.target === target);
      if (row === undefined) throw absent(target);
      return row;
    });
  },
  summary: (_input, rows) => ({ note: `${rows.length} files` }),
};

/** A file that is gone was not edited: it is written again. */
const writtenAs = (sealing: Sealing, row: RenderingRow, found: string | null): OpenedRendering['written'] => {
  if (row.written_hash === null) return 'never';
  return found === null || isFileHash(sealing, 'rendered', row.target, fromHex(found), row.written_hash)
    ? 'untouched'
    : 'edited';
};

export type MarkRendered = Here & {
  /** Hash: SHA-256 of the file that was written, hexadecimal. */
  readonly written: readonly { readonly target: string; readonly hash: string }[];
};

/** Remembers what was written. Errors: `adoption.no_rendering`. */
export const markRendered = (sealing: Sealing): Deed<MarkRendered, void, EnvironmentFacts> => ({
  name: 'mark-rendered',
  action: 'credential.render',
  effect: 'change',
  facts: (tx, { project, environment }) => environmentFacts(tx, project, environment),
  async apply(tx, { project, environment, written }, _facts, { now }) {
    const place = await requireEnvironment(tx, project, environment);
    for (const { target, hash } of written) {
      const touched = await tx.run(markWritten, {
        project: place.project.id,
        environment: place.environment.id,
        target,
        hash: fileHash(sealing, 'rendered', target, fromHex(hash)),
        at: now,
      });
      if (touched === 0) throw absent(target);
    }
  },
  summary: ({ written }) => ({ note: `${written.length} files written` }),
});

/** Gives files up: nothing is rendered there any more. Errors: `adoption.no_rendering`, and then none is. */
export const forgetRenderings: Deed<Here & { readonly targets: readonly string[] }, void, EnvironmentFacts> = {
  name: 'forget-renderings',
  action: 'credential.adopt',
  effect: 'change',
  facts: (tx, { project, environment }) => environmentFacts(tx, project, environment),
  async apply(tx, { project, environment, targets }) {
    const place = await requireEnvironment(tx, project, environment);
    const here = { project: place.project.id, environment: place.environment.id };
    for (const target of new Set(targets))
      if ((await tx.run(deleteRendering, { ...here, target })) === 0) throw absent(target);
  },
  summary: ({ targets }) => ({ note: `${targets.length} files` }),
};

/** A rendering's plan as `sealing` opens it, with a receipt for its environment. */
export const renderingBlob = ({ project, environment, target, plan }: RenderingRow): SealedBlob => ({
  resource: environment,
  scope: project,
  bytes: plan,
  binding: binding(environment, target),
  what: `the template of ${target}`,
});

const binding = (environment: string, target: string) => ['rendering', environment, target];

const absent = (target: string) =>
  adoptionError('no_rendering', `No file ${target} is rendered from here.`, { target });
