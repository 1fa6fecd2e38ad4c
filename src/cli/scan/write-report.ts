import {
  type Discovery,
  type ScanReport,
  type WriteReport,
  htmlReport,
  jsonReport,
  junitReport,
  sarifReport,
} from '#scanner';
import { utf8 } from '#kernel';
import type { Context } from '../context.ts';
import { PRIVATE, replaceFile } from '../write-file.ts';
import { resolve } from 'node:path';
import { showReport } from './show-report.ts';

export const FORMATS = ['text', 'json', 'sarif', 'junit', 'html'] as const;
export type Format = (typeof FORMATS)[number];

const WRITERS: Readonly<Record<Exclude<Format, 'text'>, WriteReport>> = {
  json: jsonReport,
  sarif: sarifReport,
  junit: junitReport,
  html: htmlReport,
};

export type ReportChoice = {
  readonly format: Format;
  /** Where to; undefined is standard output. */
  readonly output: string | undefined;
  readonly reveal: boolean;
  readonly subject: string;
  readonly version: string;
  readonly fingerprint: (discovery: Discovery) => string | null;
};

/** Prints the report, or writes it to a file and prints the page for people beside it. */
export const writeReport = (context: Context, report: ScanReport, choice: ReportChoice): void => {
  const { terminal } = context;
  if (choice.format !== 'text') {
    const text = WRITERS[choice.format](report, choice);
    if (choice.output === undefined) return terminal.printRaw(utf8(text));
    replaceFile(resolve(context.directory, choice.output), text, { mode: PRIVATE });
  }
  showReport(report, choice.subject, terminal, choice.reveal);
};
