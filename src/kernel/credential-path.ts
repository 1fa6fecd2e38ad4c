import { utf8 } from './bytes.ts';
import { defineErrors } from './errors.ts';

const pathError = defineErrors('path', {
  malformed: {
    fault: 'mistake',
    status: 400,
    exit: 2,
    hint: 'A path is project/environment/name, for example porch/home/mqtt/password. Names may contain further slashes.',
  },
});

/** Longest project or environment, in characters. */
export const MAX_SLUG = 63;
/** Longest segment of a name, in characters after NFC. */
export const MAX_SEGMENT = 128;
/** Longest name, in UTF-8 bytes, and most segments in it. */
export const MAX_NAME_BYTES = 512;
export const MAX_SEGMENTS = 16;

const SLUG = /^[a-z0-9](?:[a-z0-9-]*[a-z0-9])?$/;
/** Control and format characters, line separators, unpaired surrogates, private use, and what shells, globs and URLs read as syntax. */
const FORBIDDEN = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}\p{Co}\\*?#"<>|%]/u;

/**
 * Where a credential lives: `project/environment/name…`.
 *
 * Made once, at the edge, from what a person or a client sent; nothing else builds paths. Names are brought
 * to Unicode NFC and keep their case; everything else that is not canonical is refused rather than repaired
 * (the class of CVE-2025-54996, CVE-2025-64761, CVE-2026-3605).
 */
export class CredentialPath {
  readonly project: string;
  readonly environment: string;
  /** One or more segments joined by `/`. */
  readonly name: string;

  private constructor(project: string, environment: string, name: string) {
    this.project = project;
    this.environment = environment;
    this.name = name;
    Object.freeze(this);
  }

  /** From decoded text such as `porch/home/mqtt/password`. */
  static parse(text: string): CredentialPath {
    const [project, environment, ...name] = text.split('/');
    if (project === undefined || environment === undefined || name.length === 0)
      throw pathError('malformed', `"${printable(text)}" has fewer than three parts.`);
    return CredentialPath.of(project, environment, name.join('/'));
  }

  static of(project: string, environment: string, name: string): CredentialPath {
    return new CredentialPath(parseSlug('project', project), parseSlug('environment', environment), parseName(name));
  }

  /** Two names with one folded name would be told apart by case alone, and are refused together. */
  get foldedName(): string {
    return foldName(this.name);
  }

  toString(): string {
    return `${this.project}/${this.environment}/${this.name}`;
  }

  toJSON(): string {
    return this.toString();
  }
}

/** A project's or an environment's name: `[a-z0-9-]`, 1 to 63 characters, no hyphen at either end. */
export const parseSlug = (what: 'project' | 'environment', text: string): string => {
  if (text.length > MAX_SLUG || !SLUG.test(text))
    throw pathError(
      'malformed',
      `The ${what} "${printable(text)}" must be 1 to ${MAX_SLUG} of a-z, 0-9 and "-", with no hyphen at its ends.`,
    );
  return text;
};

/** Most names: one segment, the same in every form, with nothing to refuse. */
const PLAIN = /^[0-9A-Za-z_-][0-9A-Za-z_.-]{0,127}$/;

/** A credential's name, or a prefix of one: segments joined by `/`, brought to NFC. */
export const parseName = (text: string): string => {
  if (PLAIN.test(text)) return text;
  const name = text.normalize('NFC');
  const segments = name.split('/');
  if (segments.length > MAX_SEGMENTS)
    throw pathError('malformed', `The name has ${segments.length} segments; ${MAX_SEGMENTS} are the most.`);
  for (const segment of segments) checkSegment(segment);
  if (utf8(name).length > MAX_NAME_BYTES)
    throw pathError('malformed', `The name is longer than ${MAX_NAME_BYTES} bytes.`);
  return name;
};

export const foldName = (name: string): string => name.normalize('NFKC').toLowerCase().normalize('NFC');

const checkSegment = (segment: string): void => {
  const refuse = (why: string) => pathError('malformed', `The name's part "${printable(segment)}" ${why}.`);
  if (segment === '') throw refuse('is empty (a slash too many?)');
  if (segment === '.' || segment === '..') throw refuse('would climb through folders');
  if (segment.length > MAX_SEGMENT) throw refuse(`is longer than ${MAX_SEGMENT} characters`);
  if (segment.trim() !== segment) throw refuse('begins or ends with a space');
  if (FORBIDDEN.test(segment)) throw refuse('holds a control character or one of \\ * ? # " < > | %');
};

/** A refused text goes into a message only shortened and without control characters. */
const printable = (text: string): string => text.slice(0, 80).replaceAll(/[\p{Cc}\p{Cf}\p{Cs}]/gu, '�');
