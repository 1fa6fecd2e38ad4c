export { htmlReport } from './html-report.ts';
export { jsonReport } from './json-report.ts';
export { junitReport } from './junit-report.ts';
export type { ReportContext, WriteReport } from './report-options.ts';
export { sarifReport } from './sarif-report.ts';
