import { timingSafeEqual } from './bytes.ts';

const SHOWN = '[secret]';
const values = new WeakMap<Secret, Uint8Array>();

/**
 * A value that must not be seen: printing, interpolating, inspecting or serialising it gives `[secret]`.
 *
 * The bytes live outside the object, so a debugger's property list, a structured clone or a crash
 * report of the object holds nothing. The one way to them is `reveal`, which is easy to grep for.
 */
export class Secret {
  static fromBytes(bytes: Uint8Array): Secret {
    const secret = new Secret();
    values.set(secret, Uint8Array.from(bytes));
    return Object.freeze(secret);
  }

  static fromText(text: string): Secret {
    return Secret.fromBytes(new TextEncoder().encode(text));
  }

  /** The bytes themselves. The caller answers for where they go. */
  reveal(): Uint8Array {
    const bytes = values.get(this);
    if (bytes === undefined)
      throw new TypeError('This Secret was wiped, or not made by Secret.fromBytes or Secret.fromText.');
    return bytes;
  }

  /** The value as UTF-8 text. The caller answers for where it goes. */
  revealText(): string {
    return new TextDecoder().decode(this.reveal());
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
    values.get(this)?.fill(0);
    values.delete(this);
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
