import { createHash } from 'node:crypto';
import { type JsonObject, stringifyJson } from '#kernel';

/** One line of a child's output: a deed that resolved, or an error it was answered with. */
export type Line =
  | { readonly ready: true }
  | { readonly error: string; readonly deed: string; readonly path: string }
  | Acknowledgement;

/** What the child knew once `perform` had resolved. A deed of several entries has no `index`. */
export type Acknowledgement = {
  readonly deed: string;
  readonly action: string;
  readonly path: string;
  readonly index?: number;
  /** Of the entry, in hex: which entry it is, beyond all doubt. */
  readonly commitment?: string;
  readonly credential?: string;
  readonly version?: number | null;
  /** Of the value written or read; null when it was read as gone. */
  readonly hash?: string | null;
  readonly checkAndSet?: number;
};

export const hashOfValue = (value: JsonObject): string =>
  createHash('sha256').update(stringifyJson(value)).digest('hex');
