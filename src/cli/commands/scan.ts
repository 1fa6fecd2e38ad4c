import { exitCodeOf } from '#scanner';
import { choice, command, flag, rest, text, texts, wholeNumber } from '../command.ts';
import { cliError } from '../errors.ts';
import { DONE } from '../exit.ts';
import { FORMATS, type Format } from '../scan/write-report.ts';

export const scan = command({
  teaches: `Finds credentials that lie in clear text: passwords, tokens and keys of smart homes, clouds and tools. It says which
credential each one is, where it lies, what it opens and how to be rid of it. It needs no server, no configuration and no
network, and sends nothing anywhere unless it is told to.

With nothing but paths it looks through files, archives among them. --git looks through the whole history of a repository
(or the range that is named), --staged through what the next commit would add.

With --match, a store says which of the values it keeps: "this is porch/prod/mqtt, version 3, live, used by 4 consumers,
owned by ada". Values are named by keyed hashes here; neither a value nor anything it could be guessed from is sent. What is
live becomes a finding in the store, open until it is replaced, excused for a time, or no scan finds it there any more.
--adopt takes in what nobody keeps.

Values are never shown whole; --reveal shows them to a person on a terminal. The exit code is 0 when nothing was found, 1 when
something was, 2 for a wrong command line, 3 when nothing was found and not everything could be read.`,
  examples: [
    { run: 'chatelaine scan', does: 'this folder' },
    { run: 'chatelaine scan --git', does: 'every version of every file that this repository ever had' },
    { run: 'chatelaine scan --git main..HEAD', does: 'what this branch adds' },
    { run: 'chatelaine scan --archive backup.tar', does: 'a backup of Home Assistant, without unpacking it' },
    {
      run: 'chatelaine scan --accept "test broker, on loopback" --until 2027-06-30 --owner ada',
      does: 'into the baseline',
    },
    { run: 'chatelaine scan --match', does: 'is any of it a live credential of ours?' },
    { run: 'chatelaine scan --integration custom_components/mine', does: 'before it is submitted to a catalogue' },
    { run: 'chatelaine scan --install-hook', does: 'look before every commit and push' },
    { run: 'chatelaine scan --format sarif --output scan.sarif', does: 'for a code host' },
  ],
  next: 'chatelaine adopt . takes what was found into the store; adopt --rewrite leaves references in its place.',
  arguments: {
    places: rest('PATH', 'folders and files; with --git a repository, a range of commits, or both. Default: .'),
  },
  options: {
    git: flag('the history of the repository: every blob, message, tag and note'),
    staged: flag('what is staged for the next commit'),
    pushed: text('REMOTE', 'what git is about to push there, as it tells its pre-push hook on standard input'),
    stdin: flag('standard input'),
    archive: text('FILE', 'a tar, gz, zst or zip file, and what is packed in it'),
    image: text('FILE', 'firmware, or any binary'),
    url: text('URL', 'a page or endpoint, fetched without credentials: is it open, does it show keys?'),
    github: text('OWNER/REPO', 'the history of a repository on GitHub, cloned by git and removed afterwards'),
    integration: flag('also what reviewers of custom integrations look for in PATH'),
    'key-file': text('FILE', 'the key of an encrypted backup'),
    format: choice(FORMATS, 'how the report is written; --json is --format json'),
    output: text(
      'FILE',
      'write the report there (mode 0600; .sarif, .json, .html and .xml say the format), and the page for people here',
      'o',
    ),
    baseline: text(
      'FILE',
      'values that somebody decided to leave, for a reason, until a day. Default: .chatelaine-baseline, where there is one',
    ),
    accept: text('REASON', 'write what this scan found into the baseline; needs --until and --owner'),
    until: text('DAY', 'last day on which it is accepted, as YYYY-MM-DD; two years at most'),
    owner: text('NAME', 'who answers for it'),
    'fingerprint-key-file': text(
      'FILE',
      'the key under which the baseline names values. Default: CHATELAINE_SCAN_KEY, else your own',
    ),
    exclude: texts('PATTERN', 'leave out what matches, for example "docs/**"; named in the report'),
    match: flag('ask the store which of the values it keeps: what each is, who uses it; enters them as findings there'),
    adopt: flag('take what nobody keeps into the store, as adopt does; with --match'),
    project: text('NAME', 'with --match: ask in this project only; with --adopt: take it in there', 'p'),
    environment: text('NAME', 'the same for an environment', 'e'),
    rules: text('FILE', 'rules of your own, as JSON or YAML, beside the built-in ones'),
    workers: wholeNumber('N', 'threads for large inputs. Default: one per processor, four at most', 0, 64),
    reveal: flag('show values whole, to a person on a terminal only'),
    'install-hook': flag('scan before every commit and push of this repository, and check what a commit asks for'),
    'require-server': flag('with --install-hook: no commit while no server can say what is registered'),
  },
  async run(context, { options, args }) {
    const asked = WAYS.filter((way) => options[way] !== undefined && options[way] !== false);
    if (asked.length > 1) throw wrongUse(`--${asked[0]} and --${asked[1]} are two different scans.`);
    if (asked.length === 1 && asked[0] !== 'git' && args.places.length > 0)
      throw wrongUse(`--${asked[0]} takes no PATH beside it.`);
    const format: Format = context.json ? 'json' : (options.format ?? formatOf(options.output));
    if (context.json && options.format !== undefined && options.format !== 'json')
      throw wrongUse('--json and another --format contradict each other.');
    if (format === 'text' && options.output !== undefined)
      throw wrongUse('--output needs to know what to write: --format sarif, junit, html or json.');
    if (options.reveal && (!context.terminal.isTerminal || format !== 'text' || options.output !== undefined))
      throw wrongUse('--reveal is for a person on a terminal, and for no file and no pipe.');
    if (options['require-server'] && !options['install-hook'])
      throw wrongUse('--require-server says how --install-hook sets up its hooks.');
    if (!options.match && !options.adopt && (options.project ?? options.environment) !== undefined)
      throw wrongUse('--project and --environment say where --match asks and --adopt takes in.');
    if (options['install-hook']) {
      const { setUpHooks } = await import('../scan/set-up-hooks.ts');
      return setUpHooks(context, options['require-server']);
    }
    const { runScan } = await import('../scan/run-scan.ts');
    const report = await runScan(context, { ...options, places: args.places, format });
    return report === null ? DONE : exitCodeOf(report);
  },
});

/** Each is a scan of its own. */
const WAYS = ['git', 'staged', 'pushed', 'stdin', 'archive', 'image', 'url', 'github', 'install-hook'] as const;

/** What a report's name asks for, where nothing else does. */
const formatOf = (output: string | undefined): Format =>
  ENDINGS.find(([ending]) => output?.toLowerCase().endsWith(ending) === true)?.[1] ?? 'text';

const ENDINGS: readonly (readonly [ending: string, format: Format])[] = [
  ['.sarif', 'sarif'],
  ['.sarif.json', 'sarif'],
  ['.json', 'json'],
  ['.html', 'html'],
  ['.xml', 'junit'],
];

const wrongUse = (says: string) => cliError('wrong_use', says, { command: 'scan' });
