import type { Discovery } from '../finding.ts';
import { diagnostics } from './diagnostics.ts';
import { toDiscovery } from './issue.ts';
import { logged } from './logged.ts';
import { type PythonFile, constantsOf, openModule } from './python.ts';
import { storedSecrets } from './stored-keys.ts';
import { inQuery, tlsOff } from './transport.ts';

/** Tests log and mock as they like. */
const TESTS = /(?:^|\/)(?:tests?|script|scripts)\/|(?:^|\/)(?:conftest|test_[^/]*)\.py$/;

/**
 * What reviewers of custom integrations look for by hand: credentials in logs, diagnostics that leave some in, TLS that
 * verifies nothing, credentials in addresses. `files` are the Python modules of one integration, `manifest` the text of
 * its manifest.json or null. Pure; never throws on broken code, which only gives fewer findings.
 */
export const checkIntegration = (
  files: readonly PythonFile[],
  manifest: string | null = null,
): readonly Discovery[] => {
  const modules = files.filter(({ path }) => !TESTS.test(path)).map(openModule);
  const constants = constantsOf(modules);
  const stored = storedSecrets(modules, constants);
  return [
    ...modules.flatMap((module) => logged(module, constants, stored)),
    ...diagnostics(modules, constants, stored),
    ...tlsOff(modules, manifest),
    ...modules.flatMap(inQuery),
  ].map(toDiscovery);
};
