import { type CommandEntry, entriesOf } from './command-entry.ts';

const entry = entriesOf('everyday');

/** What people do every day. */
export const EVERYDAY: readonly CommandEntry[] = [
  entry(
    'adopt',
    'Take in every credential of a folder of configuration',
    async () => (await import('./commands/adopt.ts')).adopt,
  ),
  entry(
    'scan',
    'Find credentials in files, history, archives, firmware',
    async () => (await import('./commands/scan.ts')).scan,
  ),
  entry(
    'check',
    'Whether every credential that this code uses is legitimate',
    async () => (await import('./commands/check.ts')).check,
  ),
  entry('list', 'What there is, without any value', async () => (await import('./commands/list.ts')).list),
  entry('get', 'Read a value', async () => (await import('./commands/get.ts')).get),
  entry('set', 'Write a value, typed or piped', async () => (await import('./commands/set.ts')).set),
  entry(
    'run',
    'Start a command with credentials in its environment',
    async () => (await import('./commands/run.ts')).run,
  ),
  entry(
    'render',
    'Write the files that hold values: secrets.yaml, .env and their like',
    async () => (await import('./commands/render.ts')).render,
  ),
  entry('next', 'The one most useful thing to do now', async () => (await import('./commands/next.ts')).next),
];
