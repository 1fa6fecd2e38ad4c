// Writes src/scanner/matcher/builtin.json: which literal begins which rule, so that a scan starts without the rules,
// and a digest of the engine, so that verdicts of another engine are not believed.
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { formatShipped, indexRules } from '../src/scanner/rule-set.ts';
import { RULES } from '../src/scanner/rules/index.ts';
import { engineDigest } from './engine-digest.ts';

const file = fileURLToPath(new URL('../src/scanner/matcher/builtin.json', import.meta.url));
writeFileSync(file, formatShipped({ engine: engineDigest(), ...indexRules(RULES) }));
