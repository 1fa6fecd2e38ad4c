import { CredentialPath, hasCode } from '#kernel';
import type { Caller } from '#identity';
import { httpError } from '../errors.ts';
import type { House } from '../house.ts';
import type { VaultRequest } from './request.ts';

/**
 * The one place where this face makes a credential's path: `secret/data/<project>/<environment>/<name…>`, or without
 * the project where a namespace names it. Errors: `http.short_path`, `http.bad_target`, `path.malformed`.
 */
export const credentialPath = ({
  rest,
  folder,
  namespace,
}: Pick<VaultRequest, 'rest' | 'folder' | 'namespace'>): CredentialPath => {
  const [project, environment, ...name] = namespace === null ? rest : [namespace, ...rest];
  if (project === undefined || environment === undefined || name.length === 0)
    throw httpError('short_path', 'This names no credential: a project, an environment and a name are needed.');
  if (folder) throw httpError('bad_target', 'The path ends in a slash, as folders do.');
  return CredentialPath.of(project, environment, name.join('/'));
};

/**
 * Runs work on a credential, and says what is missing when it was denied: but only to one who may see that credential,
 * so that nobody learns from a refusal whether something is there, or how it is.
 */
export const explainingDenials = async <T>(
  house: House,
  caller: Caller,
  path: CredentialPath,
  work: () => Promise<T>,
): Promise<T> => {
  try {
    return await work();
  } catch (error) {
    if (!hasCode(error, 'deeds.denied')) throw error;
    const { project, environment, name: prefix } = path;
    const scopes = await house.engine.read((tx) => house.policy.visible(tx, { caller, project, environment, prefix }));
    if (scopes.length === 0) throw error;
    const remedy = String(error.details['remedy']).replaceAll('PATH', path.toString());
    const rule = String(error.details['rule']);
    if (rule === 'state-destroyed') throw httpError('gone', remedy);
    throw rule.startsWith('state-')
      ? httpError('not_in_this_state', remedy)
      : httpError('denied_here', 'permission denied', { remedy });
  }
};
