import { type JsonObject, hasCode, newId } from '#kernel';
import { type Configuration, configureCredential, reserveCredential } from '#inventory';
import { type VersionList, destroyCredential, listVersions } from '#secrets';
import { httpError } from '../errors.ts';
import type { House } from '../house.ts';
import { type Answer, NOTHING, data } from './answer.ts';
import { countField, durationField, flagField, goDuration, objectField, timeText } from './fields.ts';
import { ifThere, requireMergePatch } from './kv-data.ts';
import { customFields } from './kv-fields.ts';
import { credentialPath, explainingDenials } from './kv-path.ts';
import { type VaultRequest, callerFor } from './request.ts';

/** `secret/metadata/…` of one credential. */
export const metadataHandlers = (house: House) => ({
  read: (request: VaultRequest) => readMetadata(house, request),
  write: (request: VaultRequest) => writeMetadata(house, request, false),
  patch: async (request: VaultRequest) => {
    requireMergePatch(request);
    return writeMetadata(house, request, true);
  },
  remove: (request: VaultRequest) => removeCredential(house, request),
});

const readMetadata = async (house: House, request: VaultRequest): Promise<Answer> => {
  const path = credentialPath(request);
  const caller = await callerFor(house, request);
  const { output } = await explainingDenials(house, caller, path, () =>
    house.deeds.perform(listVersions, caller, { path }),
  );
  return data(metadataFields(output));
};

const metadataFields = ({ credential, versions }: VersionList): JsonObject => {
  const numbered = versions.filter(({ version }) => version !== null);
  return {
    cas_required: credential.cas_required === 1,
    created_time: timeText(credential.created_at),
    current_version: credential.current_number,
    custom_metadata: customFields(credential),
    delete_version_after: goDuration(credential.delete_after_ms),
    max_versions: credential.max_versions,
    oldest_version: numbered[0]?.version ?? 0,
    updated_time: timeText(credential.updated_at),
    versions: Object.fromEntries(
      numbered.map(({ version, createdAt, deletedAt, destroyed }) => [
        String(version),
        { created_time: timeText(createdAt), deletion_time: timeText(deletedAt), destroyed },
      ]),
    ),
  };
};

/** Writing metadata where nothing is makes a credential without a value, as KV does; patching does not. */
const writeMetadata = async (house: House, request: VaultRequest, merge: boolean): Promise<Answer> => {
  const path = credentialPath(request);
  const configuration = configurationIn(request.body, merge);
  const caller = await callerFor(house, request);
  try {
    await explainingDenials(house, caller, path, () =>
      house.deeds.perform(configureCredential, caller, { path, configuration }),
    );
  } catch (error) {
    if (merge || !hasCode(error, 'inventory.no_credential')) throw error;
    await house.deeds.perform(reserveCredential, caller, {
      path,
      configuration,
      id: newId('cred', house.random),
      provenance: { how: 'vault', from: request.http.from.agent || null, scopes: [] },
    });
  }
  return NOTHING;
};

const configurationIn = (body: JsonObject, merge: boolean): Configuration => ({
  maxVersions: countField(body, 'max_versions'),
  casRequired: flagField(body, 'cas_required'),
  deleteAfterMs: durationField(body, 'delete_version_after')?.ms,
  customMetadata: customIn(body, merge),
});

const customIn = (body: JsonObject, merge: boolean): Configuration['customMetadata'] => {
  if (merge && body['custom_metadata'] === null) return { merge: false, pairs: {} };
  const given = objectField(body, 'custom_metadata');
  if (given === undefined) return undefined;
  const pairs: Record<string, string | null> = {};
  for (const [key, value] of Object.entries(given)) {
    if (typeof value !== 'string' && !(merge && value === null))
      throw httpError('malformed', 'custom_metadata validation failed: every value must be a text.');
    pairs[key] = value;
  }
  return { merge, pairs };
};

/** Deleting the metadata ends the credential with every version; the ledger keeps that it was. */
const removeCredential = async (house: House, request: VaultRequest): Promise<Answer> => {
  const path = credentialPath(request);
  const caller = await callerFor(house, request);
  const reason = 'deleted by a KV client';
  return ifThere(() =>
    explainingDenials(house, caller, path, () =>
      destroyCredential(house.secrets, caller, { path, reason, forget: true }),
    ),
  );
};
