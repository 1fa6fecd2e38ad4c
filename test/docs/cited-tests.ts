import { type Expression, parseSync, Visitor } from 'oxc-parser';
import { isThere, readText } from './repository.ts';

/** A test as a page names it: `path`: "name". In the name, `…` stands for what a test fills in. */
export type CitedTest = { readonly path: string; readonly name: string };

const CITATION = /`((?:src|test)\/[^`]+\.test\.ts)`: "([^"]+)"/g;

export const citedTests = (page: string): CitedTest[] =>
  [...page.matchAll(CITATION)].map(([, path, name]) => ({ path: path!, name: name! }));

/** Test files that a page names without saying which test. */
export const citedLoosely = (page: string): string[] =>
  [...page.replaceAll(CITATION, '').matchAll(/`((?:src|test)\/[^`]+\.test\.ts)`/g)].map(([, path]) => path!);

/** What is wrong with the citations of a page; empty when every test named is there. */
export const brokenCitations = (page: string): string[] =>
  citedTests(page).flatMap(({ path, name }) => {
    if (!isThere(path)) return [`there is no ${path}`];
    return testNames(path, readText(path)).has(name) ? [] : [`${path} has no test "${name}"`];
  });

/** Names of tests and suites in a file, whatever declares them: calls with a text first and a function last. */
export const testNames = (path: string, text: string): ReadonlySet<string> => {
  const { errors, program } = parseSync(path, text);
  if (errors.length > 0) throw new SyntaxError(`${path}: ${errors[0]!.message}`);
  const names = new Set<string>();
  new Visitor({
    CallExpression({ arguments: given }) {
      const [first] = given;
      const last = given.at(-1);
      const takesWork = last?.type === 'ArrowFunctionExpression' || last?.type === 'FunctionExpression';
      const name = first === undefined || first.type === 'SpreadElement' ? undefined : nameOf(first);
      if (takesWork && name !== undefined) names.add(name);
    },
  }).visit(program);
  return names;
};

const nameOf = (node: Expression): string | undefined => {
  if (node.type === 'Literal' && typeof node.value === 'string') return node.value;
  if (node.type === 'TemplateLiteral') return node.quasis.map(({ value }) => value.cooked ?? value.raw).join('…');
  return undefined;
};
