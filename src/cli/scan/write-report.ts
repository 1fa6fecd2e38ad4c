import type { Discovery, ScanReport } from '#scanner';
import type { WriteReport } from '#scanner/report';
import { utf8 } from '#kernel';
import type { Context } from '../context.ts';
import { PRIVATE, replaceFile } from '../write-file.ts';
import { resolve } from 'node:path';
import { showReport } from './show-report.ts';

export const FORMATS = ['text', 'json', 'sarif', 'junit', 'html'] as const;
export type Format = (typeof FORMATS)[number];

/** Imported only when asked for: a hook prints the page for people. */
const writerOf = async (format: Exclude<Format, 'text'>): Promise<WriteReport> => {
  const { htmlReport, jsonReport, junitReport, sarifReport } = await import('#scanner/report');
  return { json: jsonReport, sarif: sarifReport, junit: junitReport, html: htmlReport }[format];
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
export const writeReport = async (context: Context, report: ScanReport, choice: ReportChoice): Promise<void> => {
  const { terminal } = context;
  if (choice.format !== 'text') {
    const text = (await writerOf(choice.format))(report, choice);
    if (choice.output === undefined) return terminal.printRaw(utf8(text));
    replaceFile(resolve(context.directory, choice.output), text, { mode: PRIVATE });
  }
  showReport(report, choice.subject, terminal, choice.reveal);
};
