import { systemCaller } from '#identity';
import { settleFindings } from '#findings';
import { credentialById } from '#inventory';
import type { ValueHome } from '#secrets';
import type { House } from './house.ts';

/**
 * Opens a finding where a value lives that somebody else tried to write into another environment. Whoever answers for
 * that place learns that its value is known elsewhere; who tried stands in the ledger's denied entry.
 */
export const reportElsewhere =
  ({ engine, deeds, random }: House) =>
  async ({ project, environment, credential }: ValueHome): Promise<void> => {
    const row = await engine.read((tx) => tx.one(credentialById, { id: credential }));
    if (row === undefined) return;
    await deeds.perform(settleFindings(random), systemCaller(), {
      project,
      environment,
      rules: ['tried-elsewhere'],
      observed: [
        {
          rule: 'tried-elsewhere',
          place: row.name,
          credential,
          summary: 'its value was to be written into another environment',
        },
      ],
      closes: [],
      excusedFor: null,
    });
  };
