export { createApp } from './app.ts';
export type { House, Seal } from './house.ts';
export { openLog } from './log.ts';
export type { HttpSettings } from './settings.ts';
