import type { Secret } from '#kernel';
import type { FileReading, Leaf } from './reading.ts';
import {
  type Holder,
  type HolderFormat,
  type Holders,
  entryName,
  holderHeading,
  holderLine,
  holderStyle,
} from './reference-syntax.ts';
import { joinParts, piecesOf, slotShape, templateOf } from './pieces.ts';
import { baseOf } from './source-file.ts';
import type { Survey } from './survey.ts';
import { type Piece, type Slot, type Template, spellPieces } from './template.ts';

/** A value that goes to a system whose store is not a file of this folder. */
export type Outside = {
  readonly system: 'github';
  readonly name: string;
  readonly pieces: readonly Piece[];
  readonly file: string;
};

type Shelf = {
  readonly path: string;
  readonly format: HolderFormat;
  readonly taken: Set<string>;
  readonly byValue: Map<string, string>;
  readonly added: (string | Slot)[];
};

/** The files that hold values, while entries are added to them. */
export class HolderShelf {
  readonly outside: Outside[] = [];
  readonly holders: Holders;
  readonly #survey: Survey;
  readonly #readings: ReadonlyMap<string, FileReading>;
  readonly #shelves = new Map<string, Shelf>();
  readonly #kept = new Map<string, FileReading>();
  readonly #values: ReadonlyMap<string, Secret>;

