/** `chatelaine-<beginning of the log's id>-<UTC>.age`, so that names sort by time and say whose they are. */
export const backupName = (origin: string, at: number): string =>
  `chatelaine-${idOf(origin)}-${new Date(at).toISOString().replaceAll(/[-:.]/g, '')}.age`;

const NAME = /^chatelaine-([a-z0-9]{1,8})-(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)(\d{3})Z\.age$/;

/** When a backup of this installation was made, by its name; null for any other file. */
export const backupTime = (origin: string, name: string): number | null => {
  const [, id, year, month, day, hour, minute, second, ms] = NAME.exec(name) ?? [];
  if (id === undefined || id !== idOf(origin)) return null;
  const at = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}.${ms}Z`);
  return Number.isNaN(at) ? null : at;
};

const idOf = (origin: string): string =>
  (origin.split('/').at(-1) ?? '')
    .toLowerCase()
    .replaceAll(/[^a-z0-9]/g, '')
    .slice(0, 8) || 'house';
