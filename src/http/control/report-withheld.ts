import { settleFindings } from '#findings';
import { systemCaller } from '#identity';
import type { Match } from '#secrets';
import type { House } from '../house.ts';

/**
 * A scan found gold and was not told so, for its token alone proves too little. Whoever answers for it is told: where it
 * lies only the scan knows, and who scanned stands in the ledger.
 */
export const reportWithheld =
  ({ deeds, random }: House) =>
  async (
    place: { readonly project: string; readonly environment: string },
    withheld: readonly Match[],
  ): Promise<void> => {
    const live = withheld.filter(({ isLive }) => isLive);
    if (live.length === 0) return;
    await deeds
      .perform(settleFindings(random), systemCaller(), {
        ...place,
        rules: ['found-by-scan'],
        observed: live.map(({ credential, version }) => ({
          rule: 'found-by-scan' as const,
          place: credential.name,
          credential: credential.id,
          summary: `version ${version ?? 'pending'} lies where somebody scanned who may not be told so`,
        })),
        closes: [],
        excusedFor: null,
      })
      // The scan is answered in any case, and asks again the next time.
      .catch(() => undefined);
  };
