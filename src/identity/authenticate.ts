import { hash } from 'node:crypto';
import type { Id, Secret } from '#kernel';
import { type ReadTx, isUncommitted, rowUntrue } from '#storage';
import { covers } from './address.ts';
import type { Caller, From } from './caller.ts';
import { unauthenticated } from './errors.ts';
import type { IdentityKeys } from './ports.ts';
import { type IdentityRecord, type TokenRecord, identityRecord, tokenRecord } from './records.ts';
import {
  type IdentityRow,
  type TokenKind,
  type TokenRow,
  identityById,
  identityByOsUser,
  isTrueIdentity,
  isTrueToken,
  tokenByDigest,
  useOf,
} from './tables.ts';
import { isToken, tokenDigest } from './token.ts';

/** Most tokens remembered at once: about 2 KiB each. */
const MAX_REMEMBERED = 10_000;

/** A token and its identity, both rows true. Whether it is in force is told at each use. */
type Proven = {
  readonly token: TokenRecord;
  readonly identity: IdentityRecord;
  readonly admits: (address: string) => boolean;
};

/** Replaced as a whole when the revision moves, so that an answer under way cannot land in the next one. */
type Memory = { readonly revision: number; readonly byDigest: Map<string, Proven> };

export type Authenticator = {
  byToken(tx: ReadTx, token: Secret, kinds: readonly TokenKind[], from: From, now: number): Promise<Caller>;
  byOsUser(tx: ReadTx, uid: number, from: From): Promise<Caller>;
  remember(revision: number): void;
};

export const openAuthenticator = (keys: IdentityKeys): Authenticator => {
  let memory: Memory = { revision: -1, byDigest: new Map() };

  const prove = async (tx: ReadTx, token: Secret): Promise<Proven | undefined> => {
    // Throws while locked: then nobody is proven, not even from memory.
    keys.tokenMacs();
    const { byDigest } = memory;
    // Of a token that was proven before, so it has 256 bits nobody can guess: a plain hash hides it well enough.
    const key = hash('sha256', token.reveal(), 'latin1');
    const known = byDigest.get(key);
    if (known !== undefined) return known;
    if (!isToken(token)) return undefined;
    const proven = await look(tx, keys, token);
    if (proven !== undefined && !isUncommitted(tx)) {
      if (byDigest.size >= MAX_REMEMBERED) byDigest.delete(byDigest.keys().next().value!);
      byDigest.set(key, proven);
    }
    return proven;
  };

  const lookUp = async (tx: ReadTx, token: Secret): Promise<Proven | undefined> =>
    isToken(token) ? look(tx, keys, token) : undefined;

  return {
    async byToken(tx, token, kinds, from, now) {
      // Taken before the rows are read: they may be newer than it says, never older.
      const { revision } = memory;
      const proven = isUncommitted(tx) ? await lookUp(tx, token) : await prove(tx, token);
      if (proven === undefined || !kinds.includes(proven.token.kind)) throw unauthenticated();
      if ((await whyNotInForce(tx, proven, from.address, now)) !== null) throw unauthenticated();
      return callerOf(proven, from, revision);
    },
    async byOsUser(tx, uid, from) {
      const { revision } = memory;
      const row = await tx.one(identityByOsUser, { os_user: uid });
      if (row !== undefined && !isTrueIdentity(keys.rowMacs(), row)) throw rowUntrue('identity', row.id);
      if (row?.state !== 'active') throw unauthenticated();
      return osCaller(identityRecord(row), from, revision);
    },
    remember(revision) {
      if (memory.revision !== revision) memory = { revision, byDigest: new Map() };
    },
  };
};

const NOBODY = 'idn_nobody';
const BLANK_IDENTITY: IdentityRow = {
  id: NOBODY,
  kind: 'person',
  name: '',
  name_key: '',
  state: 'suspended',
  operator: 0,
  os_user: null,
  created_at: 0,
  created_by: '',
  mac: new Uint8Array(32),
};
const BLANK_TOKEN: TokenRow = {
  accessor: '',
  digest: new Uint8Array(32),
  identity: NOBODY,
  parent: null,
  kind: 'token',
  display: '',
  factors: '[]',
  scope: null,
  addresses: '[]',
  created_at: 0,
  expires_at: 0,
  max_expires_at: 0,
  period: null,
  renewable: 0,
  uses: 0,
  revoked_at: 0,
  mac: new Uint8Array(32),
};

/**
 * Takes the same steps whether or not the token is known: every term, both rows, both codes. Only who holds a token
 * whose row was changed is told so.
 */
const look = async (tx: ReadTx, keys: IdentityKeys, token: Secret): Promise<Proven | undefined> => {
  let found: TokenRow | undefined;
  for (const mac of keys.tokenMacs())
    found = (await tx.one(tokenByDigest, { digest: tokenDigest(mac, token) })) ?? found;
  const tokenRow = found ?? BLANK_TOKEN;
  const identityRow = (await tx.one(identityById, { id: tokenRow.identity })) ?? BLANK_IDENTITY;
  const macs = keys.rowMacs();
  const [tokenTrue, identityTrue] = [isTrueToken(macs, tokenRow), isTrueIdentity(macs, identityRow)];
  if (found === undefined) return undefined;
  if (!tokenTrue) throw rowUntrue('token', found.accessor);
  if (!identityTrue) throw rowUntrue('identity', found.identity);
  const record = tokenRecord(tokenRow);
  return { token: record, identity: identityRecord(identityRow), admits: covers(record.addresses) };
};

/** Why a proven token gives no caller now, in a word for the ledger; null when it does. */
export const whyNotInForce = async (
  tx: ReadTx,
  { token, identity, admits }: Proven,
  address: string,
  now: number,
): Promise<string | null> => {
  if (token.revokedAt !== null) return 'token revoked';
  if (token.expiresAt !== null && token.expiresAt <= now) return 'token expired';
  // The kit is for the owner whom somebody else locked out.
  if (identity.state !== 'active' && token.kind !== 'recovery') return 'identity suspended';
  if (!admits(address)) return 'address outside';
  if (token.uses > 0) {
    const use = await tx.one(useOf, { accessor: token.accessor });
    if (use === undefined || use.used >= token.uses) return 'token used up';
  }
  return null;
};

const callerOf = ({ token, identity }: Proven, from: From, provenAt: number): Caller => ({
  identity: identity.id as Id<'idn'>,
  name: identity.name,
  kind: identity.kind,
  operator: identity.operator,
  accessor: token.accessor,
  factors: token.factors,
  expiresAt: token.expiresAt,
  uses: token.uses,
  from,
  scope: token.scope,
  provenAt,
});

/** The kernel of the operating system vouches for the user; the proof lasts as long as the connection. */
const osCaller = (identity: IdentityRecord, from: From, provenAt: number): Caller => ({
  identity: identity.id as Id<'idn'>,
  name: identity.name,
  kind: identity.kind,
  operator: identity.operator,
  accessor: null,
  factors: ['os-user'],
  expiresAt: null,
  uses: 0,
  from,
  scope: null,
  provenAt,
});
