import type { Template } from '#formats';
import { type JsonObject, isJsonObject, parseJson } from '#kernel';
import { cliError } from './errors.ts';

/** A template as the server kept it for us. It came back over a wire, so its outline is looked at again. */
export const readTemplate = (plan: string): Template => {
  const read = parseJson(plan, { depth: 16, keys: 1_000_000 });
  const template: JsonObject = isJsonObject(read) ? read : {};
  if (typeof template['path'] !== 'string' || !Array.isArray(template['parts']) || !isPlainPath(template['path']))
    throw cliError('stuck_data', 'A template in the store is not one of ours.', { instead: 'Adopt the folder again.' });
  return template as unknown as Template;
};

/** What git itself reads may name programs that it starts, so nothing is ever rendered there (the class of CVE-2014-9390). */
const GITS_OWN = /^(?:\.git|git~\d+)$/i;

/** A target stays inside the folder that is rendered: relative, climbing nowhere, and nothing of git's own. */
export const isPlainPath = (path: string): boolean =>
  path !== '' &&
  !/^(?:[A-Za-z]:|[\\/])/.test(path) &&
  !path.includes('\0') &&
  path.split(/[\\/]/).every((part) => part !== '' && part !== '.' && part !== '..' && !GITS_OWN.test(part));
