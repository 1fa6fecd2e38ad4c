/**
 * Variables that a shell, a platform or a build gives by itself: environ(7), POSIX.1 chapter 8, GitHub, GitLab, Azure and
 * Bitbucket pipelines, Home Assistant's Supervisor. Nobody keeps their values, also where the name says token.
 */
const GIVEN =
  /^(?:PATH|HOME|CI|NODE_ENV|PWD|OLDPWD|USER|LOGNAME|SHELL|TERM|LANG|LC_\w+|TZ|TMPDIR|TEMP|TMP|EDITOR|VISUAL|PAGER|DISPLAY|HOSTNAME|SSH_(?:AUTH_SOCK|AGENT_PID|CONNECTION|CLIENT|TTY)|GPG_(?:KEY|TTY|AGENT_INFO)|KRB5CCNAME|XAUTHORITY|XDG_\w+|CREDENTIALS_DIRECTORY|INVOCATION_ID|SSLKEYLOGFILE|npm_\w+|NPM_CONFIG_\w+|GITHUB_\w+|RUNNER_\w+|ACTIONS_\w+|CI_\w+|BITBUCKET_\w+|SYSTEM_\w+|SUPERVISOR_TOKEN|HASSIO_TOKEN|AWS_CONTAINER_AUTHORIZATION_TOKEN\w*|AWS_WEB_IDENTITY_TOKEN_FILE|GOOGLE_APPLICATION_CREDENTIALS|CHATELAINE_\w+|CHTL_\w+)$/;

/** The namespaces above are also people's: what GitHub does not give by itself may be a token of theirs. */
const NOT_GIVEN = /^(?:GITHUB|CI|BITBUCKET|SYSTEM)_(?:\w*_)?(?:PAT|SECRET|PASSWORD|KEY|\w+_TOKEN)(?:_\w+)?$/;
const GIVEN_AFTER_ALL = /^(?:CI_(?:JOB_TOKEN|REGISTRY_PASSWORD|DEPLOY_PASSWORD|JOB_JWT\w*)|BITBUCKET_STEP_OIDC_TOKEN)$/;

/** Settings about a credential: how long, under which name, in which file, whether at all. */
const ABOUT =
  /_(?:FILE|PATH|DIR|URL|URI|ENDPOINT|HEADER|NAME|ARN|TTL|LIFETIME|EXPIRY|EXPIRES|EXPIRES_IN|EXPIRATION|TIMEOUT|INTERVAL|AGE|LENGTH|SIZE|COUNT|LIMIT|ROUNDS|ITERATIONS|ALGORITHM|ALG|TYPE|FORMAT|PREFIX|REQUIRED|ENABLED|DISABLED|SECURE|ROTATION|POLICY)$/i;
const WHETHER = /^(?:USE|HAS|HAVE|IS|REQUIRE|REQUIRES|ENABLE|DISABLE|ALLOW|SKIP|NO|SHOW)_/i;

/** Handed to every visitor by the build tools that read them, or named public by who issues them. */
const PUBLIC = /^(?:NEXT_PUBLIC|VITE|REACT_APP|NUXT_PUBLIC|EXPO_PUBLIC|GATSBY|PUBLIC)_|_PUBLISHABLE_KEY$/;

/** Whether a name, whatever words stand in it, asks for no credential. Not asked of a name that is registered. */
export const isOrdinary = (name: string): boolean =>
  GIVEN_AFTER_ALL.test(name) ||
  (GIVEN.test(name) && (name === 'GITHUB_TOKEN' || !NOT_GIVEN.test(name))) ||
  ABOUT.test(name) ||
  WHETHER.test(name) ||
  PUBLIC.test(name);
