import { hasCode } from '#kernel';
import type { ReadTx } from '#storage';
import type { DataKeys } from './data-key.ts';
import { type Keyring, SYSTEM, SYSTEM_PURPOSES } from './keyring.ts';
import { RECOVERY_KEY } from './providers/recovery-key.ts';
import { currentRootRow } from './root-key.ts';
import {
  type DataKeyRow,
  dataKeyChain,
  dataKeysAfter,
  keyringRows,
  recoveryKit,
  rootKeyCopy,
  rootKeys,
} from './tables.ts';

const PAGE = 1_000;

/** Whether every key is there that must be, of one root key, and opens when `keyring` is given. */
export const checkKeyring = async (
  tx: ReadTx,
  scopes: readonly string[],
  keyring: Keyring | undefined,
): Promise<readonly string[]> => {
  const root = await currentRootRow(tx);
  if (root === undefined) return ['there is no root key'];
  const rows = await tx.all(keyringRows, {});
  const present = new Set(rows.map(({ scope, purpose }) => `${scope}/${purpose}`));
  const wanted = [
    ...SYSTEM_PURPOSES.map((purpose) => `${SYSTEM}/${purpose}`),
    ...scopes.map((scope) => `${scope}/wrap`),
  ];
  const faults = wanted.filter((place) => !present.has(place)).map((place) => `the key ${place} is missing`);
  for (const row of rows) {
    const place = `${row.scope}/${row.purpose}/${row.term}`;
    if (row.scope !== SYSTEM && !scopes.includes(row.scope)) faults.push(`the key ${place} belongs to no project`);
    if (row.root_term !== root.term)
      faults.push(`the key ${place} is under root key ${row.root_term}, not ${root.term}`);
    else if (keyring !== undefined && !opens(() => keyring.unwrap(row))) faults.push(`the key ${place} does not open`);
  }
  if ((await tx.all(rootKeys, {})).length > 1) faults.push('an older root key was kept');
  const [kit, copy] = [await tx.one(recoveryKit, {}), await tx.one(rootKeyCopy, { provider: RECOVERY_KEY })];
  if ((kit === undefined) !== (copy === undefined))
    faults.push('the recovery kit and its copy of the root key are not both there');
  if (copy !== undefined && copy.term !== root.term)
    faults.push(`the recovery kit opens root key ${copy.term}, not ${root.term}`);
  return faults;
};

/** Whether every credential's key opens, and was made for the credential it stands at. */
export const checkDataKeys = async (tx: ReadTx, keyring: Keyring, keys: DataKeys): Promise<readonly string[]> => {
  const faults: string[] = [];
  for (let after = ''; ;) {
    const page: readonly DataKeyRow[] = await tx.all(dataKeysAfter, { after, count: PAGE });
    for (const { credential } of page) {
      const chain = await tx.one(dataKeyChain, { credential });
      if (chain === undefined) faults.push(`the key of ${credential} is under a key that is missing`);
      else if (!opens(() => keys.open(keyring, chain))) faults.push(`the key of ${credential} does not open`);
    }
    const last = page.at(-1);
    if (last === undefined || page.length < PAGE) return faults;
    after = last.credential;
  }
};

const opens = (open: () => unknown): boolean => {
  try {
    open();
    return true;
  } catch (error) {
    if (hasCode(error, 'sealing.damaged')) return false;
    throw error;
  }
};
