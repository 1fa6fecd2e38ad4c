export { checkIntegration } from './check-integration.ts';
export type { PythonFile } from './python.ts';
export { checkIntegrations } from './read-integrations.ts';
