import type { Found } from './found.ts';
import type { Rule } from './rule.ts';
import { planFor, type Search } from './open-plan.ts';
import { type Scanned, scanContent } from './scan-content.ts';

const row = (rest: Pick<Rule, 'id' | 'shape'> & Partial<Rule>): Rule => ({
  title: rest.id,
  vendor: 'Test',
  kind: 'api-key',
  tier: 'silver',
  rotation: 'api',
  opens: 'nothing',
  remedy: 'Nothing to do.',
  source: 'https://example.com/',
  evidence: 'documented',
  examples: [],
  notThese: [],
  ...rest,
});

/** One rule of each sort: checksum, fixed length, variable length, words near, words on both sides. */
export const TEST_RULES: readonly Rule[] = [
  row({
    id: 'github-token',
    kind: 'github-token',
    shape: [{ any: ['ghp_', 'gho_'] }, { of: 'alnum', min: 36, max: 36 }],
    checksum: 'github-crc32',
  }),
  row({ id: 'aws-access-key-id', kind: 'aws-access-key-id', shape: ['AKIA', { of: 'base32', min: 16, max: 16 }] }),
  row({ id: 'porch-key', shape: ['porch-live-', { of: 'alnum', min: 24, max: 64 }] }),
  row({ id: 'lantern-key', shape: [{ of: 'hex-lower', min: 32, max: 32 }], near: { words: ['lantern'], within: 40 } }),
  row({
    id: 'orchard-key',
    shape: [{ of: 'alnum', min: 40, max: 40 }],
    near: { words: ['orchard'], within: 60, behind: true },
  }),
];

export const SEARCH: Search = { builtin: false, rules: TEST_RULES, fileDetectors: [] };

const plans = new Map<Search, ReturnType<typeof planFor>>();

/** What is found in these bytes, under this path. */
export const scanBytes = async (
  content: string | Uint8Array,
  path = 'config/porch.conf',
  search: Search = SEARCH,
): Promise<Scanned> => {
  const plan = plans.get(search) ?? planFor(search);
  plans.set(search, plan);
  const bytes = typeof content === 'string' ? Buffer.from(content) : content;
  return scanContent(await plan, { path, size: bytes.length, mode: null, content: { type: 'bytes', bytes } });
};

export const values = (found: readonly Found[]): readonly string[] => found.map(({ value }) => value);
