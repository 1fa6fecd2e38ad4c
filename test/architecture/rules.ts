import { dirname, join, normalize } from 'node:path/posix';
import { type Import, type Source, readSource } from './read-source.ts';
import { FILE_PLACES, GIT_FILE, LONG_FILES, PROCESS_FILES, ROOMS } from './rooms.ts';

/** What is checked: the text of every file under src/, by path, and package.json's imports. */
export type House = {
  readonly files: ReadonlyMap<string, string>;
  readonly doors: Readonly<Record<string, string>>;
};

const MAX_LINES = 500;
const room = new Map(ROOMS.map((one) => [one.name, one]));
const NETWORK = /^(node:)?(https?|http2|net|tls|dgram|dns|dns\/promises)$/;
/** Functions of node:net that touch no network. */
const NET_PURE = new Set(['BlockList', 'SocketAddress', 'isIP', 'isIPv4', 'isIPv6']);
const FILES = /^(node:)?fs(\/promises)?$/;
const DATABASE = /^(node:sqlite|sqlite|pg|pg\/.*)$/;

export const roomOf = (path: string): string => (path === 'src/main.ts' ? 'main' : path.split('/')[1]!);
const isTest = (path: string): boolean => /\.(test|fixture|vectors)\.ts$/.test(path);
const isRoof = (name: string): boolean => room.get(name)?.floor === 'roof';

/** Every breach of the rules of the house, as sentences that begin with the file. */
export const breaches = (house: House): string[] => {
  const sources = new Map([...house.files].map(([path, text]) => [path, readSource(path, text)]));
  return [
    ...doorBreaches(house),
    ...[...sources].flatMap(([path, source]) => fileBreaches(house, path, source).map((what) => `${path}: ${what}`)),
    ...circles(new Map([...sources].map(([path, source]) => [path, fileTargets(house, path, source)])), 'files'),
    ...circles(roomGraph(house, sources), 'rooms'),
  ];
};

const doorBreaches = ({ doors, files }: House): string[] => {
  const rooms = new Set([...files.keys()].map(roomOf).filter((name) => name !== 'main'));
  const found: string[] = [];
  for (const [door, target] of Object.entries(doors)) {
    if (target !== `./src/${door.slice(1)}/index.ts`)
      found.push(`package.json: ${door} must lead to src/${door.slice(1)}/index.ts`);
    if (!files.has(normalize(target))) found.push(`package.json: ${door} leads to ${target}, which does not exist`);
  }
  for (const name of rooms) {
    if (!room.has(name)) found.push(`src/${name}: is not a room of test/architecture/rooms.ts`);
    if (!(`#${name}` in doors)) found.push(`src/${name}: has no door #${name} in package.json`);
  }
  return found;
};

const fileBreaches = (house: House, path: string, source: Source): string[] => [
  ...source.imports.flatMap((one) => importBreaches(house, path, one)),
  ...(isTest(path) ? [] : worldBreaches(path, source)),
  ...(source.exportsAll && path.endsWith('/index.ts') ? ['a door names its exports: no `export *`'] : []),
  ...(source.lines > MAX_LINES && !(path in LONG_FILES)
    ? [`has ${source.lines} lines; ${MAX_LINES} are the most`]
    : []),
];

const importBreaches = (house: House, path: string, one: Import): string[] => {
  const { specifier } = one;
  if (specifier.startsWith('.')) return relativeBreaches(house, path, specifier);
  if (specifier.startsWith('#')) return doorwayBreaches(house, path, one);
  if (specifier.startsWith('/') || specifier.startsWith('file:')) return [`imports ${specifier} by an absolute path`];
  return isTest(path) ? [] : outsideBreaches(path, one);
};

const relativeBreaches = ({ files }: House, path: string, specifier: string): string[] => {
  const target = join(dirname(path), specifier);
  if (isTest(path) && target.startsWith('test/')) return [];
  if (!files.has(target)) return [`imports ${specifier}, which does not exist (write the extension .ts)`];
  if (roomOf(target) !== roomOf(path)) return [`reaches into ${target}; only its door #${roomOf(target)} is open`];
  if (isTest(target) && !isTest(path)) return [`imports ${specifier}, which is for tests`];
  if (isNode(target) && !isNode(path) && !isTest(path))
    return [`kernel is safe for a browser and does not use kernel/node`];
  return [];
};

const isNode = (path: string): boolean => path.startsWith('src/kernel/node/');

