const OPENED =
  /\.(tar|tgz|gz|zst|zstd|tzst|br|zip|jar|war|ear|aar|apk|apks|xapk|aab|ipa|whl|egg|nupkg|vsix|xpi|crx|gem|kmz|npz|svgz|cbz|3mf|usdz|docx|docm|dotx|xlsx|xlsm|xltx|pptx|pptm|potx|odt|ods|odp|odg|epub)$/i;
const NOT_OPENED = /\.(xz|txz|bz2|tbz2?|7z|rar|lz4|lzma)$/i;

/** Whether a file is opened as an archive before it is read; others are once their first bytes say what they are. */
export const isArchiveName = (path: string): boolean => OPENED.test(path);

/** Compressed in a way that is not opened here. */
export const isClosedArchiveName = (path: string): boolean => NOT_OPENED.test(path);
