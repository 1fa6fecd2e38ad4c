import type { JsonObject, Secret } from '#kernel';

/** A server that was started by this process. */
export type Started = {
  readonly url: string;
  readonly socket: string | null;
  readonly folder: string;
  readonly keyFile: string | null;
  readonly anchorFile: string;
  readonly isFirstStart: boolean;
  readonly isKitConfirmed: boolean;
  readonly isLocked: boolean;
  /** Why it stayed locked although it could have unlocked by itself. */
  readonly whyLocked: { readonly message: string; readonly hint: string | null } | null;
  /** Who owns the installation, and whether this user is signed in as he; null while it is locked. */
  readonly owner: { readonly name: string; readonly isLinked: boolean } | null;
  /** A one-time code, at the first start. */
  readonly signIn: Secret | null;
  stop(reason: string): Promise<void>;
  /** Resolves with the exit code once it was told to stop. */
  readonly ended: Promise<number>;
};

export type Flags = Readonly<Record<string, string | boolean>>;

/** What asks a person on behalf of the server. */
export type Attendant = { askSecret(question: string): Promise<Secret | undefined> };

/** One finding of `doctor`. */
export type Check = {
  readonly id: string;
  readonly title: string;
  readonly state: 'good' | 'warning' | 'bad';
  readonly detail: string;
  /** Empty where nothing needs doing. */
  readonly remedy: string;
};

/** What works on a data folder rather than through a server. `main.ts` gives it, from #server. */
export type Operations = {
  up(flags: Flags, environment: Readonly<Record<string, string | undefined>>, attendant: Attendant): Promise<Started>;
  demo(flags: Flags, environment: Readonly<Record<string, string | undefined>>): Promise<Started>;
  /** Folder of the example home. */
  readonly example: string;
} & OfflineOperations;

/** What works while no server runs on the folder. */
export type OfflineOperations = {
  doctor(flags: Flags, attendant: Attendant): Promise<readonly Check[]>;
  createKit(flags: Flags, attendant: Attendant, options: { readonly replace: boolean }): Promise<string>;
  backup(file: string | undefined, flags: Flags, attendant: Attendant): Promise<JsonObject>;
  restore(file: string, flags: Flags, kit: Secret, check: boolean): Promise<JsonObject>;
  acceptRollback(reason: string, flags: Flags, attendant: Attendant): Promise<JsonObject>;
};
