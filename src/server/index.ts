export { type OfflineOperations, offlineOperations } from './operate.ts';
export { defaultPlaces } from './places.ts';
export { SETTINGS, type SettingName } from './settings.ts';
export { type Attendant, type Up, demo, up } from './up.ts';
