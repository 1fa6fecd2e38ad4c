import { type JsonObject, type JsonValue, hasCode, isJsonObject } from '#kernel';
import {
  type VersionRead,
  type VersionWritten,
  type WriteVersion,
  deleteVersions,
  readIfChanged,
  readVersion,
  sealable,
  writeVersion,
} from '#secrets';
import type { Caller } from '#identity';
import { httpError } from '../errors.ts';
import type { House } from '../house.ts';
import { etagOf, knownTags } from '../if-none-match.ts';
import type { SharedValues } from '../shared-values.ts';
import { type Answer, NOTHING, data } from './answer.ts';
import { countField, countOf, objectField } from './fields.ts';
import { versionFields } from './kv-fields.ts';
import { credentialPath, explainingDenials } from './kv-path.ts';
import { type Handle, type VaultRequest, callerFor } from './request.ts';
import { wrapLife } from './wrapper.ts';

/** How often a patch starts over when somebody else writes in between. */
const MOST_PATCHES = 5;

/** `secret/data/…`: the values. */
export const dataHandlers = (house: House, shared: SharedValues) => {
  const write: Handle = async (request) => {
    const value = objectField(request.body, 'data');
    if (value === undefined) throw httpError('malformed', 'no data provided');
    const caller = await callerFor(house, request);
    return written(await store(house, shared, caller, request, value, { checkAndSet: checkAndSetOf(request) }));
  };
  return {
    read: (request: VaultRequest) => readUnlessKnown(house, request),
    subkeys: async (request: VaultRequest) => subkeysAnswer(request, await read(house, request)),
    write,
    patch: (request: VaultRequest) => patch(house, shared, request),
    remove: (request: VaultRequest) => remove(house, request),
  } satisfies Record<string, Handle>;
};

/** With If-None-Match, and not to be wrapped: what is wrapped is for somebody else, who knows nothing. */
const readUnlessKnown = async (house: House, request: VaultRequest): Promise<Answer> => {
  const path = credentialPath(request);
  const version = countOf('version', request.query.get('version') ?? 0);
  const known = wrapLife(request) === undefined ? knownTags(request.http.headers['if-none-match']) : [];
  const caller = await callerFor(house, request);
  const found = await explainingDenials(house, caller, path, () =>
    readIfChanged(house.secrets, caller, { path, version }, known),
  );
  const etag = etagOf(found.tag);
  if (!found.changed) return { kind: 'unchanged', etag };
  return found.read.value === null ? readAnswer(found.read) : { ...readAnswer(found.read), etag };
};

const read = async (house: House, request: VaultRequest): Promise<VersionRead> => {
  const path = credentialPath(request);
  const version = countOf('version', request.query.get('version') ?? 0);
  const caller = await callerFor(house, request);
  return explainingDenials(house, caller, path, () => readVersion(house.secrets, caller, { path, version }));
};

/** What was deleted or destroyed answers 404 with a body, which clients read. */
const readAnswer = ({ value, metadata, credential }: VersionRead): Extract<Answer, { kind: 'data' }> => ({
  kind: 'data',
  status: value === null ? 404 : 200,
  data: { data: value, metadata: versionFields(metadata, credential) },
});

const subkeysAnswer = ({ query }: VaultRequest, { value, metadata, credential }: VersionRead): Answer => ({
  kind: 'data',
  status: value === null ? 404 : 200,
  data: {
    metadata: versionFields(metadata, credential),
    subkeys: value === null ? null : withoutLeaves(value, countOf('depth', query.get('depth') ?? 0)),
  },
});

/** The keys alone; below `depth` levels nothing, unless it is 0. */
const withoutLeaves = (value: JsonObject, depth: number, level = 1): JsonObject =>
  Object.fromEntries(
    Object.entries(value).map(([key, item]) => [
      key,
      isJsonObject(item) && Object.keys(item).length > 0 && (depth === 0 || level < depth)
        ? withoutLeaves(item, depth, level + 1)
        : null,
    ]),
  );

const checkAndSetOf = ({ body }: VaultRequest): number | undefined =>
  countField(objectField(body, 'options') ?? {}, 'cas');

const store = async (
  house: House,
  shared: SharedValues,
  caller: Caller,
  request: VaultRequest,
  value: JsonObject,
  conditions: Pick<WriteVersion, 'checkAndSet' | 'expects'>,
): Promise<VersionWritten> => {
  const path = credentialPath(request);
  shared.check(caller);
  try {
    return await explainingDenials(house, caller, path, () =>
      writeVersion(house.secrets, caller, {
        path,
        value: sealable(value),
        ...conditions,
        leaves: 'classify',
        provenance: { how: 'vault', from: request.http.from.agent || null, scopes: [] },
      }),
    );
  } catch (error) {
    throw await shared.answerFor(caller, error);
  }
};

const written = ({ metadata }: VersionWritten): Answer => data(versionFields(metadata, null));

/**
 * Reads, merges (RFC 7396) and writes what it read plus the change, if that is still what is there; again if somebody
 * was faster. A number that the client names is compared as well, and then nothing is tried again.
 */
const patch = async (house: House, shared: SharedValues, request: VaultRequest): Promise<Answer> => {
  requireMergePatch(request);
  const changes = objectField(request.body, 'data');
  if (changes === undefined) throw httpError('malformed', 'no data provided');
  const checkAndSet = checkAndSetOf(request);
  const caller = await callerFor(house, request);
  for (let tries = 1; ; tries++) {
    const current = await read(house, { ...request, query: new URLSearchParams() });
    if (current.value === null) return readAnswer(current);
    const merged = mergePatch(current.value, changes) as JsonObject;
    try {
      const expects = { credential: current.credential.id, number: current.metadata.version ?? 0 };
      return written(await store(house, shared, caller, request, merged, { checkAndSet, expects }));
    } catch (error) {
      const isLate = hasCode(error, 'secrets.version_conflict') || hasCode(error, 'inventory.changed_meanwhile');
      if (!isLate || checkAndSet !== undefined || tries >= MOST_PATCHES) throw error;
    }
  }
};

export const requireMergePatch = ({ contentType }: VaultRequest): void => {
  if (contentType !== 'application/merge-patch+json')
    throw httpError('wrong_type', 'PATCH requires Content-Type of application/merge-patch+json.', {
      wanted: 'application/merge-patch+json',
    });
};

const mergePatch = (target: JsonValue | undefined, changes: JsonValue): JsonValue => {
  if (!isJsonObject(changes)) return changes;
  const merged: Record<string, JsonValue> = isJsonObject(target) ? { ...target } : {};
  for (const [key, change] of Object.entries(changes)) {
    if (change === null) delete merged[key];
    else merged[key] = mergePatch(Object.hasOwn(merged, key) ? merged[key] : undefined, change);
  }
  return merged;
};

/** Deletes the newest version; what is not there is deleted already. */
const remove = async (house: House, request: VaultRequest): Promise<Answer> => {
  const path = credentialPath(request);
  const caller = await callerFor(house, request);
  return ifThere(() =>
    explainingDenials(house, caller, path, () => house.deeds.perform(deleteVersions, caller, { path, versions: [] })),
  );
};

/** For verbs that succeed on nothing, as KV's do. */
export const ifThere = async (work: () => Promise<unknown>): Promise<Answer> => {
  try {
    await work();
  } catch (error) {
    if (!hasCode(error, 'inventory.no_credential') && !hasCode(error, 'secrets.no_version')) throw error;
  }
  return NOTHING;
};
