import type { Deed } from '#deeds';
import { type EnvironmentFacts, type Visible, credentialById, environmentFacts, requireEnvironment } from '#inventory';
import { standingOf } from '#secrets';
import { type LeakRow, leaksOfSource } from './leak-tables.ts';

export type ListLeaks = {
  readonly project: string;
  readonly environment: string;
  readonly source: string;
  readonly after: string;
  readonly limit: number;
};

export type Leak = LeakRow & { readonly name: string; readonly version: number | null; readonly isLive: boolean };

export type LeakPage = { readonly items: readonly Leak[]; readonly next: string | null };

/** Where values lie in one source as far as it is known, of credentials that the caller may see. */
export const listLeaks = (visible: Visible): Deed<ListLeaks, LeakPage, EnvironmentFacts> => ({
  name: 'list-leaks',
  action: 'finding.list',
  effect: 'reveal',
  facts: (tx, { project, environment }) => environmentFacts(tx, project, environment),
  async find(tx, { project, environment, source, after, limit }) {
    await requireEnvironment(tx, project, environment);
    const scopes = await visible(tx);
    const leaks: Leak[] = [];
    const rows = await tx.all(leaksOfSource, { project, environment, source, after, count: limit });
    for (const row of rows) {
      const credential = await tx.one(credentialById, { id: row.credential });
      if (credential === undefined) continue;
      const { name } = credential;
      const isSeen = scopes.some(({ prefix }) => prefix === null || name === prefix || name.startsWith(`${prefix}/`));
      const standing = await standingOf(tx, credential, row.serial);
      if (isSeen) leaks.push({ ...row, name, version: standing?.version ?? null, isLive: standing?.isLive === true });
    }
    // A page may hold fewer than were looked at: what the caller may not see is left out.
    return { items: leaks, next: rows.length < limit ? null : (rows.at(-1)?.id ?? null) };
  },
});
