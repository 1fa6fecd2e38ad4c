import type { Detector } from '../detector.ts';
import { HOME_TEXT_DETECTORS } from '../home/index.ts';
import { assignments } from './assignments.ts';
import { authorization } from './authorization.ts';
import { privateKeys } from './private-keys.ts';
import { urlCredentials } from './urls.ts';
import { webTokens } from './web-tokens.ts';

/** What is no single token with a mark: ordered, the more precise first. */
export const DETECTORS: readonly Detector[] = [
  privateKeys,
  webTokens,
  urlCredentials,
  ...HOME_TEXT_DETECTORS,
  authorization,
  assignments,
];
