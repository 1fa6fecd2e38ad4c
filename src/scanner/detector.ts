import type { Finding } from './finding.ts';

/**
 * What a rule or a detector says about one place, before filters, lines and grouping. `start` and `end` are offsets of
 * the value as it is written (quotes and brackets outside), in the text that the detector was given.
 */
export type Candidate = Omit<Finding, 'occurrence' | 'value'> & {
  readonly start: number;
  readonly end: number;
  /** The credential itself, where it is not simply what is written: unescaped, percent-decoded, joined from lines. */
  readonly value?: string;
  /** The name it stands under: `mqtt.password`, `HASS_TOKEN`. Never a value. */
  readonly name: string | null;
  /** Longer values that somebody may keep it as: the whole address, the whole header. */
  readonly around?: readonly string[];
  /** It goes on behind what was seen of it: the scan is incomplete. */
  readonly cut?: true;
  /** Of a FileDetector that knows only the name of the value: a rule or detector with a mark at its place is heard. */
  readonly yields?: true;
};

/** One literal found by the one pass, with offsets in `Window.text`; letters of any case. */
export type Hit = { readonly literal: string; readonly start: number; readonly end: number };

/**
 * A stretch of content, one UTF-16 unit per byte (latin1), so that offsets are bytes: text outside ASCII is still in
 * UTF-8, and `utf8Of` makes it readable. Behind a hit stand at least 32 KiB of what follows it, or all there is.
 */
export type Window = {
  readonly text: string;
  /** Of the unit, with `/`. Inside an archive behind `!`. */
  readonly path: string;
  /** Content with NUL bytes: firmware, databases. Only what proves itself should be reported there. */
  readonly binary: boolean;
};

/** For what is no single token: a private key, a URL with a password, an assignment in source. Called once per hit. */
export type Detector = {
  /** Stable, kebab-case; in baselines and SARIF. Rules that its candidates name are listed in `rules`. */
  readonly id: string;
  /** In lower case, three or more characters. One of them must stand inside or shortly before what is detected. */
  readonly literals: readonly string[];
  /** Its literals are parts of names: `_` in them stands for `-` and `.` too. */
  readonly names?: true;
  /** `generic` gives way to every rule and detector that says more about the same place. */
  readonly precision: 'format' | 'generic';
  detect(window: Window, hit: Hit): readonly Candidate[];
};

export type WholeFile = {
  readonly path: string;
  /** Decoded from UTF-8 (or UTF-16), without a byte order mark; broken bytes are U+FFFD. Empty for binary content. */
  readonly text: string;
  readonly bytes: Uint8Array;
  /** Permission bits of the file (`0o600`), where the source knows them. */
  readonly mode: number | null;
  /**
   * Called by a parser that met a limit of its format (`not_parsed`, also when nothing is given), or holds more than is
   * listed, and left something unread: the scan is incomplete then.
   */
  readonly tellUnread?: (why?: 'not_parsed' | 'too_many') => void;
};

/**
 * For formats with structure (JSON of Home Assistant, YAML of ESPHome, a Zigbee backup). Asked once per file of at most
 * 16 MiB, with the file's own literals that the one pass has seen; its candidates win over all others at their place.
 */
export type FileDetector = {
  readonly id: string;
  /** In lower case, three or more characters; what `hits` may hold. Empty: decides by path alone. */
  readonly literals: readonly string[];
  /** Cheap: no parsing here. `path` with `/`, `hits` in lower case. */
  wants(path: string, hits: ReadonlySet<string>): boolean;
  /** Awaited before the first `detect`: what is large is imported once a file needs it, not at start. */
  readonly load?: () => Promise<void>;
  /** Offsets are UTF-16 units of `file.text` (bytes of `file.bytes` when the text is empty). Never throws on bad input. */
  detect(file: WholeFile): readonly Candidate[];
};

/** Longest file that is given whole to a FileDetector, in bytes. */
export const MAX_WHOLE_FILE = 16 * 1024 * 1024;