  constructor(survey: Survey) {
    this.#survey = survey;
    this.#readings = new Map(survey.readings.map((reading) => [reading.path, reading]));
    this.#values = new Map(survey.credentials.map(({ name, value }) => [name, value]));
    this.holders = { exists: (path) => this.#readings.has(path) || this.#shelves.has(path), around: survey.around };
  }

  /**
   * A file of values that exists and stays, with its own values as slots. A stand-in is rendered as the file it stands
   * in for. False for one that nobody reads, such as `secrets.fake.yaml` beside the real file.
   */
  keep(reading: FileReading): boolean {
    const expected = [...this.#survey.around.standIns].find(([, standIn]) => standIn === reading.path)?.[0];
    const path = expected ?? reading.path;
    if (reading.format!.endsWith('-secrets') && baseOf(path) !== 'secrets.yaml') return false;
    this.#kept.set(path, reading);
    return true;
  }

  #reading(path: string): FileReading | undefined {
    return this.#readings.get(path) ?? this.#readings.get(this.#survey.around.standIns.get(path) ?? '');
  }

  /** Why this file cannot take new entries; null when it can. */
  refusal(holder: Holder): string | null {
    const reading = holder.path === null ? undefined : this.#reading(holder.path);
    if (reading === undefined) return null;
    const unsafe =
      reading.text === null ||
      reading.problems.length > 0 ||
      (holder.format.startsWith('c-') ? false : !canAppend(holder.format, reading, reading.text));
    return unsafe ? `${reading.path} is not in a form to which entries can be added` : null;
  }

  /** Finds or makes the entry with this value; its name, or null when the file cannot spell it. */
  place(holder: Holder, leaf: Leaf, pieces: readonly Piece[], words: string): string | null {
    if (holder.path === null) return this.#placeOutside(leaf, pieces, words);
    const shelf = this.#shelf(holder.path, holder.format);
    const slot: Slot = { style: holderStyle(shelf.format, leaf), layer: 'none', indent: '', pad: '', lead: '', pieces };
    const value = valueKey(slot);
    const existing = shelf.byValue.get(value);
    if (existing !== undefined) return existing;
    if (spellPieces(slot, (hole) => this.#current(hole.credential, hole.encoding)) === null) return null;
    const name = freeName(entryName(shelf.format, words), shelf.taken);
    const { before, after } = holderLine(shelf.format, name);
    shelf.taken.add(name);
    shelf.byValue.set(value, name);
    shelf.added.push(before, slot, after);
    return name;
  }

  /** Every file that is rendered from now on. */
  templates(): readonly Template[] {
    const made = [...this.#shelves.values()]
      .filter((shelf) => shelf.added.length > 0)
      .map((shelf): Template => {
        const reading = this.#reading(shelf.path);
        return {
          path: shelf.path,
          parts: joinParts([
            ...(reading === undefined
              ? [holderHeading(shelf.format)]
              : ending(templateOf(this.#survey, reading).parts)),
            ...shelf.added,
          ]),
        };
      });
    const paths = new Set(made.map((template) => template.path));
    const kept = [...this.#kept]
      .filter(([path]) => !paths.has(path))
      .map(([path, reading]) => ({ ...templateOf(this.#survey, reading), path }));
    return [...made, ...kept].toSorted((a, b) => (a.path < b.path ? -1 : 1));
  }

  #shelf(path: string, format: HolderFormat): Shelf {
    const known = this.#shelves.get(path);
    if (known !== undefined) return known;
    const source = this.#reading(path)?.path ?? path;
    const taken = new Set(this.#survey.resolver.entries(source).keys());
    // A name that is asked for and missing must not be answered by chance.
    for (const missing of this.#survey.missing) taken.add(missing.name);
    const byValue = new Map<string, string>();
    for (const one of this.#survey.occurrences)
      if (one.leaf.file === source && one.named)
        byValue.set(valueKey({ ...slotShape(one), pieces: piecesOf(this.#survey, one) }), one.leaf.keyPath[0]!);
    const shelf: Shelf = { path, format, taken, byValue, added: [] };
    this.#shelves.set(path, shelf);
    return shelf;
  }

  #placeOutside(leaf: Leaf, pieces: readonly Piece[], words: string): string {
    const same = this.outside.find((one) => JSON.stringify(one.pieces) === JSON.stringify(pieces));
    if (same !== undefined) return same.name;
    const taken = new Set([...this.outside.map((one) => one.name), ...this.#survey.missing.map((one) => one.name)]);
    const name = freeName(entryName('github', words).replace(/^GITHUB_/, 'GH_'), taken);
    this.outside.push({ system: 'github', name, pieces, file: leaf.file });
    return name;
  }

  #current(credential: string, encoding: 'none' | 'percent'): string {
    const text = this.#values.get(credential)?.revealText() ?? '';
    return encoding === 'percent' ? encodeURIComponent(text) : text;
  }
}

/** New entries begin on a line of their own. */
const ending = (parts: readonly (string | Slot)[]): readonly (string | Slot)[] => {
  const last = parts.at(-1);
  return last === undefined || (typeof last === 'string' && last.endsWith('\n')) ? parts : [...parts, '\n'];
};

/** Equal for values that are read the same: text is not a number, a list is not its text. */
const valueKey = (slot: Slot): string =>
  JSON.stringify([slot.style === 'yaml-typed' || slot.style === 'yaml-list' ? slot.style : '', slot.pieces]);

/** A second document, an end marker, or a root that is not a block of `name: value` lines at the margin takes no entry at its end. */
const canAppend = (format: HolderFormat | 'github', reading: FileReading, text: string): boolean => {
  if (format === 'dotenv' || format === 'node-red-environment') return true;
  if (/^(?:\.\.\.|---)(?:\s|$)/m.test(text.replace(/^\uFEFF?(?:[ \t]*(?:#.*)?\r?\n)*---[ \t]*\r?\n/, ''))) return false;
  const lines = text.replace(/^\uFEFF/, '').split('\n');
  return (
    !lines.some((line) => /^[[{]|^-(?:\s|$)/.test(line)) &&
    reading.leaves.every((leaf) => leaf.keyPath.length !== 1 || !/^[ \t]/.test(lines[leaf.line - 1] ?? ''))
  );
};

const freeName = (base: string, taken: ReadonlySet<string>): string => {
  if (!taken.has(base)) return base;
  for (let i = 2; ; i++) if (!taken.has(`${base}_${i}`)) return `${base}_${i}`;
};
