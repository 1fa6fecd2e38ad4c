export { type Binding, openEnvelope, sealEnvelope } from './envelope.ts';
export { sealingError } from './errors.ts';
export { type AgeIdentity, ageDecrypt, ageEncrypt } from './age.ts';
export { type Kit, type PreparedKit, checkKit } from './kit.ts';
export { type Purpose, SYSTEM } from './keyring.ts';
export { type KeyFileOptions, keyFileProvider } from './providers/key-file.ts';
export { passphraseProvider } from './providers/passphrase.ts';
export type { SealProvider } from './providers/provider.ts';
export { RECOVERY_KEY, recoveryKeyProvider } from './providers/recovery-key.ts';
export { CREDENTIAL_NAME, systemdCredentialProvider } from './providers/systemd-credential.ts';
export { formatRecoveryKey, parseRecoveryKey } from './recovery-key.ts';
export type { PreparedRoot } from './root-key.ts';
export type { SharedLock } from './shared-lock.ts';
export {
  type SealState,
  type SealedBlob,
  type Rekeyed,
  type SealedValue,
  type Sealing,
  openSealing,
} from './sealing.ts';
