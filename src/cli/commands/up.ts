import { choice, command, flag, text } from '../command.ts';
import { showStarted } from '../show-started.ts';
import type { Flags } from '../operations.ts';

/** The settings of the server as options; a test keeps them the same as #server's. */
export const SERVER_OPTIONS = {
  listen: text('HOST:PORT', 'Address to serve on; 127.0.0.1:8200 unless told otherwise.'),
  socket: text('FILE', 'Unix socket for this machine’s own users; else inside the data folder.'),
  'database-url': text(
    'URL',
    'PostgreSQL instead of the embedded database. A password in it belongs into the settings file.',
  ),
  'key-file': text('FILE', 'The key that unlocks at start; never inside the data folder.'),
  seal: choice(['key-file', 'passphrase', 'systemd-credential'], 'What guards the root key.', 'GUARD'),
  'anchor-file': text('FILE', 'Remembers the newest checkpoint outside the data folder, against rollback.'),
  'tls-cert': text('FILE', 'Certificate chain in PEM.'),
  'tls-key': text('FILE', 'Its private key in PEM.'),
  'allow-plain-http': flag('Serve without TLS on an address that others reach.'),
  hosts: text('NAMES', 'Names that requests may ask for, besides loopback; separated by commas.'),
  'trusted-proxies': text('RANGES', 'Proxies whose X-Forwarded-For is believed; addresses or CIDR ranges.'),
  'body-limit': text('BYTES', 'Largest request.'),
  'request-timeout': text('TIME', 'Longest time for a request to arrive whole.'),
  'max-connections': text('N', 'Open connections at most.'),
  'log-level': choice(['silent', 'error', 'warn', 'info', 'debug'], 'How much to log.', 'LEVEL'),
  'backup-folder': text('FOLDER', 'Where automatic backups go; else beside the data folder.'),
  'operator-token-file': text('FILE', 'Writes a token for automation there, mode 0600.'),
  posture: choice(
    ['home', 'team', 'maker'],
    'Rules at the first start: one owner, a team, a maker of devices.',
    'POSTURE',
  ),
} as const;

type Given = Readonly<Record<string, string | boolean | undefined>>;

/** Settings that were given, as the server reads them. */
export const flagsOf = (given: Given, data: string | undefined): Flags => ({
  ...Object.fromEntries(
    Object.entries(given).filter((pair): pair is [string, string | true] => pair[1] !== undefined && pair[1] !== false),
  ),
  ...(data === undefined ? {} : { data }),
});

export const up = command({
  teaches: `Starts the server and stays until it is told to stop (Ctrl-C, SIGTERM). The first time it sets everything up: the
data folder, a key file that unlocks it from then on, the record, and you as its owner. On this machine you are signed in by
being the user who started it; elsewhere by the one-time code it prints.

Every option can stand in the settings file as well, or in the environment: --listen is CHATELAINE_LISTEN. Options win over
the environment, the environment over the file.`,
  examples: [
    { run: 'chatelaine up', does: 'on this machine only, http://localhost:8200' },
    { run: 'chatelaine up --seal passphrase', does: 'asks for a passphrase instead of keeping a key file' },
    { run: 'chatelaine up --listen 0.0.0.0:8200 --tls-cert cert.pem --tls-key key.pem', does: 'for the whole house' },
    { run: 'chatelaine up --operator-token-file /run/chatelaine/token', does: 'with a token for automation' },
  ],
  next: 'In another terminal: chatelaine adopt FOLDER takes in your home; chatelaine kit create makes the recovery kit.',
  arguments: {},
  options: SERVER_OPTIONS,
  async run(context, { options }) {
    const { terminal } = context;
    const operations = await context.operations();
    const attendant = {
      askSecret: async (question: string) => (terminal.canAsk ? terminal.askSecret(question, '') : undefined),
    };
    const started = await operations.up(flagsOf(options, context.where.data), context.environment, attendant);
    if (context.json)
      terminal.print(
        JSON.stringify({
          url: started.url,
          socket: started.socket,
          folder: started.folder,
          firstStart: started.isFirstStart,
          locked: started.isLocked,
          whyLocked: started.whyLocked,
        }),
      );
    else showStarted(started, terminal);
    return started.ended;
  },
});
