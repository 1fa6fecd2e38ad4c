import { generate, isKindId } from '#catalogue';
import { ChatelaineError, CredentialPath, type JsonObject, type JsonValue, Secret, stringifyJson } from '#kernel';
import type { Caller } from '#identity';
import { placeFacts, showCredential } from '#inventory';
import {
  type VersionRead,
  type VersionWritten,
  type WriteVersion,
  deleteVersions,
  destroyVersions,
  listVersions,
  promoteVersion,
  readIfChanged,
  readVersion,
  requireSame,
  secretsError,
  tagOf,
  undeleteVersions,
  writeVersion,
} from '#secrets';
import type { House } from '../../house.ts';
import { asKnown } from '../../errors.ts';
import { sharedValuesOf } from '../../shared-values.ts';
import { DONE, type Handlers, type IdsOf } from '../call.ts';
import { controlError } from '../errors.ts';
import { statusOf } from '../problem-of.ts';
import { settleWeakness } from '../settle-weakness.ts';
import { descriptionOf, iso, versionAnswer } from '../wire.ts';

type Ids = IdsOf<'values' | 'generations' | 'versions' | 'promotions' | 'rollbacks' | 'bulk-reads'>;
type Value = Record<string, JsonValue>;

export const valueHandlers = (house: House): Handlers<Ids> => {
  const { deeds, engine, secrets, random } = house;
  const shared = sharedValuesOf(house);

  const read = async (caller: Caller, path: CredentialPath, version: number) => {
    const found = await readVersion(secrets, caller, { path, version });
    return { found, value: requireValue(path, found) };
  };

  const write = async (
    caller: Caller,
    input: Omit<WriteVersion, 'value' | 'leaves'> & { readonly value: JsonObject },
  ) => {
    shared.check(caller);
    const value = Secret.fromText(stringifyJson(input.value));
    try {
      const written = await writeVersion(secrets, caller, { ...input, value, leaves: 'all' });
      if (input.pending !== true)
        await settleWeakness(house, caller, { path: input.path, id: written.credential, value: input.value });
      return written;
    } catch (error) {
      throw await shared.answerFor(caller, error);
    }
  };

  /** The kind of the credential that is there. */
  const shownKind = async (caller: Caller, path: CredentialPath, id: string) => {
    const { credential } = (await deeds.perform(showCredential, caller, { path })).output;
    requireSame(path, id, credential.id);
    return credential.kind;
  };

  const checkKind = (kind: string) => {
    if (!isKindId(kind))
      throw controlError('bad_request', `There is no kind of credential called "${kind.slice(0, 40)}".`, {
        field: 'kind',
      });
    return kind;
  };

  return {
    'values.get': async ({ caller, path, query, ifNoneMatch }) => {
      const found = await readIfChanged(secrets, caller, { path, version: Number(query.version ?? 0) }, ifNoneMatch);
      if (!found.changed) return { unchanged: found.tag };
      return { tag: found.tag, answer: readAnswer(path, found.read, requireValue(path, found.read)) };
    },
    'values.put': async ({ caller, path, body, from }) => {
      const written = await write(caller, {
        path,
        value: body.value,
        checkAndSet: body.checkAndSet,
        expects: body.credential === undefined ? undefined : { credential: body.credential, number: undefined },
        pending: body.pending,
        provenance: { how: 'entered', from: from.agent || null, scopes: [] },
        description: body.description === undefined ? undefined : descriptionOf(body.description),
      });
      return { answer: writtenAnswer(path, written) };
    },
    'generations.create': async ({ caller, path, body, from }) => {
      const there = await engine.read(async (tx) => (await placeFacts(tx, path)).credential);
      const seen = body.credential ?? there?.id ?? null;
      const kind = checkKind(
        body.kind ?? (seen === null ? (body.description?.kind ?? 'password') : await shownKind(caller, path, seen)),
      );
      const made = generate(kind, random).revealText();
      const before = body.field === undefined || seen === null ? null : await read(caller, path, 0);
      if (before !== null) requireSame(path, seen, before.found.credential.id);
      const isBlind = body.kind !== undefined && body.field === undefined && body.credential === undefined;
      const written = await write(caller, {
        path,
        value: { ...before?.value, [body.field ?? 'value']: made },
        checkAndSet: body.checkAndSet,
        // Its kind or its other fields were taken from what was there.
        expects: isBlind ? undefined : { credential: seen, number: before?.found.metadata.version ?? undefined },
        pending: body.pending,
        provenance: { how: 'generated', from: from.agent || null, scopes: [] },
        description: {
          ...(body.description === undefined ? {} : descriptionOf(body.description)),
          kind: body.description?.kind ?? kind,
        },
      });
      const version = written.metadata.version;
      const shown = body.reveal === true && version !== null ? await read(caller, path, version) : null;
      const value = shown?.found.credential.id === written.credential ? shown.value : null;
      return { answer: { ...writtenAnswer(path, written), value } };
    },
    'versions.list': async ({ caller, path }) => {
      const { output } = await deeds.perform(listVersions, caller, { path });
      const { credential, versions } = output;
      return {
        seen: credential,
        answer: {
          path: path.toString(),
          credential: credential.id,
          current: credential.current_number,
          versions: versions.map(versionAnswer),
        },
      };
    },
    'versions.change': async ({ caller, path, body }) => {
      const input = { path, versions: body.versions };
      if (body.change === 'destroy') await destroyVersions(secrets, caller, input);
      else await deeds.perform(body.change === 'delete' ? deleteVersions : undeleteVersions, caller, input);
      return DONE;
    },
    'promotions.create': async ({ caller, path, body }) => {
      const { output, receipt } = await deeds.perform(promoteVersion, caller, { path, ...body });
      const { version, serial } = output.metadata;
      return { answer: { path: path.toString(), version: version ?? 0, serial, receipt: receipt.index } };
    },
    'rollbacks.create': async ({ caller, path, body, from }) => {
      const { found, value } = await read(caller, path, body.version);
      const { id, current_number: number } = found.credential;
      if (body.credential !== undefined) requireSame(path, body.credential, id);
      const written = await write(caller, {
        path,
        value,
        // Between the read and the write nobody's newer value is lost, and no other credential takes the name.
        expects: { credential: id, number },
        provenance: { how: 'entered', from: from.agent || null, scopes: [] },
      });
      return { answer: writtenAnswer(path, written) };
    },
    'bulk-reads.create': async ({ caller, body }) => {
      const results = await Promise.all(
        body.paths.map(async (text) => {
          try {
            const path = CredentialPath.parse(text);
            const found = await readIfChanged(secrets, caller, { path, version: 0 }, body.known ?? []);
            if (!found.changed) return text;
            return { ok: true as const, ...readAnswer(path, found.read, requireValue(path, found.read)) };
          } catch (error) {
            const known = await concealed(house, caller, text, error);
            return {
              ok: false as const,
              path: text,
              status: statusOf(known),
              code: known.code,
              detail: known.message,
              hint: known.hint ?? null,
            };
          }
        }),
      );
      return {
        answer: {
          unchanged: results.filter((one) => typeof one === 'string'),
          results: results.filter((one) => typeof one !== 'string'),
        },
      };
    },
  };
};

