import { type Mac, timingSafeEqual } from '#kernel';
import { type ReadTx, type RowSeal, type WriteTx, rowSeal, rowUntrue } from '#storage';
import {
  type CredentialRow,
  type EnvironmentRow,
  type PlaceRow,
  type ProjectRow,
  environmentByName,
  insertCredential,
  insertEnvironment,
  insertProject,
  projectByName,
  renameCredential,
  updateCredential,
} from './tables.ts';

/** What decisions read of a place. */
export const projectSeal = rowSeal<Pick<ProjectRow, 'id' | 'name' | 'posture' | 'mac'>>('project/1', [
  'id',
  'name',
  'posture',
]);
export const environmentSeal = rowSeal<Pick<EnvironmentRow, 'id' | 'project' | 'name' | 'production' | 'mac'>>(
  'environment/1',
  ['id', 'project', 'name', 'production'],
);

/** All but what moves with every value: the current number is bound in the ledger, the others decide nothing. */
export const credentialSeal = rowSeal<CredentialRow>('credential/1', [
  'id',
  'project',
  'environment',
  'name',
  'name_key',
  'original_name',
  'kind',
  'system',
  'owner',
  'purpose',
  'tier',
  'tier_declared',
  'state',
  'state_reason',
  'provenance',
  'rotation_ms',
  'expires_at',
  'custom_metadata',
  'max_versions',
  'cas_required',
  'delete_after_ms',
  'created_at',
  'created_by',
]);

/** What `placeOf` gave, once every row in it was found true. Errors: `storage.row_untrue`. */
export const requireTruePlace = (tx: ReadTx, project: string, environment: string, place: PlaceRow): void => {
  const macs = tx.guard.keys();
  requireTrueEnvironment(macs, project, environment, place);
  if (place.id !== null && !credentialSeal.isTrue(macs, place as CredentialRow))
    throw rowUntrue('credential', place.id);
};

/** There are few places, each read with every credential in it: what was found true of one is remembered. */
const requireTrueEnvironment = (macs: readonly Mac[], project: string, environment: string, place: PlaceRow): void => {
  const { project_id, project_posture, project_mac, environment_id, production, environment_mac } = place;
  const known = truePlaces.get(macs)?.get(environment_id);
  if (known?.project === project && known.environment === environment && isSamePlace(known.place, place)) return;
  if (!projectSeal.isTrue(macs, { id: project_id, name: project, posture: project_posture, mac: project_mac }))
    throw rowUntrue('project', project_id);
  const lies = { id: environment_id, project: project_id, name: environment, production, mac: environment_mac };
  if (!environmentSeal.isTrue(macs, lies)) throw rowUntrue('environment', environment_id);
  const places = truePlaces.get(macs) ?? new Map<string, TruePlace>();
  if (places.size >= MOST_PLACES) places.clear();
  truePlaces.set(macs, places.set(environment_id, { project, environment, place }));
};

type TruePlace = { readonly project: string; readonly environment: string; readonly place: PlaceRow };

/** By the keys they were found true under, which are others after each unlocking. */
const truePlaces = new WeakMap<readonly Mac[], Map<string, TruePlace>>();
const MOST_PLACES = 1_000;

const isSamePlace = (a: PlaceRow, b: PlaceRow): boolean =>
  a.project_id === b.project_id &&
  a.project_posture === b.project_posture &&
  a.environment_id === b.environment_id &&
  a.production === b.production &&
  isSameCode(a.project_mac, b.project_mac) &&
  isSameCode(a.environment_mac, b.environment_mac);

const isSameCode = (a: Uint8Array | null, b: Uint8Array | null): boolean =>
  a !== null && b !== null && timingSafeEqual(a, b);

/** A project by its name. Errors: `storage.row_untrue`. */
export const findProject = async (tx: ReadTx, name: string): Promise<ProjectRow | undefined> => {
  const row = await tx.one(projectByName, { name });
  if (row !== undefined && !projectSeal.isTrue(tx.guard.keys(), row)) throw rowUntrue('project', row.id);
  return row;
};

/** An environment of a project. Errors: `storage.row_untrue`. */
export const findEnvironment = async (
  tx: ReadTx,
  project: string,
  name: string,
): Promise<EnvironmentRow | undefined> => {
  const row = await tx.one(environmentByName, { project, name });
  if (row !== undefined && !environmentSeal.isTrue(tx.guard.keys(), row)) throw rowUntrue('environment', row.id);
  return row;
};

export const addProject = async (tx: WriteTx, row: Omit<ProjectRow, 'mac'>): Promise<void> => {
  await tx.run(insertProject, { ...row, ...codeOf(tx, projectSeal, row) });
};

export const addEnvironment = async (tx: WriteTx, row: Omit<EnvironmentRow, 'mac'>): Promise<void> => {
  await tx.run(insertEnvironment, { ...row, ...codeOf(tx, environmentSeal, row) });
};

export const addCredential = async (tx: WriteTx, row: CredentialRow): Promise<void> => {
  await tx.run(insertCredential, credentialSeal.seal(inForce(tx), row));
};

/** Stores what changed of a credential, and gives the row as it is then. */
export const changeCredential = async (tx: WriteTx, row: CredentialRow): Promise<CredentialRow> => {
  const sealed = credentialSeal.seal(inForce(tx), row);
  await tx.run(updateCredential, sealed);
  return { ...sealed, revision: row.revision + 1 };
};

/** Gives a credential another name. */
export const moveCredentialTo = async (
  tx: WriteTx,
  row: CredentialRow,
  place: Pick<CredentialRow, 'project' | 'environment' | 'name' | 'name_key' | 'updated_at'>,
): Promise<void> => {
  await tx.run(renameCredential, credentialSeal.seal(inForce(tx), { ...row, ...place }));
};

const inForce = (tx: ReadTx) => tx.guard.keys()[0]!;

const codeOf = <Row extends { readonly mac: Uint8Array | null }>(
  tx: ReadTx,
  seal: RowSeal<Row>,
  row: Omit<Row, 'mac'>,
) => ({ mac: seal.seal(inForce(tx), row).mac });
