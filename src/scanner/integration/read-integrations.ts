import type { Discovery } from '../finding.ts';
import { openRegular, readAt } from '../sources/open-file.ts';
import type { Content, Gap, Source } from '../unit.ts';
import { checkIntegration } from './check-integration.ts';
import type { PythonFile } from './python.ts';

/** Largest module that is read, in bytes; what is larger was generated. */
const LARGEST = 1024 * 1024;
/** Most modules of one look. */
const MOST = 5_000;

/**
 * Every integration that a source yields: a folder whose manifest.json names a domain, with the modules below it. Where
 * there is no manifest, all modules count as one.
 */
export const checkIntegrations = async (
  source: Source,
  signal: AbortSignal,
): Promise<{
  readonly discoveries: readonly Discovery[];
  readonly gaps: readonly Gap[];
  readonly integrations: number;
}> => {
  const modules: PythonFile[] = [];
  const manifests = new Map<string, string>();
  const gaps: Gap[] = [];
  for await (const given of source(signal)) {
    if (given.type === 'gap') gaps.push(given.gap);
    if (given.type !== 'unit') continue;
    const { path, content } = given.unit;
    const isManifest = /(?:^|\/)manifest\.json$/.test(path);
    if (!isManifest && !path.endsWith('.py')) continue;
    const text = await textOf(content);
    if (text === null || (!isManifest && modules.length >= MOST))
      gaps.push({
        path,
        code: text === null ? 'too_large' : 'too_many',
        message: 'This module was not looked through.',
      });
    else if (!isManifest) modules.push({ path, text });
    else if (/"domain"\s*:/.test(text)) manifests.set(folderOf(path), text);
  }
  if (modules.length === 0) return { discoveries: [], gaps, integrations: 0 };
  const groups = Map.groupBy(modules, ({ path }) => nearest(folderOf(path), manifests));
  return {
    discoveries: [...groups].flatMap(([folder, files]) => checkIntegration(files, manifests.get(folder ?? '') ?? null)),
    gaps,
    integrations: groups.size,
  };
};

const folderOf = (path: string): string => path.slice(0, Math.max(0, path.lastIndexOf('/')));

/** The folder itself or the nearest above it with a manifest; null when there is none. */
const nearest = (folder: string, manifests: ReadonlyMap<string, string>): string | null => {
  for (let at = folder; ; at = folderOf(at)) {
    if (manifests.has(at)) return at;
    if (at === '') return null;
  }
};

/** Null for what is too large or cannot be read. */
const textOf = async (content: Content): Promise<string | null> => {
  try {
    if (content.type === 'bytes')
      return content.bytes.length > LARGEST ? null : new TextDecoder().decode(content.bytes);
    if (content.type === 'file') return readText(content.fd);
    if (content.type === 'stream') return await streamed(content.chunks);
    const opened = openRegular(content.file);
    if (opened === null) return null;
    try {
      return readText(opened.fd);
    } finally {
      opened.close();
    }
  } catch {
    return null;
  }
};

const streamed = async (chunks: AsyncIterable<Uint8Array>): Promise<string | null> => {
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of chunks) {
    size += chunk.length;
    if (size > LARGEST) return null;
    parts.push(chunk.slice());
  }
  return new TextDecoder().decode(Buffer.concat(parts));
};

const readText = (fd: number): string | null => {
  const bytes = new Uint8Array(LARGEST + 1);
  let filled = 0;
  for (;;) {
    const count = readAt(fd, bytes.subarray(filled), filled);
    filled += count;
    if (count === 0 || filled > LARGEST) break;
  }
  return filled > LARGEST ? null : new TextDecoder().decode(bytes.subarray(0, filled));
};
