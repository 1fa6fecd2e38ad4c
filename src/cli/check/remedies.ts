import { canGenerate, isKindId } from '#catalogue';
import { shellWord } from '../shell-word.ts';

/** What to do about a use: a command that works as printed, where there is one, and what it does. */
export type Remedy = { readonly run: string | null; readonly does: string };

/** How `check` was called, for commands that reach the same folder and environment. */
export type Called = {
  /** As it would be written from where the person stands; `.` for there. */
  readonly folder: string;
  /** The folder that was adopted, written the same way. */
  readonly root: string;
  /** `porch/home`; null when no server was asked. */
  readonly place: string | null;
  /** Whether the folder's own memory names that place, so that nobody has to. */
  readonly isOwnPlace: boolean;
};

const placeOptions = (place: string): string => {
  const [project = '', environment = ''] = place.split('/');
  return ` -p ${project} -e ${environment}`;
};
const there = ({ place, isOwnPlace }: Called): string => (isOwnPlace || place === null ? '' : placeOptions(place));
const at = (folder: string): string => (folder === '.' ? '' : ` ${shellWord(folder)}`);

export const checkCommand = (called: Called, more = ''): string =>
  `chatelaine check${at(called.folder)}${there(called)}${more}`;

/** The same folder against another environment. */
export const checkAt = (called: Called, place: string): string =>
  `chatelaine check${at(called.folder)}${placeOptions(place)}`;

export const adoptRemedy = (called: Called): Remedy => ({
  run: `chatelaine adopt ${shellWord(called.root)}${there(called)}`,
  does: 'takes in what the files hold',
});

export const declareRemedy = (called: Called): Remedy => ({
  run: checkCommand(called, ' --declare'),
  does: 'when the uses are right: notes the files as users',
});

export const setRemedy = (path: string, does = 'takes a value and registers it', kind?: string): Remedy => ({
  run: `chatelaine set ${path}${kind === undefined || !isKindId(kind) ? '' : ` --kind ${kind}`}`,
  does,
});

/** A value that nobody has to type, where the kind of credential can be made here. */
export const generateRemedy = (path: string, kind: string): readonly Remedy[] =>
  isKindId(kind) && canGenerate(kind)
    ? [{ run: `chatelaine generate ${path} --kind ${kind}`, does: 'or makes a new value' }]
    : [];

export const advice = (does: string): Remedy => ({ run: null, does });
