import { ChatelaineError, type Duration, hasCode } from '#kernel';
import {
  type Caller,
  type Revoked,
  type TokenLookUp,
  type TokenRecord,
  identityError,
  lookUpForeignToken,
  lookUpToken,
  renewToken,
  revokeForeignToken,
  revokeToken,
} from '#identity';
import type { House } from './house.ts';

type Ports = Pick<House, 'deeds' | 'identityPorts'>;

/**
 * What is known of a token: one's own, the one in use when no accessor is given; or anybody's, for who may look. Who may
 * not is told the same of what exists and what does not. Errors: `identity.token_absent`.
 */
export const lookUpAnyToken = async (
  { deeds, identityPorts }: Ports,
  caller: Caller,
  accessor: string | undefined,
): Promise<TokenLookUp> => {
  try {
    return (await deeds.perform(lookUpToken(identityPorts), caller, { caller, ...named(accessor) })).output;
  } catch (error) {
    if (accessor === undefined || !hasCode(error, 'identity.token_absent')) throw error;
    return (
      await deeds.perform(lookUpForeignToken(identityPorts), caller, { accessor }).catch((refused: unknown) => {
        throw hasCode(refused, 'deeds.denied') ? error : refused;
      })
    ).output;
  }
};

/** Ends a token: one's own, the one in use when no accessor is given; or anybody's, for who may do that. */
export const revokeAnyToken = async (
  { deeds, identityPorts }: Ports,
  caller: Caller,
  accessor: string | undefined,
): Promise<Revoked> => {
  try {
    return (await deeds.perform(revokeToken(identityPorts), caller, { caller, ...named(accessor) })).output;
  } catch (error) {
    if (accessor === undefined || !hasCode(error, 'identity.token_absent')) throw error;
    return (await deeds.perform(revokeForeignToken(identityPorts), caller, { accessor })).output;
  }
};

/**
 * A later end for one of the caller's own tokens; nobody renews anybody else's. A refusal for want of a right is that of
 * a foreign token, or of none, and is in the ledger. Errors: `identity.token_absent`, `identity.not_renewable`.
 */
export const renewOwnToken = async (
  { deeds, identityPorts }: Ports,
  caller: Caller,
  { accessor, life }: { readonly accessor?: string | undefined; readonly life?: Duration | undefined },
): Promise<TokenRecord> => {
  const input = { caller, ...named(accessor), ...(life === undefined ? {} : { life }) };
  try {
    return (await deeds.perform(renewToken(identityPorts), caller, input)).output;
  } catch (error) {
    if (accessor === undefined || !isNobodys(error)) throw error;
    throw identityError('token_absent', 'There is no such token.');
  }
};

/** One's own is always one's own: what no rule forbids and no rule gives was not. */
const isNobodys = (error: unknown): boolean =>
  error instanceof ChatelaineError && error.code === 'deeds.denied' && error.details['rule'] === 'default-deny';

const named = (accessor: string | undefined): { accessor?: string } => (accessor === undefined ? {} : { accessor });
