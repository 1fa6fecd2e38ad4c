export type { House, Seal } from './house.ts';
export type { HttpSettings } from './settings.ts';
