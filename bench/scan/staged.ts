/** What a commit of fifty files costs from process start to exit, but for git itself. Run as a process of its own. */
import { readFileSync } from 'node:fs';
import { systemClock } from '#kernel/node';
import { scan } from '#scanner';

const files = process.argv.slice(2);
const report = await scan(
  async function* () {
    for (const path of files) {
      const bytes = readFileSync(path);
      yield {
        type: 'unit',
        unit: { path, origin: { type: 'staged', id: path }, size: bytes.length, content: { type: 'bytes', bytes } },
      };
    }
  },
  { clock: systemClock },
);
if (report.covered.units !== files.length) process.exitCode = 70;
