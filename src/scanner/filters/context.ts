/** What a path says about the text in it. */
export type Context = {
  /** Tests, fixtures, examples, documentation: what looks like a credential there usually opens nothing. */
  readonly practice: boolean;
  /** Lists of other people's packages with hashes: nothing without a vendor's mark counts there. */
  readonly lock: boolean;
  /** Written by a program for a program, or by a translator: assignments there are code or prose, not configuration. */
  readonly made: boolean;
  /** Where values stand without quotes, as in `.env`, INI and YAML. */
  readonly configuration: boolean;
};

const PRACTICE =
  /(?:^|[/!])(?:tests?|__tests__|testing|testdata|test[-_]data|spec|specs|fixtures?|__fixtures__|mocks?|__mocks__|examples?|samples?|demos?|docs?|documentation|e2e|snapshots|__snapshots__|benchmarks?|doctests?|tutorials?|man|locales?|i18n|translations?)\/|(?:[._-](?:test|tests|spec|example|sample|mock|fixture|dist|template|tmpl)(?:\.\w+)?|\.(?:md|mdx|markdown|rst|adoc|txt|1|3|5|7|8|html?|ipynb|snap|pyi|d\.ts|d\.[mc]ts))$|(?:^|[/!])(?:test_[^/]*|[^/]*_test\.\w+|conftest\.py|PKG-INFO|METADATA|README[^/]*|CHANGELOG[^/]*|CHANGES[^/]*)$/i;

const LOCK =
  /(?:^|[/!])(?:package-lock\.json|npm-shrinkwrap\.json|yarn\.lock|pnpm-lock\.yaml|bun\.lockb?|deno\.lock|poetry\.lock|pdm\.lock|uv\.lock|Pipfile\.lock|Cargo\.lock|Gemfile\.lock|composer\.lock|go\.sum|go\.work\.sum|flake\.lock|mix\.lock|pubspec\.lock|Podfile\.lock|packages\.lock\.json|gradle\.lockfile|conan\.lock|RECORD|SHA\d*SUMS|checksums?\.txt|\.package-lock\.json|gradle-wrapper\.properties|verification-metadata\.xml)$|\.(?:sum|sha\d+|md5|lock)$/i;

const MADE =
  /(?:\.min\.(?:js|css|mjs|cjs)|\.(?:map|svg|css|scss|less|po|pot|xlf|xliff|arb|strings|resx|wat|ll|s|asm|lst|tsbuildinfo|eps|ps|hex|srec|mo|geojson|pdf|dic|aff))$|(?:^|[/!])(?:locales?|i18n|translations?|lang)\//i;

const CONFIGURATION =
  /(?:\.(?:env|ini|cfg|conf|cnf|config|properties|ya?ml|toml|sh|bash|zsh|fish|ps1|bat|cmd|service|tf|tfvars|hcl|netrc|npmrc|pypirc|pgpass|my\.cnf|envrc|desktop|prefs|plist|settings|log|storage|nix)|\.env\.[\w.-]+)$|(?:^|[/!])(?:\.env[\w.-]*|Dockerfile[^/]*|Containerfile|Makefile|docker-compose[^/]*|\.?netrc|_netrc|credentials|config|\.git-credentials|\.pgpass|\.my\.cnf|\.bashrc|\.profile|\.zshrc|\.bash_history|\.zsh_history|secrets|Procfile|\.htpasswd|wp-config\.php|\(stdin\))$/i;

let last: { readonly path: string; readonly context: Context } | null = null;

/** Asked many times for the same path. */
export const contextOf = (path: string): Context => {
  if (last?.path === path) return last.context;
  const context = {
    practice: PRACTICE.test(path),
    lock: LOCK.test(path),
    made: MADE.test(path),
    configuration: CONFIGURATION.test(path),
  };
  last = { path, context };
  return context;
};

/** Tests, examples and documents. */
export const isPractice = (path: string): boolean => PRACTICE.test(path);

/** The name a value stands under says that it is a digest. */
const HASH_BEFORE =
  /(?:sha-?(?:1|224|256|384|512)|md5|integrity|checksum|digest|hash|commit|revision|\brev\b|etag|fingerprint|thumbprint|nonce)[\w.-]{0,16}["'`\])]{0,2}\s{0,4}(?:[:=@ ,(>-]|=>|:=){1,2}\s{0,4}(?:W\/)?["'`]?$/i;

/** Whether the bytes before a value call it a hash. */
export const isCalledHash = (text: string, start: number): boolean =>
  HASH_BEFORE.test(text.slice(Math.max(0, start - 56), start));
