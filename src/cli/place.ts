import { basename, resolve } from 'node:path';
import { CredentialPath, MAX_SLUG, parseName, parseSlug } from '#kernel';
import { text } from './command.ts';
import type { Context } from './context.ts';
import { type Place, rememberedFolder } from './memory.ts';

/** Options that name a place; what they leave out comes from the folder. */
export const PLACE_OPTIONS = {
  project: text('NAME', 'The project; else the one this folder was adopted into, else the folder’s name.', 'p'),
  environment: text('NAME', 'The environment; else the one this folder was adopted into, else home.', 'e'),
} as const;

type PlaceWish = { readonly project: string | undefined; readonly environment: string | undefined };

const DEFAULT_ENVIRONMENT = 'home';

/** The project and environment meant, by option, then by what the folder was adopted into, then by its name. */
export const placeOf = (
  context: Pick<Context, 'memory' | 'directory'>,
  wish: PlaceWish,
  folder = context.directory,
): Place => {
  const known = rememberedFolder(context.memory, folder)?.place;
  return {
    project: parseSlug(
      'project',
      wish.project ?? known?.project ?? slugOf(basename(resolve(context.directory, folder))),
    ),
    environment: parseSlug(
      'environment',
      wish.environment ?? (wish.project === undefined ? known?.environment : undefined) ?? DEFAULT_ENVIRONMENT,
    ),
  };
};

/**
 * A credential's path: whole (`porch/home/mqtt/password`), or a name in the folder's place where a place was given or
 * fewer than three parts were.
 */
export const pathOf = (
  context: Pick<Context, 'memory' | 'directory'>,
  written: string,
  wish: PlaceWish,
): CredentialPath => {
  const isName = wish.project !== undefined || wish.environment !== undefined || written.split('/').length < 3;
  if (!isName) return CredentialPath.parse(written);
  const { project, environment } = placeOf(context, wish);
  return CredentialPath.of(project, environment, parseName(written));
};

/** A folder's name as a project's: lower case, `-` for what is not allowed. */
export const slugOf = (name: string): string =>
  name
    .normalize('NFKD')
    .replaceAll(/\p{M}/gu, '')
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .slice(0, MAX_SLUG)
    .replaceAll(/^-+|-+$/g, '') || 'home';

/** The adopted folder meant: the one named, or the one that this folder is or lies in. */
export const adoptedFolder = (
  { memory, directory }: Pick<Context, 'memory' | 'directory'>,
  written: string | undefined,
): string =>
  written === undefined ? (rememberedFolder(memory, directory)?.folder ?? directory) : resolve(directory, written);
