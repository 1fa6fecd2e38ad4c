import { newId } from '#kernel';
import type { IdentityKind } from './caller.ts';
import { identityError } from './errors.ts';
import { nameKey, parseIdentityName } from './name.ts';
import type { Deed, IdentityPorts } from './ports.ts';
import { type IdentityRecord, identityRecord, placelessFacts } from './records.ts';
import { identityByNameKey, insertIdentity, sealIdentity } from './tables.ts';

export type CreateIdentity = {
  readonly name: string;
  readonly kind: IdentityKind;
  /** May run the installation. Only an operator makes another one. */
  readonly operator?: boolean;
};

const KINDS: ReadonlySet<string> = new Set(['person', 'service', 'device']);

/** A new identity without any right. Errors: `identity.malformed`, `identity.name_reserved`, `identity.name_taken`. */
export const createIdentity = ({ random, keys }: IdentityPorts): Deed<CreateIdentity, IdentityRecord> => ({
  name: 'identity/create-identity',
  action: 'identity.create',
  effect: 'change',
  async facts(_tx, { operator = false, kind }) {
    return placelessFacts('identity', { operator, kind });
  },
  async apply(tx, { name: asked, kind, operator = false }, _facts, { now, by }) {
    const name = parseIdentityName(asked);
    if (!KINDS.has(kind))
      throw identityError('malformed', 'An identity is a person, a service or a device.', { field: 'kind' });
    if ((await tx.one(identityByNameKey, { name_key: nameKey(name) })) !== undefined)
      throw identityError('name_taken', `The name "${name}" is taken.`, { name });
    const row = sealIdentity(keys.rowMac(), {
      id: newId('idn', random),
      kind,
      name,
      name_key: nameKey(name),
      state: 'active',
      operator: operator ? 1 : 0,
      os_user: null,
      created_at: now,
      created_by: by,
    });
    await tx.run(insertIdentity, row);
    return identityRecord(row);
  },
  summary: (_input, { id }) => ({ note: `made ${id}` }),
});
