const OPENED =
  /\.(tar|tgz|gz|zst|zstd|tzst|zip|jar|war|ear|aar|apk|aab|ipa|whl|egg|nupkg|vsix|xpi|crx|docx|xlsx|pptx|odt|ods|epub)$/i;
const NOT_OPENED = /\.(xz|txz|bz2|tbz2?|7z|rar|lz4|lzma|br)$/i;

/** Whether a file in a tree is opened as an archive: by name, since nothing else is known before it is read. */
export const isArchiveName = (path: string): boolean => OPENED.test(path);

/** Compressed in a way that is not opened here. */
export const isClosedArchiveName = (path: string): boolean => NOT_OPENED.test(path);
