import type { WriteTx } from '#storage';
import type { Factor } from './caller.ts';
import { SESSION_LIFE } from './lifetimes.ts';
import { type MintedToken, mintToken } from './mint-token.ts';
import type { IdentityPorts } from './ports.ts';

/** A session that carries what was proven to open it. It ends by itself and is never renewed. */
export const openSession = (
  ports: IdentityPorts,
  tx: WriteTx,
  { identity, factor, display }: { identity: string; factor: Factor; display: string },
  now: number,
): Promise<MintedToken> =>
  mintToken(
    ports,
    tx,
    {
      identity,
      parent: null,
      kind: 'session',
      display,
      factors: ['token', factor],
      scope: null,
      addresses: [],
      expiresAt: now + SESSION_LIFE.ms,
      maxExpiresAt: now + SESSION_LIFE.ms,
      period: null,
      renewable: false,
      uses: 0,
    },
    now,
  );
