export { type FilesCopy, copyFiles } from './copy-files.ts';
export { type Known, openMask } from './mask.ts';
export { openRedaction } from './redaction.ts';
