import type { Discovery, Managed } from '../finding.ts';
import type { ScanReport } from '../scan-report.ts';

/** `this is porch/prod/mqtt, version 3, in force, used by 4 consumers, owned by ada`. */
export const describeManaged = ({ path, version, standing, live, state, owner, consumers }: Managed): string => {
  const { count } = consumers;
  return [
    `this is ${path}`,
    version === null ? 'the version that waits' : `version ${version}`,
    ...(live ? ['live'] : []),
    ...(standing === 'earlier' ? ['replaced since: make sure that the system refuses it'] : []),
    ...(state === 'active' ? [] : [state]),
    `used by ${count === 0 ? 'nobody who is known' : `${count} ${count === 1 ? 'consumer' : 'consumers'}`}`,
    owner === null ? 'owned by nobody' : `owned by ${owner}`,
  ].join(', ');
};

/**
 * The report with what a store says of its values: those that it keeps are certain, whatever rules thought of them, and
 * those that are live come first.
 */
export const withManaged = (
  report: ScanReport,
  managedOf: (discovery: Discovery) => Managed | undefined,
): ScanReport => {
  const discoveries = report.discoveries.map((discovery): Discovery => {
    const managed = managedOf(discovery);
    return managed === undefined
      ? discovery
      : { ...discovery, managed, confidence: managed.live ? 'certain' : discovery.confidence };
  });
  const isLive = ({ managed }: Discovery): number => (managed?.live === true ? 0 : 1);
  return { ...report, discoveries: discoveries.toSorted((a, b) => isLive(a) - isLive(b)) };
};
