import { type WriteTx, pagesOf, statement } from '#storage';
import { credentialSeal, environmentSeal, projectSeal } from './codes.ts';
import { giveInstallationCode } from './installation.ts';
import { type CredentialRow, type Tables, allEnvironments, allProjects, credentialsAfter } from './tables.ts';

type Code = { readonly id: string; readonly mac: Uint8Array | null };

const giveProjectCode = statement<Tables, Code>(
  (db, { id, mac }) => db.updateTable('project').set({ mac }).where('id', '=', id),
  { givesFirstCode: true },
);
const giveEnvironmentCode = statement<Tables, Code>(
  (db, { id, mac }) => db.updateTable('environment').set({ mac }).where('id', '=', id),
  { givesFirstCode: true },
);
const giveCredentialCode = statement<Tables, Code>(
  (db, { id, mac }) => db.updateTable('credential').set({ mac }).where('id', '=', id),
  { givesFirstCode: true },
);

/** Gives every row of before there were codes its own. For the first commit with a guard. */
export const giveFirstCodes = async (tx: WriteTx): Promise<void> => {
  const mac = tx.guard.keys()[0]!;
  await giveInstallationCode(tx);
  for (const row of await tx.all(allProjects, {})) await tx.run(giveProjectCode, projectSeal.seal(mac, row));
  for (const row of await tx.all(allEnvironments, {}))
    await tx.run(giveEnvironmentCode, environmentSeal.seal(mac, row));
  const credentials = pagesOf<CredentialRow>(
    (after, count) => tx.all(credentialsAfter, { after, count }),
    ({ id }) => id,
  );
  for await (const row of credentials) await tx.run(giveCredentialCode, credentialSeal.seal(mac, row));
};
