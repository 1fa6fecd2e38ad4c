export { type ChangeState, changeState, keepStateChange, moveState } from './change-state.ts';
export {
  type CreateEnvironment,
  type CreateProject,
  type EnvironmentSpec,
  createEnvironment,
  createProject,
} from './create-project.ts';
export {
  type Description,
  type Provenance,
  customMetadataOf,
  describe,
  dueAt,
  effectiveTier,
  newCredential,
  provenanceOf,
} from './credential.ts';
export { type Consumer, type DeclareConsumers, declareConsumers } from './declare-consumers.ts';
export { type DescribeCredential, describeCredential, requireRevision } from './describe-credential.ts';
export { inventoryError } from './errors.ts';
export { type Installation, confirmKit, readInstallation, storeInstallation } from './installation.ts';
export { knownPlaces } from './known-place.ts';
export { type ListCredentials, PAGE, listCredentials } from './list-credentials.ts';
export {
  type EnvironmentFacts,
  INSTALLATION,
  type PlaceFacts,
  environmentFacts,
  placeFacts,
  projectFacts,
  requireCredential,
  requireEnvironment,
  requirePlace,
  requireProject,
  requireSameCase,
} from './place.ts';
export { type ShownCredential, showCredential } from './show-credential.ts';
export { ENDINGS, type Ending, STATES, type State, checkTransition, isState, mayFollow } from './state.ts';
export {
  type ConsumerRow,
  type CredentialRow,
  type EnvironmentRow,
  type PlaceRow,
  type ProjectRow,
  allProjects,
  credentialById,
  deleteCredential,
  environmentsOf,
  insertCredential,
  moveCurrent,
  renameCredential,
  updateCredential,
} from './tables.ts';
