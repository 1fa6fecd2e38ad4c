import { Secret } from '#kernel';
import type { Discovery, Occurrence } from '../finding.ts';
import type { ScanReport } from '../scan-report.ts';
import type { ReportContext } from './report-options.ts';

export const PLANTED = 'zq7Hn0-planted-value-K2';

export const occurrence = (changes: Partial<Occurrence> = {}): Occurrence => ({
  path: 'config/app.yaml',
  origin: { type: 'file' },
  line: 12,
  column: 9,
  offset: 204,
  length: PLANTED.length,
  name: 'mqtt.password',
  encodings: [],
  ...changes,
});

export const discovery = (changes: Partial<Discovery> = {}): Discovery => ({
  rule: 'mqtt-password',
  title: 'MQTT password',
  vendor: 'MQTT',
  kind: 'mqtt-password',
  tier: 'silver',
  rotation: 'restart',
  value: Secret.fromText(PLANTED),
  why: 'its name says password',
  opens: 'every topic of the broker',
  remedy: 'Change it at the broker.',
  facts: {},
  also: [],
  confidence: 'likely',
  occurrences: [occurrence()],
  ...changes,
});

export const report = (changes: Partial<ScanReport> = {}): ScanReport => ({
  discoveries: [discovery()],
  gaps: [],
  skipped: [],
  covered: { units: 3, bytes: 4096, fromCache: 0 },
  took: 12,
  ...changes,
});

export const CONTEXT: ReportContext = { version: '0.1.0', subject: '<b>.&"', fingerprint: () => 'k1:0011' };

/** Everything a report can hold, with names and paths as an attacker would choose them. */
export const HOSTILE: ScanReport = report({
  discoveries: [
    discovery({
      also: [{ code: 'default', why: 'published by its maker' }],
      facts: { 'token id': '</dd><script>' },
      occurrences: [
        occurrence({ path: 'a b/<script>alert(1)</script>/#?%.yaml', name: "\"]]><x y='z'>" }),
        occurrence({ path: './fw.bin', line: null, column: null, encodings: ['base64', 'hex'], name: null }),
        occurrence({
          origin: { type: 'blob', id: 'b'.repeat(40) },
          commit: { id: 'c'.repeat(40), author: 'Eve <eve@example.org>', date: '2026-01-02T03:04:05Z', inHead: false },
        }),
        occurrence({ path: '\uD800broken\u0001', origin: { type: 'message', of: 'tag', id: 'd'.repeat(40) } }),
      ],
    }),
    discovery({ rule: 'a-note', confidence: 'note', tier: 'bronze', value: Secret.fromText('short') }),
    discovery({ rule: 'a-key', confidence: 'certain', tier: 'gold' }),
  ],
  gaps: [{ path: 'big<.iso', code: 'too_large', message: 'More than & may be.' }],
  skipped: [{ path: '.git', why: 'git’s own files' }],
});