const doorwayBreaches = ({ doors }: House, path: string, { names, specifier, typesOnly }: Import): string[] => {
  const own = roomOf(path);
  const other = specifier.slice(1).split('/')[0]!;
  if (!(specifier in doors)) return [`imports ${specifier}, which is no door in package.json`];
  if (isTest(path)) return [];
  if (own === other) return [`goes out by its own door ${specifier}; use a relative path`];
  const found: string[] = [];
  const allowed = room.get(own)?.uses.includes(other) || (typesOnly && room.get(own)?.types?.includes(other));
  if (!allowed)
    found.push(
      `the room ${own} may not use ${specifier}${typesOnly ? '' : ' (but for types)'.repeat(Number(room.get(own)?.types?.includes(other)))}`,
    );
  const asks = (name: string): boolean => names.includes(name) || names.includes('*');
  if (other === 'kernel' && asks('issueReceipt') && own !== 'ledger') found.push('only ledger issues receipts');
  if (other === 'storage' && asks('openWriter') && !typesOnly && own !== 'deeds')
    found.push('only deeds holds the write capability');
  return found;
};

const outsideBreaches = (path: string, { names, specifier }: Import): string[] => {
  const own = roomOf(path);
  const found: string[] = [];
  if (DATABASE.test(specifier) && own !== 'storage') found.push(`only storage imports ${specifier}`);
  if (own === 'kernel' && specifier.startsWith('node:') && !isNode(path))
    found.push(`kernel is safe for a browser: no ${specifier}`);
  if (/^(node:)?child_process$/.test(specifier) && !(path in PROCESS_FILES))
    found.push(`starts processes (${specifier}); only ${Object.keys(PROCESS_FILES).join(', ')} may`);
  if (isRoof(own)) return found;
  const pure = specifier.endsWith('net') && names.length > 0 && names.every((name) => NET_PURE.has(name));
  if (NETWORK.test(specifier) && !pure) found.push(`below the roof nobody imports ${specifier}`);
  const lies = (places: readonly string[]): boolean => places.some((place) => path.startsWith(`src/${place}/`));
  if (FILES.test(specifier) && !lies(FILE_PLACES))
    found.push(`touches files; below the roof only ${FILE_PLACES.join(', ')} may`);
  return found;
};

const worldBreaches = (path: string, { computedImports, startsGit, worldly }: Source): string[] => {
  const found = worldly
    .filter((what) => !isNode(path) && !what.startsWith('process.env') && !what.startsWith('process.load'))
    .map((what) => `uses ${what}; time and chance come through Clock and Random`);
  if (!isRoof(roomOf(path)) && worldly.some((what) => /^process\.(env|load)/.test(what)))
    found.push('reads process.env; below the roof nobody does');
  if (startsGit && path !== GIT_FILE)
    found.push(`starts git; only ${GIT_FILE} does, where nothing of the repository is run`);
  if (computedImports > 0) found.push('imports what only the running program knows');
  return found;
};

const targetOf = ({ doors }: House, path: string, { specifier }: Import): string | undefined => {
  if (specifier.startsWith('.')) return join(dirname(path), specifier);
  const door = doors[specifier];
  return door === undefined ? undefined : normalize(door);
};

/** Files that are loaded with this one: imports of types are erased. */
const fileTargets = (house: House, path: string, { imports }: Source): Set<string> =>
  new Set(
    imports
      .filter(({ typesOnly }) => !typesOnly)
      .flatMap((one) => targetOf(house, path, one) ?? [])
      .filter((target) => house.files.has(target)),
  );

const roomGraph = (house: House, sources: ReadonlyMap<string, Source>): Map<string, Set<string>> => {
  const graph = new Map<string, Set<string>>();
  for (const [path, { imports }] of sources) {
    if (isTest(path)) continue;
    const uses = graph.get(roomOf(path)) ?? new Set();
    for (const one of imports) {
      const target = targetOf(house, path, one);
      if (target !== undefined && roomOf(target) !== roomOf(path)) uses.add(roomOf(target));
    }
    graph.set(roomOf(path), uses);
  }
  return graph;
};

/** Each circle once, found by a walk in depth. */
const circles = (graph: ReadonlyMap<string, ReadonlySet<string>>, what: string): string[] => {
  const found: string[] = [];
  const done = new Set<string>();
  const visit = (node: string, way: readonly string[]): void => {
    const at = way.indexOf(node);
    if (at >= 0) found.push(`${node}: a circle of ${what}: ${[...way.slice(at), node].join(' → ')}`);
    if (at >= 0 || done.has(node)) return;
    for (const next of graph.get(node) ?? []) visit(next, [...way, node]);
    done.add(node);
  };
  for (const node of graph.keys()) visit(node, []);
  return found;
};
