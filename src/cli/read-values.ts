import { ChatelaineError, EXIT_CODES, type Fault, type JsonObject } from '#kernel';
import type { AnswerOf, Routes } from '#contract';
import type { Server } from './session.ts';

/** Paths in one request; the server takes no more. */
const BULK = 500;

export type ReadResult = AnswerOf<Routes['bulk-reads.create']>['results'][number];

/** Reads many values, in the order asked for; what was refused is told with its reason. */
export const tryValues = async (server: Server, paths: readonly string[]): Promise<readonly ReadResult[]> => {
  const results: ReadResult[] = [];
  for (let at = 0; at < paths.length; at += BULK)
    results.push(...(await server.call('bulk-reads.create', { body: { paths: paths.slice(at, at + BULK) } })).results);
  return results;
};

/** Reads many values; the first refusal is the error. */
export const readValues = async (server: Server, paths: readonly string[]): Promise<readonly JsonObject[]> =>
  (await tryValues(server, paths)).map((result) => {
    if (result.ok) return result.value;
    throw refusalOf(result);
  });

export type Tagged = { readonly path: string; readonly value: JsonObject; readonly tag: string };

/** Reads of these values those that are not the version that their tag names. */
export const readChanged = async (
  server: Server,
  tags: Readonly<Record<string, string>>,
): Promise<readonly Tagged[]> => {
  const known = Object.entries(tags);
  const changed: Tagged[] = [];
  for (let at = 0; at < known.length; at += BULK) {
    const some = known.slice(at, at + BULK);
    const body = { paths: some.map(([path]) => path), known: some.map(([, tag]) => tag) };
    changed.push(...(await server.call('bulk-reads.create', { body })).results.map(requireValue));
  }
  return changed;
};

const requireValue = (result: ReadResult): Extract<ReadResult, { ok: true }> => {
  if (result.ok) return result;
  throw refusalOf(result);
};

const FAULTS: Readonly<Record<number, Fault>> = {
  400: 'mistake',
  403: 'refused',
  404: 'absent',
  409: 'conflict',
  503: 'locked',
};

export const refusalOf = ({
  path,
  status,
  code,
  detail,
  hint,
}: Extract<ReadResult, { ok: false }>): ChatelaineError => {
  const fault = FAULTS[status] ?? 'ours';
  return new ChatelaineError(
    code,
    { fault, status, exit: EXIT_CODES[fault], ...(hint === null ? {} : { hint }) },
    `${path}: ${detail}`,
    { path },
  );
};
