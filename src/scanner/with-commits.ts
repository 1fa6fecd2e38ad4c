import type { Discovery, Occurrence } from './finding.ts';
import type { ScanReport } from './scan-report.ts';
import { lookUpCommits } from './sources/git/look-up-commits.ts';
import { openRepository } from './sources/git/repository.ts';
import type { GitTools } from './sources/git/run-git.ts';

/** The report with commit, author and date of what lies in history: looked up for findings alone, in one walk. */
export const withCommits = async (
  report: ScanReport,
  folder: string,
  tools: GitTools,
  signal: AbortSignal,
): Promise<ScanReport> => {
  const origins = report.discoveries.flatMap(({ occurrences }) => occurrences.map(({ origin }) => origin));
  const ids = (type: 'blob' | 'message'): ReadonlySet<string> =>
    new Set(origins.flatMap((origin) => (origin.type === type ? [origin.id] : [])));
  const [blobs, commits] = [ids('blob'), ids('message')];
  if (blobs.size + commits.size === 0 || signal.aborted) return report;
  const found = await lookUpCommits(await openRepository(folder, tools), { blobs, commits }, signal);
  const place = (one: Occurrence): Occurrence => {
    const commit = one.origin.type === 'blob' || one.origin.type === 'message' ? found.get(one.origin.id) : undefined;
    return commit === undefined ? one : { ...one, commit };
  };
  return {
    ...report,
    discoveries: report.discoveries.map((discovery): Discovery => ({
      ...discovery,
      occurrences: discovery.occurrences.map(place),
    })),
  };
};
