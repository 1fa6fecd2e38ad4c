import { type ReadTx, type RowInspection, pagesOf } from '#storage';
import { credentialSeal, environmentSeal, projectSeal } from './codes.ts';
import { checkInstallation } from './installation.ts';
import { allEnvironments, allProjects, credentialsAfter } from './tables.ts';

/** The installation, and every project, environment and credential that is not as it was written last. As sentences. */
export const checkPlaces = async (tx: ReadTx, inspection: RowInspection): Promise<readonly string[]> => {
  const idOf = ({ id }: { readonly id: string }): string => id;
  const credentials = pagesOf((after, count) => tx.all(credentialsAfter, { after, count }), idOf);
  return [
    ...(await checkInstallation(tx, inspection)),
    ...(await inspection.inspect('project', await tx.all(allProjects, {}), idOf, projectSeal.isTrue)),
    ...(await inspection.inspect('environment', await tx.all(allEnvironments, {}), idOf, environmentSeal.isTrue)),
    ...(await inspection.inspect('credential', credentials, idOf, credentialSeal.isTrue)),
  ];
};
