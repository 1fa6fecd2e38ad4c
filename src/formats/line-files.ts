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
    const match = /^[ \t]*([A-Za-z_]\w*)[ \t]+(?=\S)/.exec(line.text);
    if (match === null) continue;
    const option = match[1]!;
    const text = line.text.slice(match[0].length).trimEnd();
    if (option === 'connection') bridge = [text];
    else if (option === 'listener') bridge = [];
    const start = line.start + match[0].length;
    scalars.push({ keyPath: [...bridge, option], span: { start, end: start + text.length }, style: 'bare', text });
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
    scalars.push({
      keyPath: [match[1]!, 'password'],
      span: { start, end: start + match[2]!.length },
      style: 'bare',
      text: match[2]!,
    });
  }
  return { scalars, faults: [] };
};

/** Sections, `option = value` and indented further lines of a value (Python's configparser, which PlatformIO uses). */
export const readIni = (text: string): ScalarsOf => {
  const scalars: Scalar[] = [];
  let section = '';
  let option: string | null = null;
  const push = (line: Line, from: number) => {
    const comment = line.text.slice(from).search(/[ \t][;#]/);
    const value = comment === -1 ? line.text.slice(from) : line.text.slice(from, from + comment);
    const lead = /^[ \t]*/.exec(value)![0].length;
    const trimmed = value.trim();
    if (trimmed === '' || /^[;#]/.test(trimmed) || option === null) return;
    const start = line.start + from + lead;
    const flags = [...flagsIn(trimmed)];
    for (const { name, at, text: value } of flags.length > 0 ? flags : [{ name: null, at: 0, text: trimmed }])
      scalars.push({
        keyPath: name === null ? [section, option] : [section, option, name],
        span: { start: start + at, end: start + at + value.length },
        style: 'bare',
        text: value,
      });
  };
  for (const line of linesIn(text)) {
    const head = /^\[([^\]]+)\]/.exec(line.text);
    if (head !== null) {
      section = head[1]!;
      option = null;
    } else if (/^[ \t]/.test(line.text)) push(line, 0);
    else {
      const match = /^([^=:;#\s][^=:]*)[=:]/.exec(line.text);
      option = match?.[1]?.trimEnd() ?? null;
      if (match !== null) push(line, match[0].length);
    }
  }
  return { scalars, faults: [] };
};

/** Values in a line of options: `-DNAME=value`, with the quotes that a shell and the compiler take off, and `--auth=value`. */
const flagsIn = function* (
  line: string,
): Iterable<{ readonly name: string; readonly at: number; readonly text: string }> {
  const flags = /-D[ ]?([A-Za-z_]\w{0,80})=(\\"|"|'|)([^\s"'\\]{1,512})\2(?=\s|$)|--auth=([^\s"'\\]{1,512})(?=\s|$)/dg;
  for (const match of line.matchAll(flags)) {
    const [, name = 'ota_password', , value] = match;
    const group = value === undefined ? 4 : 3;
    yield { name, at: match.indices![group]![0], text: match[group]! };
  }
};
