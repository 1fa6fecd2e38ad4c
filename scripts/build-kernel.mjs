// Makes src/scanner/matcher/kernel.wasm of assembly/kernel.ts. Optional argument: another file to write to.
import { fileURLToPath } from 'node:url';
import { join } from 'node:path';
import asc from 'assemblyscript/asc';

const root = fileURLToPath(new URL('..', import.meta.url));
const out = process.argv[2] ?? join(root, 'src/scanner/matcher/kernel.wasm');
const options = '--runtime stub --use abort= --noAssert --enable simd --enable bulk-memory -O3 --shrinkLevel 0';
const { error } = await asc.main(['assembly/kernel.ts', '--baseDir', root, '--outFile', out, ...options.split(' ')], {
  stderr: process.stderr,
});
if (error !== null) process.exitCode = 1;
