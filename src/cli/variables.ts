import type { JsonObject } from '#kernel';
import { textLeaves } from './value.ts';

/** A credential with what it is called, for the environment of a command. */
export type NamedValue = { readonly name: string; readonly originalName: string | null; readonly value: JsonObject };

export type Variables = {
  readonly variables: Readonly<Record<string, string>>;
  /** Names that two credentials want; neither gets it. */
  readonly collisions: readonly { readonly variable: string; readonly credentials: readonly string[] }[];
  /** Credentials whose variable would steer the shell, the loader or a runtime instead of informing the command. */
  readonly refused: readonly { readonly variable: string; readonly credential: string }[];
};

/**
 * Names that change how a process is loaded or run (ld.so(8), dyld(1), bash(1), node, python, perl, ruby, git): whoever
 * may name a credential must not be able to run code in somebody's command by that.
 */
const STEERING =
  /^(?:PATH|HOME|SHELL|USER|LOGNAME|PWD|OLDPWD|TMPDIR|IFS|ENV|BASH_.*|PROMPT_COMMAND|PS[0-4]|CDPATH|LD_.*|DYLD_.*|GCONV_PATH|LOCPATH|NODE_(?:OPTIONS|PATH|EXTRA_CA_CERTS|TLS_REJECT_UNAUTHORIZED|REPL_.*|COMPILE_CACHE|USE_.*)|PYTHON[A-Z0-9]+|PERL5?(?:LIB|OPT|DB)|RUBY(?:OPT|LIB)|JAVA_TOOL_OPTIONS|_JAVA_OPTIONS|GIT_(?:SSH.*|ASKPASS|EDITOR|SEQUENCE_EDITOR|PAGER|EXEC_PATH|CONFIG.*|DIR|WORK_TREE|INDEX_FILE|EXTERNAL_DIFF|PROXY_COMMAND|TEMPLATE_DIR)|SSH_ASKPASS|EDITOR|VISUAL|PAGER|BROWSER|CHATELAINE_.*|CHTL_.*)$/i;

/** `mqtt/password` → MQTT_PASSWORD; a name that people already wrote as a variable stays as it is. */
export const variableName = ({ name, originalName }: Pick<NamedValue, 'name' | 'originalName'>): string =>
  originalName !== null && /^[A-Z_][A-Z0-9_]*$/.test(originalName) ? originalName : asVariable(name);

const asVariable = (text: string): string =>
  text
    .normalize('NFKD')
    .replaceAll(/\p{M}/gu, '')
    .toUpperCase()
    .replaceAll(/[^A-Z0-9]+/g, '_')
    .replaceAll(/^_+|_+$/g, '')
    .replace(/^(?=\d)/, '_') || 'VALUE';

/** One variable for each leaf; the field `value` takes the credential's own name. */
export const variablesOf = (values: readonly NamedValue[]): Variables => {
  const wanted = new Map<string, { readonly text: string; readonly credential: string }[]>();
  for (const one of values)
    for (const [path, text] of textLeaves(one.value)) {
      const own = variableName(one);
      const variable = path.length === 1 && path[0] === 'value' ? own : `${own}_${asVariable(path.join('_'))}`;
      wanted.set(variable, [...(wanted.get(variable) ?? []), { text, credential: one.name }]);
    }
  const variables: Record<string, string> = {};
  const collisions: { variable: string; credentials: string[] }[] = [];
  const refused: { variable: string; credential: string }[] = [];
  for (const [variable, all] of wanted) {
    const [first] = all;
    // A NUL ends a variable early: half a secret is worse than none.
    if (STEERING.test(variable) || first!.text.includes('\0'))
      refused.push({ variable, credential: first!.credential });
    else if (new Set(all.map(({ text }) => text)).size > 1)
      collisions.push({ variable, credentials: all.map(({ credential }) => credential) });
    else variables[variable] = first!.text;
  }
  return { variables, collisions, refused };
};
