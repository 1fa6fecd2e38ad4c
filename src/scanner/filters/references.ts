/**
 * What stands in place of a value and says where the value is kept: by syntax of Home Assistant and ESPHome (`!secret`),
 * shells and Compose (`$X`, `${X}`), templates (`{{ x }}`, `<%= x %>`, `#{x}`, `%(x)s`, `%X%`), vaults and CI systems.
 */
const REFERENCE =
  /^(?:!(?:secret|env|env_var|include|ref|sub|vault|input)\b|\$[A-Za-z_{(]|\$\$|%\(|%[A-Za-z_]\w*%$|#\{|@[{A-Za-z]\w*\b|<|\{\{?|\[\[?[A-Za-z]|&|\*[a-z]|`|(?:env|vault|secret|secretref|op|ssm|arn|file|data|keyring|base64|urn|ref|sops|ENC|aws|gcp|azure|kms|cmd|exec|literal|bundle|config|var|local|module|process|System|os|ENV|self|this|settings|args|options|opts|params|props|ctx|req|request|response|state|input|import)(?::|\.|\[|\())/;

/** Text in the value that a program or a template fills in later. */
const INSIDE = /\$\{|\{\{|\$\(|%\{|<%|#\{|\{\w*\}|%[sd]\b|\$[A-Z_]{3,}/;

export const isReference = (value: string): boolean => REFERENCE.test(value) || INSIDE.test(value);

/** A piece of a program: a call, a member, an index, an operator, rather than a value. */
export const isExpression = (value: string): boolean =>
  /^[A-Za-z_$][\w$]*(?:(?:\.|->|::|\?\.)[A-Za-z_$][\w$]*)+/.test(value) ||
  /^[A-Za-z_$][\w$.]*\s?[([]/.test(value) ||
  /^(?:new|await|async|function|lambda|typeof|return|if|not|len|str|int|bool|string|number|boolean|any|void|unknown|never|object|None|True|False)\b/.test(
    value,
  ) ||
  /^(?:[|&!=<>+,;:?(){}[\]]|=>|->)/.test(value);
