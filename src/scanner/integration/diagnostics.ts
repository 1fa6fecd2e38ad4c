import type { Issue } from './issue.ts';
import { type Call, type Constants, type Module, callsIn, closingOf, keyOf } from './python.ts';

const isDiagnostics = ({ path }: Module): boolean => /(?:^|\/)diagnostics\.py$/.test(path);

/** `diagnostics.py` must take out every key with a credential that the integration stores. */
export const diagnostics = (
  modules: readonly Module[],
  constants: Constants,
  stored: ReadonlySet<string>,
): readonly Issue[] => {
  const redacted = redactedKeys(modules, constants);
  return modules.filter(isDiagnostics).flatMap((module): readonly Issue[] => {
    const redactions = callsIn(module).filter(({ callee }) => /redact/i.test(callee));
    const bare = bareEntry(module, redactions);
    if (bare !== null && stored.size > 0) return [{ ...bare, name: [...stored].join(', ') }];
    const [first] = redactions;
    if (first === undefined) return [];
    return [...stored]
      .filter((key) => !redacted.has(key))
      .map((key) => ({
        code: 'diagnostics-incomplete',
        module,
        start: first.at.start,
        end: first.at.end,
        name: key,
        why: `the flow stores ${key}, and no list of what to redact names it`,
        confidence: 'likely',
      }));
  });
};

/** What stands in sets and lists whose name says REDACT, and in those given to async_redact_data. */
const redactedKeys = (modules: readonly Module[], constants: Constants): ReadonlySet<string> => {
  const keys = new Set<string>();
  const collect = (tokens: Module['tokens']) => {
    for (const token of tokens) if (token.kind !== 'punctuation') keys.add(keyOf(token, constants));
  };
  for (const module of modules) {
    const { tokens } = module;
    for (let i = 0; i + 2 < tokens.length; i++) {
      if (tokens[i]!.kind !== 'word' || !/REDACT/i.test(tokens[i]!.text)) continue;
      let at = i + 1;
      while (at < i + 12 && tokens[at] !== undefined && !/^[=|+(,)\n]$/.test(tokens[at]!.text)) at++;
      if (tokens[at]?.text !== '=') continue;
      const open = tokens.findIndex(
        ({ kind, text }, index) => index > at && index < at + 4 && kind === 'punctuation' && /^[[{(]$/.test(text),
      );
      const close = open === -1 ? -1 : closingOf(tokens, open);
      if (close !== -1) collect(tokens.slice(open + 1, close));
    }
    for (const { callee, arguments: given } of callsIn(module))
      if (/redact/i.test(callee)) for (const { tokens: set } of given.slice(1)) collect(set);
  }
  return keys;
};

/** The entry's data or options given away whole outside of a redaction. */
const bareEntry = (module: Module, redactions: readonly Call[]): Omit<Issue, 'name'> | null => {
  const { tokens } = module;
  for (let i = 0; i + 2 < tokens.length; i++) {
    if (!/^(?:config_)?entry$/.test(tokens[i]!.text) || tokens[i + 1]!.text !== '.') continue;
    const what = tokens[i + 2]!.text;
    if (!/^(?:data|options|as_dict)$/.test(what)) continue;
    // A single value of it, its names, or a use on the left of an assignment.
    if (what !== 'as_dict' && /^[[.]$/.test(tokens[i + 3]?.text ?? '')) continue;
    if (redactions.some(({ first, last }) => i > first && i < last)) continue;
    return {
      code: 'diagnostics-not-redacted',
      module,
      start: tokens[i]!.start,
      end: tokens[i + 2]!.end,
      why: `entry.${what} is returned without async_redact_data`,
      confidence: 'likely',
    };
  }
  return null;
};
