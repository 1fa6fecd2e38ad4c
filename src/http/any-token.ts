import { hasCode } from '#kernel';
import {
  type Caller,
  type Revoked,
  type TokenLookUp,
  lookUpForeignToken,
  lookUpToken,
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

const named = (accessor: string | undefined): { accessor?: string } => (accessor === undefined ? {} : { accessor });
