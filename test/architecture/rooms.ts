/** The rooms of the house, as drawn in docs/architecture.md; `architecture.test.ts` keeps code and drawing the same. */

export type Room = {
  readonly floor: string;
  readonly name: string;
  readonly holds: string;
  /** Rooms whose doors it may use. */
  readonly uses: readonly string[];
  /** Rooms of which it may use types only. */
  readonly types?: readonly string[];
};

const ground = ['kernel', 'catalogue'];
const toSecond = [...ground, 'storage', 'sealing', 'formats', 'ledger', 'identity', 'policy'];
const toFourth = [...toSecond, 'deeds', 'inventory', 'secrets', 'keys', 'authority', 'leases'];
const toSixth = [...toFourth, 'scanner', 'rotation', 'findings', 'adoption', 'detection', 'incidents', 'governance'];
const serverless = ['contract', 'kernel', 'catalogue', 'formats', 'scanner', 'ledger'];

export const ROOMS: readonly Room[] = [
  { floor: 'ground', name: 'kernel', holds: 'words all rooms share', uses: [] },
  { floor: 'ground', name: 'catalogue', holds: 'systems, kinds, shapes, default policies', uses: ['kernel'] },
  { floor: '1', name: 'storage', holds: 'the engines, transactions, migrations', uses: ['kernel'] },
  { floor: '1', name: 'sealing', holds: 'keys that protect keys, envelopes', uses: ['kernel', 'storage'] },
  { floor: '1', name: 'formats', holds: 'readers and rewriters of files', uses: ['kernel', 'catalogue'] },
  { floor: '2', name: 'ledger', holds: 'entries, tree, checkpoint, proofs', uses: ['kernel', 'storage'] },
  { floor: '2', name: 'identity', holds: 'who is calling', uses: ['kernel', 'storage', 'sealing'] },
  { floor: '2', name: 'policy', holds: 'what a caller may do', uses: ['kernel', 'storage'] },
  {
    floor: '3',
    name: 'deeds',
    holds: 'decide, apply, record, in one commit',
    uses: ['kernel', 'storage', 'ledger', 'identity', 'policy'],
  },
  { floor: '4', name: 'inventory', holds: 'credentials and their story', uses: toSecond, types: ['deeds'] },
  { floor: '4', name: 'secrets', holds: 'versions, sealed', uses: [...toSecond, 'inventory'], types: ['deeds'] },
  { floor: '4', name: 'keys', holds: 'keys that never leave', uses: [...toSecond, 'inventory'], types: ['deeds'] },
  { floor: '4', name: 'authority', holds: 'X.509 and devices', uses: [...toSecond, 'inventory'], types: ['deeds'] },
  {
    floor: '4',
    name: 'leases',
    holds: 'ephemeral credentials',
    uses: [...toSecond, 'inventory', 'secrets'],
    types: ['deeds'],
  },
  { floor: '5', name: 'scanner', holds: 'finds credentials', uses: ['kernel', 'catalogue', 'formats'] },
  { floor: '5', name: 'rotation', holds: 'plans as state machines', uses: toFourth },
  { floor: '5', name: 'findings', holds: 'what is wrong', uses: [...toFourth, 'scanner'] },
  { floor: '5', name: 'adoption', holds: 'what a home’s files mean to the store', uses: [...toFourth, 'findings'] },
  { floor: '6', name: 'detection', holds: 'rules over the ledger', uses: ['kernel', 'storage', 'ledger', 'inventory'] },
  {
    floor: '6',
    name: 'incidents',
    holds: 'runbooks, drills, notices',
    uses: [...toFourth, 'scanner', 'rotation', 'findings', 'detection'],
  },
  {
    floor: '6',
    name: 'governance',
    holds: 'reviews, measures, evidence',
    uses: [...toFourth, 'scanner', 'rotation', 'findings', 'detection', 'incidents'],
  },
  {
    floor: 'sides',
    name: 'connectors',
    holds: 'one folder per system',
    uses: ['kernel', 'catalogue', 'formats', 'rotation'],
  },
  { floor: 'sides', name: 'notify', holds: 'one file per channel', uses: ['kernel'] },
  { floor: 'roof', name: 'contract', holds: 'the wire', uses: ['kernel'] },
  { floor: 'roof', name: 'http', holds: 'the faces', uses: ['contract', ...toSixth] },
  { floor: 'roof', name: 'client', holds: 'typed client', uses: serverless },
  { floor: 'roof', name: 'agent', holds: 'injection beside a workload', uses: ['client', ...serverless] },
  {
    floor: 'roof',
    name: 'server',
    holds: 'configuration and composition',
    uses: ['connectors', 'notify', 'contract', 'http', ...toSixth],
  },
  {
    floor: 'roof',
    name: 'cli',
    holds: 'commands as data',
    uses: ['client', 'agent', ...serverless],
  },
  { floor: 'roof', name: 'main', holds: 'src/main.ts: picks the command', uses: ['kernel', 'cli', 'server'] },
];

/** Where `node:fs` may be touched, by folder under src/. Everything on the roof may as well. */
export const FILE_PLACES = ['kernel/node', 'storage', 'sealing/providers', 'scanner/sources'];

/** The only files that start processes, each with what. Git is started by the first alone, with its traps closed. */
export const PROCESS_FILES: Readonly<Record<string, string>> = {
  'src/scanner/sources/git/run-git.ts': 'git, in repositories of strangers',
  'src/cli/started.ts': 'helpers that a command was told to use, such as sops',
  'src/cli/start-command.ts': 'the command of a person, with credentials in its environment',
};
export const GIT_FILE = 'src/scanner/sources/git/run-git.ts';

/** Files of more than 500 lines, each with the reason. */
export const LONG_FILES: Readonly<Record<string, string>> = {
  'src/scanner/home/plants.fixture.ts': 'a table of files to plant credentials in, one family after the other',
  'src/scanner/rules/ai.ts': 'a table of rules, one vendor after the other',
  'src/scanner/rules/data.ts': 'a table of rules, one vendor after the other',
  'src/scanner/rules/hosting.ts': 'a table of rules, one vendor after the other',
  'src/scanner/rules/microsoft.ts': 'a table of rules, one vendor after the other',
  'src/scanner/rules/identity.ts': 'a table of rules, one vendor after the other',
  'src/scanner/rules/messaging.ts': 'a table of rules, one vendor after the other',
  'src/scanner/rules/observability.ts': 'a table of rules, one vendor after the other',
  'src/scanner/rules/payments.ts': 'a table of rules, one vendor after the other',
};

/** Files that write without a deed, and what: it reveals and changes nothing that anybody is asked about. */
export const HOUSEKEEPING: Readonly<Record<string, string>> = {
  'src/http/control/idempotency.ts': 'idempotent_answer: claims of keys, and answers for repetitions',
  'src/http/operations.ts': 'nothing: whether the database still takes a commit',
  'src/server/compose.ts': 'use_signal: uses of credentials that revealed nothing, counted',
  'src/server/seal-control.ts': 'pending_event: what happens while there is no key to sign an entry with',
  'src/server/start.ts': 'pending_event: a start that stays locked',
};
