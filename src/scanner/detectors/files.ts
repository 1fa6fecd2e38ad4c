import type { FileDetector } from '../detector.ts';
import { HOME_DETECTORS } from '../home/index.ts';

/** Parsers of formats with structure; imported by every thread that scans, what is large in them when first needed. */
export const FILE_DETECTORS: readonly FileDetector[] = [...HOME_DETECTORS];
