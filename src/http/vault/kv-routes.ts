import type { JsonObject } from '#kernel';
import { httpError } from '../errors.ts';
import { sharedValuesOf } from '../shared-values.ts';
import { type Answer, NOTHING, data } from './answer.ts';
import { countField, lifeField, flagField } from './fields.ts';
import { dataHandlers } from './kv-data.ts';
import { listFolder } from './kv-list.ts';
import { metadataHandlers } from './kv-metadata.ts';
import { versionHandlers } from './kv-versions.ts';
import type { Routes, VaultRequest } from './request.ts';

/** KV version 2, mounted at `secret/`: the same credentials that every other face serves. */
export const kvRoutes: Routes = (house) => {
  const values = dataHandlers(house, sharedValuesOf(house));
  const metadata = metadataHandlers(house);
  const versions = versionHandlers(house);
  return [
    { path: 'secret/config', verbs: { GET: readConfig, POST: writeConfig, PUT: writeConfig } },
    {
      path: 'secret/data/*',
      verbs: { GET: values.read, POST: values.write, PUT: values.write, PATCH: values.patch, DELETE: values.remove },
    },
    { path: 'secret/subkeys/*', verbs: { GET: values.subkeys } },
    { path: 'secret/delete/*', verbs: { POST: versions.delete, PUT: versions.delete } },
    { path: 'secret/undelete/*', verbs: { POST: versions.undelete, PUT: versions.undelete } },
    { path: 'secret/destroy/*', verbs: { POST: versions.destroy, PUT: versions.destroy } },
    {
      path: 'secret/metadata/*',
      verbs: {
        GET: metadata.read,
        LIST: (request) => listFolder(house, request),
        POST: metadata.write,
        PUT: metadata.write,
        PATCH: metadata.patch,
        DELETE: metadata.remove,
      },
    },
    {
      path: 'secret/*',
      verbs: { GET: wrongPath, LIST: wrongPath, POST: wrongPath, PUT: wrongPath, DELETE: wrongPath },
    },
  ];
};

/** Settings of the mount as a whole. There are none: every credential has its own. */
const CONFIG: JsonObject = { cas_required: false, delete_version_after: '0s', max_versions: 0 };

const readConfig = (): Answer => data(CONFIG);

/** Writing what is already so does no harm; clients that set themselves up do it. */
const writeConfig = ({ body }: VaultRequest): Answer => {
  const same =
    flagField(body, 'cas_required') !== true &&
    (countField(body, 'max_versions') ?? 0) === 0 &&
    lifeField(body, 'delete_version_after') === undefined;
  if (same) return NOTHING;
  throw httpError(
    'malformed',
    'The mount has no settings of its own: set them for each credential at secret/metadata/.',
  );
};

const wrongPath = (): Answer => {
  throw httpError(
    'no_path',
    'Invalid path for a versioned K/V secrets engine: values are at secret/data/, names at secret/metadata/.',
  );
};
