import { partMissing, readShipped } from '../sources/open-file.ts';

/** What `assembly/kernel.ts` exports; addresses and lengths in bytes of its memory. */
export type Kernel = {
  readonly memory: { readonly buffer: ArrayBuffer; grow(pages: number): number };
  tableAt(): number;
  prepare(classes: number, mostStates: number, literals: number): number;
  insert(at: number, length: number, id: number, begins: number, run: number): void;
  link(): number;
  scan(text: number, start: number, end: number): void;
  hits(lane: number): number;
  laneHits(): number;
  runs(text: number, start: number, end: number, limit: number): number;
  countByte(text: number, start: number, end: number, value: number): number;
  utf16Units(text: number, start: number, end: number): number;
};

type Instance = { readonly exports: unknown };
declare const WebAssembly: {
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (module: object) => Instance;
};

const FILE = 'matcher/kernel.wasm';

/** A kernel with a memory of its own: one per thread. Throws `scanner.part_missing` for one that is damaged. */
export const openKernel = (): Kernel => {
  const bytes = readShipped(FILE);
  try {
    return new WebAssembly.Instance(new WebAssembly.Module(bytes)).exports as Kernel;
  } catch (error) {
    throw partMissing(FILE, error);
  }
};
