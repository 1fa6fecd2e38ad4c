import { type ChangeVersions, deleteVersions, destroyVersions, undeleteVersions } from '#secrets';
import type { Caller } from '#identity';
import { httpError } from '../errors.ts';
import type { House } from '../house.ts';
import { countOf, listField } from './fields.ts';
import { ifThere } from './kv-data.ts';
import { credentialPath, explainingDenials } from './kv-path.ts';
import { type Handle, callerFor } from './request.ts';

/** Most versions named in one request. */
const MOST = 100;

type Change = (house: House, caller: Caller, input: ChangeVersions) => Promise<unknown>;

/** `secret/delete/…`, `secret/undelete/…`, `secret/destroy/…`: endings of single versions. */
export const versionHandlers = (house: House) => ({
  delete: changing(house, ({ deeds }, caller, input) => deeds.perform(deleteVersions, caller, input)),
  undelete: changing(house, ({ deeds }, caller, input) => deeds.perform(undeleteVersions, caller, input)),
  destroy: changing(house, ({ secrets }, caller, input) => destroyVersions(secrets, caller, input)),
});

const changing =
  (house: House, change: Change): Handle =>
  async (request) => {
    const path = credentialPath(request);
    const versions = (listField(request.body, 'versions') ?? []).map((version) => countOf('versions', version));
    if (versions.length === 0 || versions.length > MOST || versions.includes(0))
      throw httpError('malformed', `No version number provided: "versions" must hold 1 to ${MOST} of them.`);
    const caller = await callerFor(house, request);
    return ifThere(() =>
      explainingDenials(house, caller, path, () => change(house, caller, { path, versions: [...new Set(versions)] })),
    );
  };
