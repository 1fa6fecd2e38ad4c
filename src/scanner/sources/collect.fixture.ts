import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Source, Unit, Yield } from '../unit.ts';
import { openRegular, readOn } from './open-file.ts';

export type Collected = {
  readonly units: readonly { readonly path: string; readonly text: string; readonly unit: Unit }[];
  readonly gaps: readonly string[];
  readonly skipped: readonly string[];
  readonly known: number;
};

/** Reads a source to its end, as the engine does: each unit before the next is asked for. Bytes as latin1. */
export const collect = async (source: Source, signal = new AbortController().signal): Promise<Collected> => {
  const units: { path: string; text: string; unit: Unit }[] = [];
  const gaps: string[] = [];
  const skipped: string[] = [];
  let known = 0;
  for await (const one of source(signal)) {
    if (one.type === 'unit') units.push({ path: one.unit.path, text: await textOf(one.unit), unit: one.unit });
    else if (one.type === 'gap') gaps.push(`${one.gap.code} ${one.gap.path}`);
    else if (one.type === 'skipped') skipped.push(`${one.skipped.path}: ${one.skipped.why}`);
    else if (one.type === 'known') known += one.units;
  }
  return { units, gaps, skipped, known };
};

export const textOf = async ({ content }: Unit): Promise<string> => {
  if (content.type === 'bytes') return Buffer.from(content.bytes).toString('latin1');
  if (content.type === 'stream') {
    const parts: string[] = [];
    for await (const chunk of content.chunks) parts.push(Buffer.from(chunk).toString('latin1'));
    return parts.join('');
  }
  if (content.type === 'file') return readAll(content.fd);
  const open = openRegular(content.file);
  if (open === null) throw new Error(`${content.file} is no regular file.`);
  try {
    return readAll(open.fd);
  } finally {
    open.close();
  }
};

const readAll = (fd: number): string => {
  const parts: string[] = [];
  const buffer = Buffer.alloc(64 * 1024);
  for (let read = readOn(fd, buffer); read > 0; read = readOn(fd, buffer))
    parts.push(buffer.toString('latin1', 0, read));
  return parts.join('');
};

/** Counts without keeping: for what is large. */
export const measure = async (
  source: Source,
): Promise<{ bytes: number; units: number; gaps: readonly string[]; messages: readonly string[] }> => {
  let bytes = 0;
  let units = 0;
  const gaps: Extract<Yield, { type: 'gap' }>['gap'][] = [];
  for await (const one of source(new AbortController().signal)) {
    if (one.type === 'gap') gaps.push(one.gap);
    if (one.type !== 'unit') continue;
    units += 1;
    const { content } = one.unit;
    if (content.type === 'bytes') bytes += content.bytes.length;
    else if (content.type === 'stream') for await (const chunk of content.chunks) bytes += chunk.length;
  }
  return {
    bytes,
    units,
    gaps: gaps.map(({ code, path }) => `${code} ${path}`),
    messages: gaps.map((one) => one.message),
  };
};

export const temporaryFolder = (): { readonly path: string; readonly remove: () => void } => {
  const path = mkdtempSync(join(tmpdir(), 'chatelaine-scan-'));
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
};

/** Runs a program of this machine for a test; its standard output. */
export const run = (program: string, args: readonly string[], cwd?: string, input?: string): string =>
  execFileSync(program, args, {
    ...(cwd === undefined ? {} : { cwd }),
    ...(input === undefined ? {} : { input }),
    encoding: 'utf8',
    stdio: ['pipe', 'pipe', 'pipe'],
    env: {
      PATH: process.env['PATH'],
      HOME: '/nonexistent',
      GIT_CONFIG_NOSYSTEM: '1',
      GIT_AUTHOR_NAME: 'Ada',
      GIT_AUTHOR_EMAIL: 'ada@example.org',
      GIT_COMMITTER_NAME: 'Ada',
      GIT_COMMITTER_EMAIL: 'ada@example.org',
      GIT_AUTHOR_DATE: '2026-01-02T03:04:05Z',
      GIT_COMMITTER_DATE: '2026-01-02T03:04:05Z',
    },
  });

export const has = (program: string): boolean => {
  try {
    execFileSync(program, ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
};
