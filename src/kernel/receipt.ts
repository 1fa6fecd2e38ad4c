declare const issued: unique symbol;

/**
 * The place of a deed's entry in the ledger, with what opens that entry for its caller.
 * Proof to `sealing` that the deed was recorded before anything is released: no entry, no answer.
 */
export type Receipt = {
  readonly [issued]: true;
  /** Position in the ledger, from 0. */
  readonly index: number;
  /** The published commitment C, 32 bytes. */
  readonly commitment: Uint8Array;
  /** The resource this entry is about; a receipt opens nothing else. */
  readonly resource: string;
};

/** For `ledger` alone, after a durable commit; the architecture test keeps everyone else away. */
export const issueReceipt = (fields: Omit<Receipt, typeof issued>): Receipt => Object.freeze(fields) as Receipt;
