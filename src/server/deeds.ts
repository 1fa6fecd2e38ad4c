import { adoptionDeeds } from '#adoption';
import type { Deed } from '#deeds';
import { findingsDeeds } from '#findings';
import type { House } from '#http';
import { identityDeeds } from '#identity';
import { inventoryDeeds } from '#inventory';
import { acceptRollback, redactEntries } from '#ledger';
import { policyDeeds } from '#policy';
import { secretsDeeds } from '#secrets';
import { kitDeed, revokeKit } from './kit.ts';
import { rekeyDeed } from './seal-control.ts';
import { lockAll } from './shared-lock.ts';

/** Every deed of the house that changes something: what the writer finds by name. */
export const allDeeds = (house: House): readonly Deed<unknown, unknown>[] => [
  ...identityDeeds(house.identityPorts),
  ...policyDeeds(house.grantPorts),
  acceptRollback,
  redactEntries,
  ...inventoryDeeds(house.sealing, house.random),
  ...secretsDeeds(house.secrets, house.identityPorts),
  ...findingsDeeds(house.random),
  ...adoptionDeeds(house.sealing, house.random),
  kitDeed(house),
  revokeKit(house),
  lockAll(house.sealing),
  rekeyDeed(house.sealing),
];
