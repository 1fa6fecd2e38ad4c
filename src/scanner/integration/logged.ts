import type { Token } from '#formats';
import type { Issue } from './issue.ts';
import { type Constants, type Module, callsIn, expressionsOf, isSecretName, keyOf } from './python.ts';

const LOG =
  /^(?:(?:self|cls)\.)?(?:_?LOGGER|_?LOG|_?logger|_?log|logging)\.(?:debug|info|warning|warn|error|critical|exception|log)$|^print$/;

/** What is made of a value without telling it. */
const SAFE_CALL = /^(?:len|bool|type|isinstance|hash|id|hasattr|callable)$|redact|mask|obfuscate|anonymi[sz]e|hide/i;
/** What holds the credentials of an entry as a whole. */
const WHOLE = /(?:^|\.)(?:(?:config_)?entry\.(?:data|options)|user_input|entry_data|credentials)$/;
const HEADERS = /(?:^|\.)_?headers$/;

/** Calls of a logger that are given a credential, or all of an entry. */
export const logged = (module: Module, constants: Constants, stored: ReadonlySet<string>): readonly Issue[] =>
  callsIn(module)
    .filter(({ callee }) => LOG.test(callee))
    .flatMap((call) => {
      const expressions = call.arguments.flatMap(({ tokens }) => [
        ...(tokens.length === 1 && tokens[0]!.kind === 'string' ? [] : [tokens]),
        ...tokens.flatMap(expressionsOf),
      ]);
      const told = expressions.map((tokens) => tells(tokens, constants, stored, module)).find((name) => name !== null);
      return told === undefined || told === null
        ? []
        : [
            {
              code: 'credential-logged',
              module,
              start: call.at.start,
              end: call.at.end,
              name: told,
              why: `${call.callee} is given ${told}`,
              confidence: 'likely',
            } satisfies Issue,
          ];
    });

/** What an expression would tell: the name of a credential, or of what holds some; null when nothing. */
const tells = (
  tokens: readonly Token[],
  constants: Constants,
  stored: ReadonlySet<string>,
  module: Module,
): string | null => {
  if (
    tokens.some(
      ({ kind, text }) => kind === 'word' && (SAFE_CALL.test(text) || /^(?:is|in|not|if|for|lambda)$/.test(text)),
    )
  )
    return null;
  const path = pathOf(tokens, constants);
  if (path === null) return null;
  if (path.key !== null) return isSecretName(path.key) ? path.key : null;
  const last = path.dotted.split('.').at(-1)!;
  if (WHOLE.test(path.dotted)) return stored.size > 0 ? `${path.dotted} (with ${[...stored].join(', ')})` : null;
  if (HEADERS.test(path.dotted)) return /Authorization|X-Api-Key/i.test(module.text) ? path.dotted : null;
  return /^[A-Z\d_]+$/.test(last) || !isSecretName(last) ? null : path.dotted;
};

type Path = { readonly dotted: string; readonly key: string | null };

/** `a.b`, `a.b[KEY]`, `a.b.get(KEY)`, `dict(a.b)`, `str(a.b)`; null for anything else. */
const pathOf = (all: readonly Token[], constants: Constants): Path | null => {
  let tokens = all.filter(({ kind, text }) => kind !== 'word' || text !== 'await');
  if (/^(?:dict|str|repr)$/.test(tokens[0]?.text ?? '') && tokens[1]?.text === '(') tokens = tokens.slice(2, -1);
  const names: string[] = [];
  let i = 0;
  for (; i < tokens.length && tokens[i]!.kind === 'word'; i += 2) {
    names.push(tokens[i]!.text);
    if (tokens[i + 1]?.text !== '.') {
      i++;
      break;
    }
  }
  const rest = tokens.slice(i);
  if (names.length === 0) return null;
  if (rest.length === 0) return { dotted: names.join('.'), key: null };
  const isIndex = rest[0]!.text === '[' && rest.length >= 3;
  const isGet = rest[0]!.text === '(' && names.at(-1) === 'get' && rest.length >= 3;
  if (!isIndex && !isGet) return null;
  const key = rest.findLast(
    ({ text }, index) => index > 0 && (rest[index - 1]!.text === '[' || (isGet && index === 1)) && text !== '[',
  );
  return key === undefined || key.kind === 'punctuation'
    ? null
    : { dotted: names.join('.'), key: keyOf(key, constants) };
};
