/** Where the bytes of a unit came from, as far as it is known before anything is found in them. */
export type Origin =
  | { readonly type: 'file' }
  /** A blob of a git repository; commit, author and date are looked up for findings only. */
  | { readonly type: 'blob'; readonly id: string }
  /** What is staged for the next commit. */
  | { readonly type: 'staged'; readonly id: string }
  /** Text of git itself: messages of commits and tags, notes. */
  | { readonly type: 'message'; readonly of: 'commit' | 'tag' | 'note'; readonly id: string }
  | { readonly type: 'stdin' }
  | { readonly type: 'image' }
  | { readonly type: 'url'; readonly url: string };

/**
 * Something to look through. `path` is what people see, with `/`; a member of an archive stands behind `!`:
 * `backup.tar!data/.storage/auth`.
 */
export type Unit = {
  readonly path: string;
  readonly origin: Origin;
  /** Bytes, when known before reading. */
  readonly size: number | null;
  /** Permission bits (`0o600`), where the source knows them. */
  readonly mode?: number;
  /** It came out of an archive, or of a compression around it. */
  readonly isMember?: boolean;
  readonly content: Content;
};

/**
 * `path`: a regular file of the local tree, opened by whoever scans it (a worker thread, too; never through a symbolic
 * link) and read straight into the memory of the matcher: the fastest for trees. `file`: the same with an open
 * descriptor; whoever yielded the unit closes it once the next unit is asked for. `bytes`: small and already here; may
 * be handed to another thread, so it must not be used afterwards. `stream`: larger than memory allows, chunks of any
 * size.
 */
export type Content =
  | { readonly type: 'path'; readonly file: string }
  | { readonly type: 'file'; readonly fd: number }
  | { readonly type: 'bytes'; readonly bytes: Uint8Array }
  | { readonly type: 'stream'; readonly chunks: AsyncIterable<Uint8Array> };

/** Something that was not, or not wholly, looked through: the scan is incomplete, and says so. Never quotes content. */
export type Gap = {
  readonly path: string;
  readonly code:
    | 'unreadable'
    | 'changed'
    | 'too_deep'
    | 'too_large'
    | 'too_many'
    | 'encrypted'
    | 'broken'
    | 'climbs_out'
    | 'partial_clone'
    | 'shallow_clone'
    | 'missing_object'
    | 'submodule'
    | 'lfs_pointer'
    | 'refused'
    | 'interrupted'
    | 'failed';
  /** What happened and what to do, in one or two sentences. */
  readonly message: string;
};

/** What was left out on purpose (by an option, by a list): named in the report, and not incomplete. */
export type Skipped = { readonly path: string; readonly why: string };

export type Progress = {
  readonly done: number;
  readonly total: number | null;
  readonly unit: 'files' | 'blobs' | 'bytes';
};

/** What a source yields, in any order. */
export type Yield =
  | { readonly type: 'unit'; readonly unit: Unit }
  | { readonly type: 'gap'; readonly gap: Gap }
  | { readonly type: 'skipped'; readonly skipped: Skipped }
  /** Blobs that were not read again, since nothing was found in them under the same rules. */
  | { readonly type: 'known'; readonly units: number }
  | { readonly type: 'progress'; readonly progress: Progress };

/** Something that can be looked through. Ends early, cleanly, when `signal` is aborted, with a gap `interrupted`. */
export type Source = (signal: AbortSignal) => AsyncIterable<Yield>;
