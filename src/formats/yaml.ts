import {
  type Document,
  LineCounter,
  type Node,
  type ParsedNode,
  type Scalar as YamlScalar,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  parseAllDocuments,
} from 'yaml';
import type { Scalar, Style } from './reading.ts';
import { BOM, type ProblemCode } from './source-file.ts';
import { isTyped } from './yaml-spelling.ts';

/** Longest YAML text that is parsed, in UTF-16 units. Hostile text of this size costs seconds, not minutes. */
export const MAX_YAML = 1024 * 1024;
/** Deepest nesting that is walked. Home Assistant's deepest dashboards have about 30 levels. */
const MAX_DEPTH = 200;
/** Errors reported per file; the rest follow from the first. */
const MAX_PROBLEMS = 5;

export type Fault = { readonly offset: number; readonly code: ProblemCode; readonly message: string };
export type ScalarsOf = { readonly scalars: readonly Scalar[]; readonly faults: readonly Fault[] };

/**
 * Every scalar of every document, with spans. Unknown tags are kept, keys may repeat, aliases are not followed:
 * the anchored scalar is the one occurrence, so cycles and bombs cost nothing. Never throws.
 */
export const readYaml = (text: string): ScalarsOf => {
  if (text.length > MAX_YAML)
    return {
      scalars: [],
      faults: [{ offset: 0, code: 'too_large', message: `The YAML is longer than ${MAX_YAML} characters.` }],
    };
  const shift = text.startsWith(BOM) ? 1 : 0;
  try {
    return collect(text, shift);
  } catch (error) {
    // The composer recurses; a nesting of some thousand levels ends the stack before MAX_DEPTH is asked.
    if (error instanceof RangeError)
      return { scalars: [], faults: [{ offset: 0, code: 'too_complex', message: 'The YAML is nested too deeply.' }] };
    // The parser is fed whatever lies in a folder; a fault of its own must not stop the walk, and must not be hidden.
    return { scalars: [], faults: [{ offset: 0, code: 'syntax', message: 'The YAML parser gave up on this file.' }] };
  }
};

const collect = (text: string, shift: number): ScalarsOf => {
  const parsed = parseAllDocuments(shift === 0 ? text : text.slice(shift), {
    schema: 'failsafe',
    strict: false,
    uniqueKeys: false,
    logLevel: 'silent',
    prettyErrors: false,
    lineCounter: new LineCounter(),
  });
  const documents = Array.isArray(parsed) ? (parsed as Document.Parsed[]) : [];
  const faults = documents
    .flatMap((document) => document.errors)
    .slice(0, MAX_PROBLEMS)
    .map((error): Fault => ({ offset: error.pos[0] + shift, code: 'syntax', message: faultText(error.code) }));
  const walk = new Walk(text, shift);
  for (const document of documents) if (document.errors.length === 0) walk.node(document.contents, [], false, 0);
  if (walk.tooDeep)
    faults.push({ offset: 0, code: 'too_complex', message: `The YAML is nested deeper than ${MAX_DEPTH} levels.` });
  return { scalars: walk.scalars, faults };
};

/** The library's own messages quote the text; its codes do not. */
const faultText = (code: string): string =>
  `This is not well-formed YAML (${code.toLowerCase().replaceAll('_', ' ')}).`;

class Walk {
  readonly scalars: Scalar[] = [];
  tooDeep = false;
  readonly #text: string;
  readonly #shift: number;

  constructor(text: string, shift: number) {
    this.#text = text;
    this.#shift = shift;
  }

  node(node: Node | null, keyPath: readonly string[], flow: boolean, depth: number, afterKey?: number): void {
    if (node === null || isAlias(node)) return;
    if (depth > MAX_DEPTH) {
      this.tooDeep = true;
      return;
    }
    if (isScalar(node)) return this.#scalar(node as YamlScalar.Parsed, keyPath, flow);
    if (isMap(node)) {
      for (const pair of node.items) {
        const key = pair.key as ParsedNode | null;
        this.node(
          pair.value as Node | null,
          [...keyPath, keyText(key)],
          flow || node.flow === true,
          depth + 1,
          key?.range?.[1],
        );
      }
    } else if (isSeq(node)) {
      if (this.#keyList(node as unknown as KeyList, keyPath, afterKey)) return;
      for (const [index, item] of node.items.entries())
        this.node(item as Node | null, [...keyPath, String(index)], flow || node.flow === true, depth + 1);
    }
  }

  #scalar(node: YamlScalar.Parsed, keyPath: readonly string[], flow: boolean): void {
    const text = typeof node.value === 'string' ? node.value : '';
    if (text === '') return;
    const start = node.range[0] + this.#shift;
    const style = styleOf(node, text, flow);
    const block = style === 'yaml-literal' || style === 'yaml-folded';
    const source = this.#text.slice(start, node.range[1] + this.#shift);
    this.scalars.push({
      keyPath,
      text,
      style,
      span: { start, end: start + (block ? source.trimEnd().length : source.length) },
      ...(node.tag === undefined ? {} : { tag: node.tag }),
      ...(block ? { indent: /\n([ ]*)\S/.exec(source)?.[1] ?? '  ' } : {}),
    });
  }

  /** Sixteen bytes in a list are one value: a Zigbee or Thread network key. */
  #keyList(node: KeyList, keyPath: readonly string[], afterKey: number | undefined): boolean {
    if (node.items.length !== 16) return false;
    const numbers = node.items.map((item) =>
      isScalar(item) && typeof item.value === 'string' ? byteOf(item.value) : null,
    );
    if (numbers.includes(null)) return false;
    const start = node.range[0] + this.#shift;
    const end = start + this.#text.slice(start, node.range[1] + this.#shift).trimEnd().length;
    const common = {
      keyPath,
      text: JSON.stringify(numbers),
      style: 'yaml-list' as const,
      ...(node.tag === undefined ? {} : { tag: node.tag }),
    };
    if (node.flow === true) this.scalars.push({ ...common, span: { start, end } });
    else {
      // A block list may stand no deeper than its key; what replaces it goes behind the key instead.
      const colon = afterKey === undefined ? -1 : this.#text.indexOf(':', afterKey + this.#shift);
      const clean =
        colon !== -1 &&
        colon < start &&
        this.#text.slice(colon + 1, start).trim() === '' &&
        !/#/.test(this.#text.slice(start, end));
      this.scalars.push(
        clean
          ? { ...common, span: { start: colon + 1, end }, pad: ' ' }
          : { ...common, span: { start, end }, fixed: 'the list holds comments' },
      );
    }
    return true;
  }
}

type KeyList = { items: readonly unknown[]; range: readonly [number, number, number]; flow?: boolean; tag?: string };

const byteOf = (text: string): number | null => {
  const value = /^(?:0[xX][0-9a-fA-F]{1,2}|\d{1,3})$/.test(text) ? Number(text) : 256;
  return value <= 255 ? value : null;
};

const keyText = (key: ParsedNode | null): string => {
  if (key === null) return '';
  return isScalar(key) ? String(key.value) : isAlias(key) ? `*${key.source}` : '?';
};

const styleOf = (node: YamlScalar.Parsed, text: string, flow: boolean): Style => {
  switch (node.type) {
    case 'QUOTE_SINGLE':
      return 'yaml-single';
    case 'QUOTE_DOUBLE':
      return 'yaml-double';
    case 'BLOCK_LITERAL':
      return 'yaml-literal';
    case 'BLOCK_FOLDED':
      return 'yaml-folded';
    default:
      return isTyped(text) ? 'yaml-typed' : flow ? 'yaml-flow-plain' : 'yaml-plain';
  }
};
