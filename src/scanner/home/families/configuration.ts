import { type Family } from '../claim.ts';
import type { HomeFile } from '../home-file.ts';
import { judged } from '../judged.ts';

/** Formats whose leaves are judged one by one; code is left to the detectors that read code. */
const JUDGED = new Set([
  'home-assistant-yaml',
  'home-assistant-shared',
  'home-assistant-secrets',
  'esphome-secrets',
  'zigbee2mqtt-side-file',
  'node-red-flows',
  'node-red-environment',
  'dotenv',
  'compose',
  'serverless-yaml',
  'cloudformation-yaml',
  'github-workflow',
  'c-header',
  'platformio',
  'json-settings',
  'other-yaml',
]);

/** Written by package managers and the like: settings of other people. */
const FOREIGN = /\/(?:node_modules|site-packages|dist-packages|vendor|\.venv|venv|translations|locales?)\//;

/** Every recognised configuration of a home: `secrets.yaml`, packages, `.env`, compose files, settings in JSON. */
export const configuration: Family = {
  id: 'configuration',
  reads: (file) => !FOREIGN.test(file.folder) && isJudged(file),
  find: (file) => judged(file),
};

const isJudged = (file: HomeFile): boolean => {
  const { format } = file.reading();
  return format !== null && JUDGED.has(format);
};
