import { type DestinationStream, type Logger, pino } from 'pino';
import { ChatelaineError, Secret } from '#kernel';

/** Deepest nesting that is written. */
const DEEPEST = 6;

/**
 * The program's log, one JSON line each. Redaction is by type, not by name: a `Secret` prints as `[secret]`, bytes as
 * their length, an error as its code, message and stack and nothing it carries. Requests are never logged whole.
 */
export const openLog = (level = 'info', destination?: DestinationStream): Logger =>
  pino(
    {
      level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      serializers: { err: (error: unknown) => shown(error, 0) },
      formatters: {
        level: (label) => ({ level: label }),
        log: (fields) => shown(fields, 0) as Record<string, unknown>,
      },
    },
    destination ?? pino.destination({ dest: 2, sync: false }),
  );

const shown = (value: unknown, depth: number): unknown => {
  if (typeof value !== 'object' || value === null) return value;
  if (value instanceof Secret) return '[secret]';
  if (ArrayBuffer.isView(value) || value instanceof ArrayBuffer) return `[${value.byteLength} bytes]`;
  if (value instanceof Error) return errorFields(value);
  if (depth >= DEEPEST) return '[…]';
  if (Array.isArray(value)) return value.map((item) => shown(item, depth + 1));
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, shown(item, depth + 1)]));
};

const errorFields = (error: Error) => ({
  code: error instanceof ChatelaineError ? error.code : error.name,
  message: error.message,
  stack: error.stack,
});
