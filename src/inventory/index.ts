export { type ChangeState, changeState, keepStateChange, moveState } from './change-state.ts';
export {
  CUSTOM_METADATA_LIMITS,
  type Configuration,
  type ConfigureCredential,
  type ReserveCredential,
  configureCredential,
  reserveCredential,
} from './configure-credential.ts';
export {
  type CreateEnvironment,
  type CreateProject,
  type EnvironmentSpec,
  createEnvironment,
  createProject,
} from './create-project.ts';
export { addCredential, moveCredentialTo } from './codes.ts';
export { giveFirstCodes } from './give-first-codes.ts';
export { checkPlaces } from './check-places.ts';
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
export { type DescribeCredential, describeCredential, standingTag } from './describe-credential.ts';
export { inventoryError } from './errors.ts';
export {
  type Installation,
  confirmKit,
  readInstallation,
  readTrueInstallation,
  storeInstallation,
  unconfirmKit,
} from './installation.ts';
export { isCredential, knownPlaces, whereIs } from './known-place.ts';
export { type ListCredentials, PAGE, listCredentials, listVisibleCredentials } from './list-credentials.ts';
export { type ListedProject, type Visible, listProjects } from './list-projects.ts';
export { listEnvironments } from './list-environments.ts';
export { type ListNames, listNames } from './list-names.ts';
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
  type CredentialPlace,
  type CredentialRow,
  type EnvironmentRow,
  type PlaceRow,
  type ProjectRow,
  allProjects,
  consumersOf,
  credentialById,
  credentialPlacesAfter,
  credentialsFrom,
  deleteCredential,
  environmentByName,
  environmentsOf,
  moveCurrent,
  projectByName,
} from './tables.ts';
export { type UseSignal, type UseSignals, openUseSignals, useSignalsOf } from './use-signals.ts';
export { inventoryDeeds } from './deeds.ts';
