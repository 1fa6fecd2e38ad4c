import { Secret } from '#kernel';
import type { Discovery } from '../finding.ts';
import type { Module } from './python.ts';

/** What a reviewer of integrations would object to, at one place. */
export type Issue = {
  readonly code:
    | 'credential-logged'
    | 'diagnostics-not-redacted'
    | 'diagnostics-incomplete'
    | 'tls-unverified'
    | 'secret-in-query';
  readonly module: Module;
  /** UTF-16 offset in the module. */
  readonly start: number;
  readonly end: number;
  /** Of the credential, never its value: `password`. */
  readonly name: string;
  readonly why: string;
  readonly confidence: 'likely' | 'note';
};

type Words = Pick<Discovery, 'title' | 'opens' | 'remedy' | 'tier'>;

const WORDS: Readonly<Record<Issue['code'], Words>> = {
  'credential-logged': {
    title: 'Credential written to the log',
    tier: 'silver',
    opens: 'the credential to whoever reads the log, and to every issue it is pasted into',
    remedy:
      'Log what happened, not what it was done with; for whole entries log entry.entry_id or async_redact_data(…).',
  },
  'diagnostics-not-redacted': {
    title: 'Diagnostics with the entry as it is',
    tier: 'silver',
    opens: 'every credential of the entry to whoever gets the diagnostics file',
    remedy: 'Return async_redact_data(entry.as_dict(), TO_REDACT) (homeassistant.components.diagnostics).',
  },
  'diagnostics-incomplete': {
    title: 'Diagnostics that leave a credential in',
    tier: 'silver',
    opens: 'that credential to whoever gets the diagnostics file',
    remedy: 'Add its key to TO_REDACT in diagnostics.py, and a test that takes the diagnostics of an entry with it.',
  },
  'tls-unverified': {
    title: 'TLS without looking at the certificate',
    tier: 'silver',
    opens: 'what is sent, credentials included, to whoever stands between',
    remedy:
      'Leave verification on for hosts of the internet; for devices at home make it an option (CONF_VERIFY_SSL), on by default.',
  },
  'secret-in-query': {
    title: 'Credential in the query of an address',
    tier: 'bronze',
    opens: 'the credential to the logs of every proxy and server on the way',
    remedy:
      'Send it in a header (Authorization) or in the body; where the vendor knows no other way, say so in a comment.',
  },
};

const RULE_PREFIX = 'integration-';

/** As the reports know findings. The value is no credential but the place's description, the same whatever the line. */
export const toDiscovery = ({ code, module, start, end, name, why, confidence }: Issue): Discovery => {
  const before = module.text.slice(0, start);
  const lineStart = before.lastIndexOf('\n') + 1;
  return {
    ...WORDS[code],
    rule: RULE_PREFIX + code,
    vendor: 'Home Assistant integration',
    kind: 'plain',
    rotation: 'none',
    value: Secret.fromText(`${code} ${module.path} ${name}`),
    why,
    facts: {},
    also: [],
    confidence,
    occurrences: [
      {
        path: module.path,
        origin: { type: 'file' },
        line: before.split('\n').length,
        column: start - lineStart + 1,
        offset: Buffer.byteLength(before),
        length: Buffer.byteLength(module.text.slice(start, end)),
        name,
        encodings: [],
      },
    ],
  };
};
