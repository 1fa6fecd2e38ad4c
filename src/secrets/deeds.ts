import type { Deed } from '#deeds';
import type { IdentityPorts } from '#identity';
import { deleteVersions, destroyVersion, endCredential, undeleteVersions } from './change-versions.ts';
import type { SecretsPorts } from './ports.ts';
import { promoteVersion } from './promote-version.ts';
import { storeTags } from './tag-versions.ts';
import { moveCredential } from './transfer-credential.ts';
import { takeWrapped } from './unwrap-answer.ts';
import { wrapAnswer } from './wrap-answer.ts';
import { storeVersion } from './write-version.ts';

/** Every deed of this room that changes something. */
export const secretsDeeds = (ports: SecretsPorts, identity: IdentityPorts): readonly Deed<unknown, unknown>[] => [
  deleteVersions,
  destroyVersion,
  endCredential(ports),
  moveCredential(ports),
  promoteVersion,
  storeTags(ports),
  storeVersion(ports),
  takeWrapped,
  undeleteVersions,
  wrapAnswer(ports.sealing, identity),
];
