import type { Scalar } from './reading.ts';
import { BOM } from './source-file.ts';
import type { Fault, ScalarsOf } from './yaml.ts';

/** Deepest nesting walked; Node-RED flows and `.storage` stay below 20. */
const MAX_DEPTH = 100;

/** Every string, number and key list of a JSON text (RFC 8259) with its span. Never throws; stops at the first fault. */
export const readJson = (text: string): ScalarsOf => {
  const reader = new JsonReader(text);
  const fault = reader.document();
  return { scalars: reader.scalars, faults: fault === null ? [] : [fault] };
};

class JsonReader {
  readonly scalars: Scalar[] = [];
  readonly #text: string;
  #at: number;

  constructor(text: string) {
    this.#text = text;
    this.#at = text.startsWith(BOM) ? 1 : 0;
  }

  document(): Fault | null {
    try {
      this.#value([]);
      this.#space();
      if (this.#at < this.#text.length) throw new Malformed('Something follows the end of the JSON.');
      return null;
    } catch (error) {
      if (!(error instanceof Malformed)) throw error;
      return {
        offset: Math.min(this.#at, this.#text.length),
        code: error.deep ? 'too_complex' : 'syntax',
        message: error.message,
      };
    }
  }

  #value(keyPath: readonly string[]): void {
    if (keyPath.length > MAX_DEPTH) throw new Malformed(`The JSON is nested deeper than ${MAX_DEPTH} levels.`, true);
    this.#space();
    const start = this.#at;
    const char = this.#text[start];
    if (char === '{') return this.#object(keyPath);
    if (char === '[') return this.#array(keyPath);
    if (char === '"') {
      const text = this.#string();
      if (text !== '') this.scalars.push({ keyPath, span: { start, end: this.#at }, style: 'json-string', text });
      return;
    }
    TOKEN.lastIndex = start;
    const token = TOKEN.exec(this.#text)?.[0];
    if (token === undefined) throw new Malformed('A value is missing here.');
    this.#at += token.length;
    if (/^[-\d]/.test(token))
      this.scalars.push({ keyPath, span: { start, end: this.#at }, style: 'json-number', text: token });
  }

  #object(keyPath: readonly string[]): void {
    this.#at++;
    this.#space();
    if (this.#take('}')) return;
    do {
      this.#space();
      if (this.#text[this.#at] !== '"') throw new Malformed('A name in double quotes is missing here.');
      const key = this.#string();
      this.#space();
      if (!this.#take(':')) throw new Malformed('A colon is missing here.');
      this.#value([...keyPath, key]);
      this.#space();
    } while (this.#take(','));
    if (!this.#take('}')) throw new Malformed('A comma or a closing brace is missing here.');
  }

  #array(keyPath: readonly string[]): void {
    const start = this.#at++;
    const first = this.scalars.length;
    let count = 0;
    this.#space();
    if (this.#take(']')) return;
    do this.#value([...keyPath, String(count++)]);
    while ((this.#space(), this.#take(',')));
    if (!this.#take(']')) throw new Malformed('A comma or a closing bracket is missing here.');
    const items = this.scalars.slice(first);
    if (
      count !== 16 ||
      items.length !== 16 ||
      !items.every((item) => item.style === 'json-number' && /^\d{1,3}$/.test(item.text))
    )
      return;
    this.scalars.length = first;
    const text = `[${items.map((item) => item.text).join(',')}]`;
    this.scalars.push({ keyPath, span: { start, end: this.#at }, style: 'json-list', text });
  }

  #string(): string {
    const start = this.#at;
    for (let i = start + 1; i < this.#text.length; i++) {
      const code = this.#text.charCodeAt(i);
      if (code === 0x5c) i++;
      else if (code < 0x20) break;
      else if (code === 0x22) {
        this.#at = i + 1;
        try {
          return JSON.parse(this.#text.slice(start, i + 1)) as string;
        } catch {
          this.#at = start;
          throw new Malformed('This text holds an escape that JSON does not know.');
        }
      }
    }
    throw new Malformed('The quote that opens this text is never closed.');
  }

  #space(): void {
    SPACE.lastIndex = this.#at;
    this.#at += SPACE.exec(this.#text)![0].length;
  }

  #take(char: string): boolean {
    if (this.#text[this.#at] !== char) return false;
    this.#at++;
    return true;
  }
}

const TOKEN = /true|false|null|-?\d[\d.eE+-]*/y;
const SPACE = /[ \t\r\n]*/y;

class Malformed extends Error {
  readonly deep: boolean;
  constructor(message: string, deep = false) {
    super(message);
    this.deep = deep;
  }
}