/** A refusal of one of many says no more than the refusal of a lone one. */
const concealed = async (
  { engine, policy }: House,
  caller: Caller,
  text: string,
  error: unknown,
): Promise<ChatelaineError> => {
  const known = asKnown(error);
  if (known.fault === 'ours' && !(error instanceof ChatelaineError)) throw error;
  if (known.code !== 'deeds.denied') return known;
  const { project, environment, name } = CredentialPath.parse(text);
  const scopes = await engine.read((tx) => policy.visible(tx, { caller, project, environment, prefix: name }));
  return scopes.length > 0 ? known : controlError('foreign', 'There is no such place, or it is not yours to see.');
};

/** A version whose value is gone is as absent as one that never was, with the way back where there is one. */
const requireValue = (path: CredentialPath, { value, metadata }: VersionRead): Value => {
  if (value !== null) return value;
  const details = { path: path.toString(), version: metadata.version ?? 0 };
  throw metadata.destroyed
    ? secretsError('version_destroyed', `Version ${metadata.version} of ${path} was destroyed.`, details)
    : secretsError('version_deleted', `Version ${metadata.version} of ${path} was deleted.`, details);
};

const readAnswer = (path: CredentialPath, { credential, metadata, receipt }: VersionRead, value: Value) => ({
  path: path.toString(),
  version: metadata.version ?? 0,
  value,
  createdAt: iso(metadata.createdAt),
  receipt: receipt.index,
  tag: tagOf(credential, metadata),
});

const writtenAnswer = (path: CredentialPath, { credential, created, metadata, receipt }: VersionWritten) => ({
  path: path.toString(),
  credential,
  created,
  version: metadata.version,
  serial: metadata.serial,
  receipt: receipt.index,
});
