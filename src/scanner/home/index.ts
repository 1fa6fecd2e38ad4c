import type { Candidate, FileDetector, WholeFile } from '../detector.ts';
import { LITERALS, wantsFile } from './wants.ts';

export { crossChecks } from './cross-checks.ts';
export { HOME_TEXT_DETECTORS } from './text-detectors.ts';

let inspect: ((file: WholeFile) => readonly Candidate[]) | null = null;

/**
 * Parsers and families are loaded when the first file wants them: most files are nobody's home, and the readers of YAML
 * take longer to load than fifty small files take to scan.
 */
const home: FileDetector = {
  id: 'home',
  literals: LITERALS,
  wants: wantsFile,
  load: async () => {
    inspect ??= (await import('./inspect.ts')).inspect;
  },
  detect: (file) => inspect?.(file) ?? [],
};

export const HOME_DETECTORS: readonly FileDetector[] = [home];
