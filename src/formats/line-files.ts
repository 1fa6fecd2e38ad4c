import type { Scalar } from './reading.ts';
import { BOM } from './source-file.ts';
import type { ScalarsOf } from './yaml.ts';

type Line = { readonly text: string; readonly start: number };

const linesIn = function* (text: string): Iterable<Line> {
  let start = text.startsWith(BOM) ? 1 : 0;
  while (start < text.length) {
    const end = text.indexOf('\n', start);
    const stop = end === -1 ? text.length : end;
    yield { text: text.slice(start, stop).replace(/\r$/, ''), start };
    start = stop + 1;
  }
};

/** `option value` lines; options of a bridge stand below its `connection name` (mosquitto.conf(5)). */
export const readMosquitto = (text: string): ScalarsOf => {
  const scalars: Scalar[] = [];
  let bridge: readonly string[] = [];
  for (const line of linesIn(text)) {
    const match = /^[ \t]*([A-Za-z_]\w*)[ \t]+(\S.*?)[ \t]*$/.exec(line.text);
    if (match === null) continue;
    if (match[1] === 'connection') bridge = [match[2]!];
    else if (match[1] === 'listener') bridge = [];
    const start = line.start + line.text.indexOf(match[2]!, line.text.indexOf(match[1]!) + match[1]!.length);
    scalars.push({ keyPath: [...bridge, match[1]!], span: { start, end: start + match[2]!.length }, style: 'bare', text: match[2]! });
  }
  return { scalars, faults: [] };
};

/** `user:hash` lines. */
export const readPasswd = (text: string): ScalarsOf => {
  const scalars: Scalar[] = [];
  for (const line of linesIn(text)) {
    const match = /^([^:#\s][^:]*):(\S+)[ \t]*$/.exec(line.text);
    if (match === null) continue;
    const start = line.start + match[1]!.length + 1;
    scalars.push({ keyPath: [match[1]!, 'password'], span: { start, end: start + match[2]!.length }, style: 'bare', text: match[2]! });
  }
  return { scalars, faults: [] };
};

/** Sections, `option = value` and indented further lines of a value (Python's configparser, which PlatformIO uses). */
export const readIni = (text: string): ScalarsOf => {
  const scalars: Scalar[] = [];
  let section = '';
  let option: string | null = null;
  const push = (line: Line, from: number) => {
    const value = line.text.slice(from).replace(/[ \t]+[;#].*$/, '');
    const lead = /^[ \t]*/.exec(value)![0].length;
    const trimmed = value.trim();
    if (trimmed === '' || /^[;#]/.test(trimmed) || option === null) return;
    const start = line.start + from + lead;
    scalars.push({ keyPath: [section, option], span: { start, end: start + trimmed.length }, style: 'bare', text: trimmed });
  };
  for (const line of linesIn(text)) {
    const head = /^\[([^\]]+)\]/.exec(line.text);
    if (head !== null) {
      section = head[1]!;
      option = null;
    } else if (/^[ \t]/.test(line.text)) push(line, 0);
    else {
      const match = /^([^=:;#\s][^=:]*?)[ \t]*[=:]/.exec(line.text);
      option = match?.[1] ?? null;
      if (match !== null) push(line, match[0].length);
    }
  }
  return { scalars, faults: [] };
};
