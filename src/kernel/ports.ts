/** Time. Only `kernel/node` reads the machine's clock, so every test can be replayed. */
export type Clock = {
  /** Wall time: milliseconds since 1970-01-01T00:00:00Z. */
  now(): number;
  /** Milliseconds that never step back; comparable within one process only. */
  monotonic(): number;
};

/** Chance. Only `kernel/node` reads the machine's generator. */
export type Random = {
  bytes(length: number): Uint8Array;
};

/** Signs checkpoints and receipts. The private key may lie behind hardware. */
export type Signer = {
  /** Key name as in a signed note (C2SP signed-note), for example `chatelaine/porch`. */
  readonly name: string;
  /** Ed25519 public key, 32 bytes. */
  readonly publicKey: Uint8Array;
  /** Ed25519 signature, 64 bytes. */
  sign(message: Uint8Array): Uint8Array;
};

/** A keyed message authentication code (HMAC-SHA-256, 32 bytes). */
export type Mac = {
  tag(message: Uint8Array): Uint8Array;
  /** Compares in constant time. */
  verify(message: Uint8Array, tag: Uint8Array): boolean;
};
