import type { FileDetector } from '../detector.ts';

/** Parsers of formats with structure; imported by every thread that scans. */
export const FILE_DETECTORS: readonly FileDetector[] = [];
