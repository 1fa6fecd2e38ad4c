import type { Clock, Duration, JsonObject, Random, Secret } from '#kernel';
import type { Deeds, Failures } from '#deeds';
import type { Caller, Identity, IdentityPorts } from '#identity';
import type { Installation } from '#inventory';
import type { Policy, RightsPorts } from '#policy';
import type { SealState, Sealing } from '#sealing';
import type { SecretsPorts } from '#secrets';
import type { Engine } from '#storage';

/** Locking and unlocking, as the faces offer them. The server knows which provider guards the root key. */
export type Seal = {
  state(): SealState;
  /** Which provider guards the root key. */
  provider(): string;
  /** Unlocks with the configured provider, or with a passphrase where that is the provider. */
  unlock(passphrase: Secret | undefined, address: string): Promise<void>;
  /** Unlocks with the key of the recovery kit, as typed, where the usual guard is lost; `rekey` is the next step. */
  recover(recoveryKey: Secret, address: string): Promise<void>;
  lock(caller: Caller): Promise<void>;
  /** A fresh root key; every key is wrapped anew, online. Gives how many. */
  rekey(caller: Caller, passphrase: Secret | undefined): Promise<number>;
};

export type BackupReport = {
  readonly file: string;
  readonly bytes: number;
  /** Of the file, hexadecimal. */
  readonly sha256: string;
  readonly rows: number;
};

export type Examination = {
  readonly bad: number;
  readonly warnings: number;
  readonly checks: {
    readonly id: string;
    readonly title: string;
    readonly state: 'good' | 'warning' | 'bad';
    readonly detail: string;
    readonly remedy: string;
  }[];
};

/** What people recognise the page in their drawer by. */
export type KitInForce = {
  /** Milliseconds since 1970. */
  readonly madeAt: number;
  /** When somebody said that it lies in a safe place; null until then. */
  readonly confirmedAt: number | null;
  /** Whom it signs in; null where nobody can tell. */
  readonly owner: { readonly id: string; readonly name: string } | null;
  /** False once it broke the glass: what it opens it still opens, but it signs nobody in. */
  readonly signsIn: boolean;
};

/** Looking after the installation while it is served. */
export type Care = {
  /** A new recovery kit for the caller, as a page to print in text and in HTML; the one before ends. */
  makeKit(
    caller: Caller,
    options: { readonly replace: boolean },
  ): Promise<{ readonly text: Secret; readonly html: Secret }>;
  /** The kit in force, without what it opens; null where there is none. */
  showKit(caller: Caller): Promise<KitInForce | null>;
  /** Ends the kit in force, whoever made it. */
  revokeKit(caller: Caller): Promise<void>;
  /** Backs up into the server's own folder; says which file. */
  backUp(caller: Caller): Promise<BackupReport>;
  /** What the doctor finds. */
  examine(caller: Caller): Promise<Examination>;
};

/** Everything the faces serve. Made by `server/compose.ts`, the only place that knows every room. */
export type House = {
  readonly engine: Engine;
  readonly sealing: Sealing;
  readonly identity: Identity;
  readonly policy: Policy;
  /** What the deeds of `identity` and `policy` are made with. */
  readonly identityPorts: IdentityPorts;
  readonly grantPorts: RightsPorts;
  readonly deeds: Deeds;
  readonly secrets: SecretsPorts;
  readonly failures: Failures;
  readonly seal: Seal;
  readonly care: Care;
  readonly clock: Clock;
  readonly random: Random;
  readonly installation: () => Installation;
  /** Version of the program, semver. */
  readonly version: string;
  /** How long the process has been up. */
  readonly uptime: () => Duration;
  /** Further facts for status: anchor, disk, clock. */
  readonly health: () => Promise<JsonObject>;
};
