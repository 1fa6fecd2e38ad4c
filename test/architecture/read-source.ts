import { type StaticImport, parseSync } from 'oxc-parser';

/** One import, re-export or dynamic import. */
export type Import = {
  readonly specifier: string;
  /** Imported names; `*` for a namespace or a dynamic import. */
  readonly names: readonly string[];
  readonly typesOnly: boolean;
};

/** What the rules look at in one file. */
export type Source = {
  readonly imports: readonly Import[];
  readonly exportsAll: boolean;
  /** Dynamic imports whose target is computed. */
  readonly computedImports: number;
  /** Readings of time, chance and environment, as `Date.now`, `new Date()`, `randomBytes`, `process.env`. */
  readonly worldly: readonly string[];
  /** Whether a function is called with the name `git` first, as those are that start a program. */
  readonly startsGit: boolean;
  readonly lines: number;
};

const CHANCE = new Set(
  (
    'randomBytes randomInt randomUUID randomUUIDv7 randomFill randomFillSync getRandomValues pseudoRandomBytes ' +
    'generateKey generateKeySync generateKeyPair generateKeyPairSync generatePrime generatePrimeSync'
  ).split(' '),
);
const MEMBERS = new Set([
  'Date.now',
  'Math.random',
  'performance.now',
  'process.hrtime',
  'process.env',
  'process.loadEnvFile',
]);

export const readSource = (path: string, text: string): Source => {
  const { errors, module, program } = parseSync(path, text);
  if (errors.length > 0) throw new SyntaxError(`${path}: ${errors[0]!.message}`);
  const computed = module.dynamicImports.filter(({ moduleRequest }) => !isLiteral(text, moduleRequest)).length;
  return {
    imports: [
      ...module.staticImports.map(staticImport),
      ...module.staticExports.flatMap(({ entries }) => entries).flatMap(reExport),
      ...module.dynamicImports
        .filter(({ moduleRequest }) => isLiteral(text, moduleRequest))
        .map(({ moduleRequest }) => dynamicImport(text.slice(moduleRequest.start + 1, moduleRequest.end - 1))),
      ...typeImports(program),
    ],
    exportsAll: module.staticExports.some(({ entries }) =>
      entries.some(({ importName }) => importName.kind.startsWith('All')),
    ),
    computedImports: computed,
    worldly: worldly(program),
    startsGit: [...walk(program)].some(startsGit),
    lines: text.split('\n').length - 1,
  };
};

const isLiteral = (text: string, { start, end }: { start: number; end: number }): boolean =>
  /^(['"])[^'"`]*\1$/.test(text.slice(start, end));

const staticImport = ({ entries, moduleRequest }: StaticImport): Import => ({
  specifier: moduleRequest.value,
  names: entries.map(({ importName }) => importName.name ?? '*'),
  typesOnly: entries.length > 0 && entries.every(({ isType }) => isType),
});

const startsGit = ({ arguments: given, type }: Node): boolean => {
  const [first]: unknown[] = type === 'CallExpression' && Array.isArray(given) ? given : [];
  return typeof first === 'object' && first !== null && 'value' in first && first.value === 'git';
};

type ExportEntry = ReturnType<typeof parseSync>['module']['staticExports'][number]['entries'][number];
const reExport = ({ importName, isType, moduleRequest }: ExportEntry): Import[] =>
  moduleRequest ? [{ specifier: moduleRequest.value, names: [importName.name ?? '*'], typesOnly: isType }] : [];

const dynamicImport = (specifier: string): Import => ({ specifier, names: ['*'], typesOnly: false });

type Node = { readonly type: string; readonly [field: string]: unknown };

const walk = function* (value: unknown): Generator<Node> {
  if (Array.isArray(value)) for (const item of value) yield* walk(item);
  else if (typeof value === 'object' && value !== null) {
    if ('type' in value && typeof value.type === 'string') yield value as Node;
    for (const child of Object.values(value)) yield* walk(child);
  }
};

/** `import('pg').Client` in the place of a type. */
const typeImports = (program: unknown): Import[] =>
  [...walk(program)]
    .filter(({ type }) => type === 'TSImportType')
    .map(({ argument, source }) => (source ?? argument) as { value?: string; literal?: { value: string } })
    .map(({ literal, value }) => ({ specifier: value ?? literal!.value, names: ['*'], typesOnly: true }));

const worldly = (program: unknown): string[] => {
  const found: string[] = [];
  for (const node of walk(program)) {
    const name = nameOf(node);
    if (
      node.type === 'NewExpression' &&
      nameOf(node['callee']) === 'Date' &&
      (node['arguments'] as unknown[]).length === 0
    )
      found.push('new Date()');
    else if (node.type === 'CallExpression' && nameOf(node['callee']) === 'Date') found.push('Date()');
    else if (node.type === 'MemberExpression' && memberOf(node)) found.push(memberOf(node)!);
    else if (node.type === 'VariableDeclarator') found.push(...destructured(node));
    else if (node.type === 'Identifier' && CHANCE.has(name!)) found.push(name!);
    else if (node.type === 'ImportDeclaration' && processEnv(node)) found.push('process.env');
  }
  return [...new Set(found)];
};

const nameOf = (value: unknown): string | undefined => {
  const node = value as Node | undefined;
  return node?.type === 'Identifier' ? (node['name'] as string) : undefined;
};

/** `Date.now`, also as `globalThis.Date.now` and `Date['now']`. */
const memberOf = (node: Node): string | undefined => {
  const property = nameOf(node['property']) ?? (node['property'] as { value?: unknown }).value;
  const object = node['object'] as Node;
  const owner = nameOf(object) ?? (object.type === 'MemberExpression' ? nameOf(object['property']) : undefined);
  const text = `${owner}.${String(property)}`;
  if (MEMBERS.has(text)) return text;
  return typeof property === 'string' && node['computed'] === true && CHANCE.has(property) ? property : undefined;
};

/** `const { env } = process`. */
const destructured = (node: Node): string[] => {
  const owner = nameOf(node['init']);
  const pattern = node['id'] as Node;
  if (owner === undefined || pattern.type !== 'ObjectPattern') return [];
  const names = (pattern['properties'] as Node[]).map(({ key }) => `${owner}.${nameOf(key)}`);
  return names.filter((name) => MEMBERS.has(name));
};

const processEnv = (node: Node): boolean =>
  (node['source'] as { value: string }).value === 'node:process' &&
  (node['specifiers'] as Node[]).some(({ imported }) => nameOf(imported) === 'env');
