export { createApp } from './app.ts';
export type { BackupReport, Care, Examination, House, Seal } from './house.ts';
export { openLog } from './log.ts';
export type { HttpSettings } from './settings.ts';
