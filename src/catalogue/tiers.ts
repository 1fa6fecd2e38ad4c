import { Duration, type Tier } from '#kernel';
import { type KindId, kindOf } from './kinds.ts';
import type { SystemId } from './systems.ts';

/** What is known about a credential's reach. */
export type Reach = {
  readonly kind: KindId;
  readonly system: SystemId | null;
  /** Systems that use it, as far as they are known. */
  readonly consumers?: readonly SystemId[];
};

/** Systems whose login commands everything that is attached to them. */
const COMMANDING = new Set<SystemId>(['home-assistant', 'supervisor', 'nabu-casa', 'matter']);

/** Kinds that are the home's own identity when such a system issues them. */
const IDENTITIES = new Set<KindId>([
  'refresh-token',
  'signing-key',
  'session-secret',
  'bcrypt-hash',
  'backup-key',
  'private-key',
]);

/**
 * Derives the tier from reach. Gold controls the home, forges an identity or signs firmware. Silver opens one service
 * or account. Bronze is local and limited, and becomes silver once two systems share it, as one leak then opens both.
 */
export const deriveTier = ({ kind, system, consumers = [] }: Reach): Tier => {
  const { tier } = kindOf(kind);
  if (tier === 'gold') return 'gold';
  if (system !== null && COMMANDING.has(system) && IDENTITIES.has(kind)) return 'gold';
  const reached = new Set(system === null ? consumers : [system, ...consumers]);
  return tier === 'bronze' && reached.size > 1 ? 'silver' : tier;
};

export type TierRules = {
  /** What people read; never the bare word. */
  readonly title: string;
  /** Whether a bearer token alone, without a second factor or proof of possession, may reveal it. */
  readonly bearerReveals: boolean;
  /** Longest that a value may be lent out at a time. */
  readonly longestLease: Duration;
  /** How often somebody looks again at who may use it. */
  readonly review: Duration;
};

const RULES: Readonly<Record<Tier, TierRules>> = {
  gold: {
    title: 'gold: controls the home',
    bearerReveals: false,
    longestLease: Duration.of(15, 'm'),
    review: Duration.of(90, 'd'),
  },
  silver: {
    title: 'silver: one service or account',
    bearerReveals: true,
    longestLease: Duration.of(1, 'h'),
    review: Duration.of(180, 'd'),
  },
  bronze: {
    title: 'bronze: local and limited',
    bearerReveals: true,
    longestLease: Duration.of(24, 'h'),
    review: Duration.of(365, 'd'),
  },
};

/** What a tier may do, before a project's posture makes it stricter. */
export const tierRules = (tier: Tier): TierRules => RULES[tier];

const ORDER: readonly Tier[] = ['bronze', 'silver', 'gold'];

/** The higher of two tiers: what people declare never lowers what reach derives without a finding. */
export const higherTier = (a: Tier, b: Tier): Tier => (ORDER.indexOf(a) >= ORDER.indexOf(b) ? a : b);
