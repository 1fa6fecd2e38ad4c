export { createApp } from './app.ts';
export type { BackupReport, Care, Examination, House, KitInForce, Seal } from './house.ts';
export { openLog } from './log.ts';
export type { HttpSettings } from './settings.ts';
