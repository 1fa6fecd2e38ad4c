import { type Constants, type Module, callsIn, closingOf, isSecretName, keyOf } from './python.ts';

/** Keys with credentials that the integration's flows store in its entries: forms, and what is put into `data`. */
export const storedSecrets = (modules: readonly Module[], constants: Constants): ReadonlySet<string> => {
  const keys = new Set<string>();
  for (const module of modules) {
    for (const { callee, arguments: given } of callsIn(module)) {
      const last = callee.split('.').at(-1)!;
      const [first] = given;
      if (/^(?:Required|Optional|Inclusive|Exclusive)$/.test(last) && first?.tokens.length === 1)
        keys.add(keyOf(first.tokens[0]!, constants));
      if (/^(?:async_create_entry|async_update_entry|async_update_reload_and_abort)$/.test(last))
        for (const { name, tokens } of given)
          if (name !== null && /^(?:data|options|data_updates)$/.test(name))
            for (const key of keysOfDict(tokens, constants)) keys.add(key);
    }
  }
  return new Set([...keys].filter(isSecretName));
};

/** `{CONF_X: a, "y": b}`, the outermost level. */
const keysOfDict = (tokens: Module['tokens'], constants: Constants): readonly string[] => {
  if (tokens[0]?.text !== '{') return [];
  const keys: string[] = [];
  for (let i = 1; i < tokens.length; i++) {
    const token = tokens[i]!;
    if (token.kind === 'punctuation' && /^[([{]$/.test(token.text)) {
      const end = closingOf(tokens, i);
      if (end === -1) break;
      i = end;
    } else if (token.kind !== 'punctuation' && tokens[i + 1]?.text === ':') keys.push(keyOf(token, constants));
  }
  return keys;
};
