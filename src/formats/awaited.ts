import type { FormatId } from './recognise.ts';
import { type HolderFormat, holderLine } from './reference-syntax.ts';
import type { Survey } from './survey.ts';
import type { Slot, Template } from './template.ts';

/** An entry name that every one of these formats can spell. */
const PLAIN_NAME = /^[A-Za-z_][A-Za-z0-9_-]{0,127}$/;

/**
 * A template with an entry more for every name that the home asks this file for and that has no value: it appears once
 * the name is given one.
 */
export const withAwaited = (template: Template, { missing, readings, around }: Survey): Template => {
  const source = around.standIns.get(template.path) ?? template.path;
  const format = readings.find(({ path }) => path === source)?.format ?? null;
  if (!isHolder(format)) return template;
  const names = missing.filter(
    ({ belongsIn, held, name }) => held === 'nowhere' && belongsIn === template.path && PLAIN_NAME.test(name),
  );
  const last = template.parts.at(-1);
  const isEnded = last === undefined || (typeof last === 'string' && last.endsWith('\n'));
  const entries = names.map(({ name }, at): Slot => {
    const { before, after } = holderLine(format, name);
    return {
      style: format === 'dotenv' || format === 'node-red-environment' ? 'dotenv' : 'yaml-double',
      layer: 'none',
      indent: '',
      pad: '',
      lead: '',
      pieces: [{ credential: name, encoding: 'none' }],
      awaited: { before: isEnded || at > 0 ? before : `\n${before}`, after },
    };
  });
  return entries.length === 0 ? template : { ...template, parts: [...template.parts, ...entries] };
};

const isHolder = (format: FormatId | null): format is HolderFormat & FormatId =>
  format === 'home-assistant-secrets' ||
  format === 'esphome-secrets' ||
  format === 'zigbee2mqtt-side-file' ||
  format === 'dotenv' ||
  format === 'node-red-environment';
