/**
 * What earlier scans know of blobs: only that nothing was found in them. Belongs to one set of rules; whoever keeps it
 * on disk names it by `digest`. Nothing about findings is ever kept.
 */
export type Verdicts = {
  readonly digest: string;
  /** Asked by the source before it reads a blob. */
  isClean(blobId: string): boolean;
  /** Told by the scan once a blob was wholly looked through and held nothing, not even a note. */
  addClean(blobId: string): void;
};
