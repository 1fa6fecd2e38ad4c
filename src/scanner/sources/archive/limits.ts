import { Exhausted, Unread } from '../gap.ts';

export type ArchiveLimits = {
  /** Archives in archives; compression around an archive counts as one more. */
  readonly depth: number;
  /** Members of one archive, with all that lies in it. */
  readonly members: number;
  /** Bytes that come out of one archive, all layers together. */
  readonly expanded: number;
  /** Out of a compressed stream, and out of the whole, for each byte of it, once `floor` bytes have come out. */
  readonly ratio: number;
  readonly floor: number;
  /** An archive of random access (zip) inside another is held in memory up to so many bytes. */
  readonly held: number;
};

const MiB = 1024 * 1024;

/** A backup of a home is some GiB with some hundred thousand files; deflate cannot exceed 1032 to one. */
export const ARCHIVE_LIMITS: ArchiveLimits = {
  depth: 10,
  members: 2_000_000,
  expanded: 64 * 1024 * MiB,
  ratio: 300,
  floor: 256 * MiB,
  held: 64 * MiB,
};

/** What one archive may still cost. One per archive that a person named or a tree holds. */
export type Budget = {
  readonly limits: ArchiveLimits;
  /** Says how much of the archive itself was read, or is there. */
  from(packed: () => number): void;
  /** Counts bytes that came out of `packed` bytes. Throws `Unread`. */
  expand(bytes: number, layer: { out: number; packed: number }): void;
  member(): void;
};

export const openBudget = (limits: ArchiveLimits): Budget => {
  let expanded = 0;
  let members = 0;
  let packedIn = (): number => Number.POSITIVE_INFINITY;
  return {
    limits,
    from: (packed) => {
      packedIn = packed;
    },
    expand: (bytes, layer) => {
      expanded += bytes;
      if (expanded > limits.expanded)
        throw new Exhausted(
          'too_large',
          `More than ${size(limits.expanded)} have come out of this archive; the rest was not read.`,
        );
      if (layer.out > limits.floor && layer.out > layer.packed * limits.ratio)
        throw new Unread(
          'too_large',
          `It expands more than ${limits.ratio} times, to over ${size(layer.out)}; the rest was not read.`,
        );
      // Archives in an archive multiply what each of them may.
      if (expanded > limits.floor && expanded > packedIn() * limits.ratio)
        throw new Exhausted(
          'too_large',
          `All in it together expands more than ${limits.ratio} times, to over ${size(expanded)}; the rest was not read.`,
        );
    },
    member: () => {
      members += 1;
      if (members > limits.members)
        throw new Exhausted('too_many', `It has more than ${limits.members} members; the rest was not read.`);
    },
  };
};

const size = (bytes: number): string =>
  bytes >= 1024 * MiB ? `${Math.floor(bytes / (1024 * MiB))} GiB` : `${Math.floor(bytes / MiB)} MiB`;
