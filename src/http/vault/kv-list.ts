import { parseName, parseSlug } from '#kernel';
import type { Caller } from '#identity';
import { listEnvironments, listNames, listProjects } from '#inventory';
import type { ReadTx } from '#storage';
import type { House } from '../house.ts';
import { ABSENT, type Answer, data } from './answer.ts';
import { type VaultRequest, callerFor } from './request.ts';

/**
 * LIST of `secret/metadata/`: projects, then environments, then names, folders with a slash at their end. It shows what
 * the caller may see, and is 404 where that is nothing.
 */
export const listFolder = async (house: House, { rest, namespace, ...request }: VaultRequest): Promise<Answer> => {
  const [project, environment, ...prefix] = namespace === null ? rest : [namespace, ...rest];
  const caller = await callerFor(house, { rest, namespace, ...request });
  const keys = await keysAt(house, caller, project, environment, prefix);
  return keys.length === 0 ? ABSENT : data({ keys });
};

const keysAt = async (
  { deeds, policy }: House,
  caller: Caller,
  project: string | undefined,
  environment: string | undefined,
  prefix: readonly string[],
): Promise<readonly string[]> => {
  if (project === undefined) {
    const visible = (tx: ReadTx) => policy.visible(tx, { caller, action: 'project.list' });
    const { output } = await deeds.perform(listProjects(visible), caller, {
      after: '',
      limit: Number.MAX_SAFE_INTEGER,
    });
    return output.map(({ project: { name } }) => `${name}/`);
  }
  parseSlug('project', project);
  if (environment === undefined) {
    const visible = (tx: ReadTx) => policy.visible(tx, { caller, action: 'environment.list', project });
    const { output } = await deeds.perform(listEnvironments(visible), caller, { project });
    return output.map(({ name }) => `${name}/`);
  }
  parseSlug('environment', environment);
  const name = prefix.length === 0 ? '' : parseName(prefix.join('/'));
  const visible = (tx: ReadTx) =>
    policy.visible(tx, { caller, project, environment, prefix: name === '' ? null : name });
  return (await deeds.perform(listNames(visible), caller, { project, environment, prefix: name })).output;
};
