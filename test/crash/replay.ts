import { toHex } from '#kernel';
import type { EntryRow } from '../../src/ledger/tables.ts';

/** What the ledger alone says about a credential. */
export type CredentialStory = {
  readonly id: string;
  exists: boolean;
  state: string;
  current: number;
  /** Writes that made a version, promotions not counted among them only where it is known; see `compare-story.ts`. */
  pendingWritten: number;
  /** KV number → hash of the envelope that the newest entry binds, in hex. */
  readonly bound: Map<number, string>;
  /** KV number → the entry by which it was destroyed. */
  readonly destroyed: Map<number, number>;
  /** This version and every lower one were removed; 0 for none. */
  removed: number;
};

/** The world as the entries tell it, one after another. */
export type Story = {
  size: number;
  readonly credentials: Map<string, CredentialStory>;
  /** Grant → whether it is in force. */
  readonly grants: Map<string, boolean>;
  /** Allowed entries of an action on a path: what deeds without a receipt of their own are counted against. */
  readonly done: Map<string, number>;
  /** Credentials told of since the last comparison. */
  readonly touched: Set<string>;
};

export const emptyStory = (): Story => ({
  size: 0,
  credentials: new Map(),
  grants: new Map(),
  done: new Map(),
  touched: new Set(),
});

const DESTROYED = '00'.repeat(32);
const REMOVED = 'ff'.repeat(32);
const STATE_AFTER: Readonly<Record<string, string>> = {
  'credential.suspend': 'suspended',
  'credential.resume': 'active',
};

/** Takes the next entry into the story. Gives what contradicts what came before, if anything does. */
export const tell = (story: Story, entry: EntryRow, developer: string): string | null => {
  if (entry.idx !== story.size) return `entry ${entry.idx} stands where ${story.size} should`;
  story.size++;
  if (entry.outcome !== 'allowed') return null;
  const key = `${entry.action} ${entry.path}`;
  // A removal's own entry is of the write before it.
  if (entry.note?.startsWith('removed up to ') !== true) story.done.set(key, (story.done.get(key) ?? 0) + 1);
  if (entry.action.startsWith('grant.')) tellGrant(story, entry);
  if (entry.caller === developer && ![...story.grants.values()].includes(true))
    return `entry ${entry.idx} allows ${entry.action} after every grant was revoked`;
  return entry.resource.startsWith('cred_') ? tellCredential(story, entry) : null;
};

const tellGrant = ({ grants }: Story, { action, note }: EntryRow): void => {
  const id = /\bgrt_\w+/.exec(note ?? '')?.[0];
  // The owner's own grants are none of the developer's.
  if (id !== undefined && / developer /.test(note ?? '')) grants.set(id, action === 'grant.create');
};

const tellCredential = (story: Story, entry: EntryRow): string | null => {
  const { action, idx, note } = entry;
  const known = story.credentials.get(entry.resource);
  const credential = known ?? freshCredential(entry.resource);
  story.credentials.set(entry.resource, credential);
  story.touched.add(entry.resource);
  if (known === undefined && note !== 'created' && note !== 'version pending')
    return `entry ${idx} tells of ${action} on what was never created`;
  if (known !== undefined && !known.exists) return `entry ${idx} tells of ${action} on what was forgotten`;
  if (known?.state === 'suspended' && (action === 'credential.read' || action === 'credential.write'))
    return `entry ${idx} allows ${action} of what is suspended`;
  credential.state = STATE_AFTER[action] ?? credential.state;
  if (action === 'credential.destroy') tellDestruction(credential, entry);
  else if (action === 'credential.write') return tellWrite(credential, entry);
  else if (action === 'credential.transfer') return tellBinding(credential, entry);
  return null;
};

const freshCredential = (id: string): CredentialStory => ({
  id,
  exists: true,
  state: 'active',
  current: 0,
  pendingWritten: 0,
  bound: new Map(),
  destroyed: new Map(),
  removed: 0,
});

const tellDestruction = (credential: CredentialStory, { idx, note, head_version: version }: EntryRow): void => {
  if (note === 'destroyed' || note === 'destroyed and forgotten') {
    for (const number of credential.bound.keys())
      if (!credential.destroyed.has(number)) credential.destroyed.set(number, idx);
    credential.state = 'destroyed';
    credential.exists = note === 'destroyed';
  } else if (version !== null) credential.destroyed.set(version, idx);
};

const tellWrite = (credential: CredentialStory, entry: EntryRow): string | null => {
  const { head_version: version, idx, note } = entry;
  if (version === null || note?.startsWith('version pending') === true) credential.pendingWritten++;
  if (version === null) return null;
  if (toHex(entry.head_hash!) === REMOVED) {
    if (version >= credential.current) return `entry ${idx} removes version ${version} of ${credential.current}`;
    credential.removed = Math.max(credential.removed, version);
    return null;
  }
  if (version !== credential.current + 1) return `entry ${idx} binds version ${version} after ${credential.current}`;
  credential.current = version;
  credential.bound.set(version, toHex(entry.head_hash!));
  return null;
};

/** A transfer binds every version anew. */
const tellBinding = (
  credential: CredentialStory,
  { head_version: version, head_hash: hash, idx }: EntryRow,
): string | null => {
  if (version === null) return null;
  if (!credential.bound.has(version) || credential.destroyed.has(version) || version <= credential.removed)
    return `entry ${idx} binds version ${version} anew, which is not there`;
  if (toHex(hash!) === DESTROYED) return `entry ${idx} binds nothing`;
  credential.bound.set(version, toHex(hash!));
  return null;
};
