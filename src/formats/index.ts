export { withAwaited } from './awaited.ts';
export { type DiffOptions, creationDiff, unifiedDiff } from './diff.ts';
export { type FileEdit, type TextEdit, applyEdits, applyFileEdit } from './edits.ts';
export { formatsError } from './errors.ts';
export type { Consumer, FoundAt, FoundCredential, SharedValue } from './found.ts';
export type { MissingName, Orphan } from './gaps.ts';
export type { Outside } from './holders.ts';
export { type Segment, judge } from './judge.ts';
export { templateOf } from './pieces.ts';
export { type PlaceValue, placeValues } from './place-values.ts';
export { readFile } from './read-file.ts';
export {
  type FileReading,
  LAYERS,
  type Leaf,
  type Reference,
  STYLES,
  type Style,
  type SyntaxId,
  isReference,
} from './reading.ts';
export {
  FORMATS,
  type FormatId,
  type FormatRow,
  type Surroundings,
  formatRow,
  recognise,
  surroundingsOf,
} from './recognise.ts';
export { withoutEntries } from './left-out.ts';
export { type Kept, type RewritePlan, planRewrite } from './rewrite.ts';
export { MAX_FILE_BYTES, type Problem, type ProblemCode, type SourceFile, type Span } from './source-file.ts';
export {
  type PlainEntry,
  type ProgramValue,
  type Survey,
  type SurveyOptions,
  programValues,
  survey,
} from './survey.ts';
export {
  type Hole,
  type Piece,
  type Slot,
  type Template,
  type Values,
  awaitedIn,
  credentialsIn,
  render,
  renderText,
  templateText,
} from './template.ts';
export { type Token, tokenise } from './tokens.ts';
