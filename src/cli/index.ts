export { main } from './cli.ts';
export { nodeTerminal } from './node-terminal.ts';
export type { Attendant, Check, Flags, OfflineOperations, Operations, Started } from './operations.ts';
export { ENDINGS, handleSignals, quietOnClosedPipe } from './process.ts';
export { commandReference } from './reference.ts';
export type { World } from './world.ts';
