import { defineErrors } from './errors.ts';

const durationError = defineErrors('duration', {
  unreadable: {
    fault: 'mistake',
    status: 400,
    exit: 2,
    hint: 'Write a whole number and a unit: 90s, 15m, 12h, 30d, 2w; several may follow one another: 1h30m.',
  },
});

const UNITS = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 } as const;
type Unit = keyof typeof UNITS;

/** A length of time. Never a bare number of milliseconds in a signature. */
export class Duration {
  /** The length in milliseconds. */
  readonly ms: number;

  private constructor(ms: number) {
    this.ms = ms;
    Object.freeze(this);
  }

  static of(count: number, unit: Unit): Duration {
    return Duration.ofMs(count * UNITS[unit]);
  }

  static ofMs(ms: number): Duration {
    if (!Number.isSafeInteger(ms) || ms < 0)
      throw new RangeError(`A duration of ${ms} ms is not a whole number of 0 or more.`);
    return new Duration(ms);
  }

  /** Reads `90s`, `15m`, `12h`, `30d`, `2w`, `1h30m`, or bare seconds (`3600`), as Vault clients send them. */
  static parse(text: string): Duration {
    if (/^\d{1,10}$/.test(text)) return Duration.of(Number(text), 's');
    if (!/^(?:\d{1,7}[smhdw])+$/.test(text))
      throw durationError('unreadable', `"${text.slice(0, 40)}" is not a length of time.`);
    let ms = 0;
    for (const [, count, unit] of text.matchAll(/(\d+)([smhdw])/g)) ms += Number(count) * UNITS[unit as Unit];
    return Duration.ofMs(ms);
  }

  /** Whole seconds, rounded down. */
  get seconds(): number {
    return Math.floor(this.ms / 1_000);
  }

  /** The two largest units: `1h30m`, `30d`, `0s`. */
  toString(): string {
    let rest = this.ms;
    const parts: string[] = [];
    for (const unit of ['w', 'd', 'h', 'm', 's'] as const) {
      const count = Math.floor(rest / UNITS[unit]);
      rest -= count * UNITS[unit];
      if (count > 0) parts.push(`${count}${unit}`);
    }
    return parts.slice(0, 2).join('') || '0s';
  }
}
