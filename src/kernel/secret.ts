import { timingSafeEqual } from './bytes.ts';

const SHOWN = '[secret]';
const encoder = new TextEncoder();
const decoder = new TextDecoder();

/**
 * A value that must not be seen: printing, interpolating, inspecting or serialising it gives `[secret]`.
 *
 * The bytes are in a private field, which no property list, structured clone or report of the object shows. The one
 * way to them is `reveal`, which is easy to grep for. (Not in a WeakMap: each read makes several of these, and the
 * table of a WeakMap would make every young collection walk it.)
 */
export class Secret {
  #bytes: Uint8Array | undefined;

  static fromBytes(bytes: Uint8Array): Secret {
    return Secret.#holding(new Uint8Array(bytes));
  }

  static fromText(text: string): Secret {
    return Secret.#holding(encoder.encode(text));
  }

  static #holding(bytes: Uint8Array): Secret {
    const secret = new Secret();
    secret.#bytes = bytes;
    Object.freeze(secret);
    return secret;
  }

  /** The bytes themselves. The caller answers for where they go. */
  reveal(): Uint8Array {
    if (this.#bytes === undefined)
      throw new TypeError('This Secret was wiped, or not made by Secret.fromBytes or Secret.fromText.');
    return this.#bytes;
  }

  /** The value as UTF-8 text. The caller answers for where it goes. */
  revealText(): string {
    return decoder.decode(this.reveal());
  }

  /** Length of the value in bytes. */
  get size(): number {
    return this.reveal().length;
  }

  /** Compares in time that depends on the lengths only. */
  equals(other: Secret): boolean {
    return timingSafeEqual(this.reveal(), other.reveal());
  }

  /**
   * Overwrites the bytes in memory; from then on `reveal` throws, so that nobody who still holds a wiped key seals
   * anything under zeros. Copies made by `revealText` are beyond reach. Wiping twice is fine.
   */
  wipe(): void {
    this.#bytes?.fill(0);
    this.#bytes = undefined;
  }

  toString(): string {
    return SHOWN;
  }

  toJSON(): string {
    return SHOWN;
  }

  [Symbol.toPrimitive](): string {
    return SHOWN;
  }

  get [Symbol.toStringTag](): string {
    return SHOWN;
  }

  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return SHOWN;
  }
}
