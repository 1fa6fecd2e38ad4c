import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { COMMANDS } from '../../src/cli/commands.ts';
import type { Plant } from './canary.ts';
import type { CallOptions } from './program.ts';

/** One call of the program, and which planted secrets its output is for. */
export type Call = {
  readonly args: readonly string[];
  readonly options?: CallOptions;
  readonly shows?: readonly string[];
  /** 0 unless it says otherwise. */
  readonly exit?: number;
};

export type CallPlants = {
  readonly value: Plant;
  readonly argv: Plant;
  readonly input: Plant;
  readonly passphrase: Plant;
};

export const NAMES: readonly string[] = COMMANDS.map(({ name }) => name);

/**
 * The everyday use of every command that needs a running server, in an order that works; `root` is a folder for files
 * that hold values on purpose.
 */
export const goodCalls = (root: string, { value, passphrase }: CallPlants): readonly Call[] => {
  const folder = join(root, 'cottage');
  mkdirSync(join(folder, 'homeassistant'), { recursive: true });
  writeFileSync(
    join(folder, 'homeassistant/configuration.yaml'),
    `mqtt:\n  broker: 10.0.0.2\n  password: !secret mqtt_password\nhttp_api_token: ${JSON.stringify(value.hostile())}\n`,
  );
  writeFileSync(join(folder, 'homeassistant/secrets.yaml'), `mqtt_password: ${JSON.stringify(value.hostile())}\n`);
  writeFileSync(join(folder, '.env'), `OPENAI_API_KEY=sk-${value.plain()}\n`);
  const more = join(root, 'more.env');
  writeFileSync(more, `EXTRA_PASSWORD='${value.plain()}'\n`);
  const phrase = join(root, 'passphrase');
  writeFileSync(phrase, `${passphrase.plain()}-${passphrase.plain()}\n`, { mode: 0o600 });
  const at = ['-p', 'cottage', '-e', 'home'];
  const set = (name: string): Call => ({
    args: ['set', name, ...at, '--stdin', '--json'],
    options: { input: value.hostile() },
  });
  const reason = ['--reason', 'a walk through the house'];
  return [
    { args: ['adopt', folder, '--dry-run'] },
    { args: ['adopt', folder] },
    { args: ['check', folder] },
    { args: ['check', folder, '--declare', '--json'] },
    { args: ['adopt', folder, '--rewrite', '--in-place', '--json'] },
    set('door/code'),
    set('door/code'),
    { args: ['list', ...at, '--json'] },
    { args: ['get', 'door/code', ...at], shows: ['value'] },
    {
      args: [
        'run',
        ...at,
        '--',
        'sh',
        '-c',
        'env; : own-child-of-run; i=0; while [ $i -lt 200000 ]; do i=$((i+1)); done',
      ],
      shows: ['value'],
    },
    { args: ['scan', folder], exit: 1 },
    { args: ['scan', folder, '--match', '--json'], exit: 1 },
    { args: ['scan', folder, '--adopt', ...at], exit: 1 },
    { args: ['scan', folder, '--format', 'html', '--output', join(root, 'scan.html')], exit: 1 },
    { args: ['redact'], options: { input: `mqtt://porch:${value.plain()}@broker/` } },
    { args: ['share-copy', folder, '--output', join(root, 'to-show')] },
    { args: ['render', folder] },
    { args: ['render', folder, '--check'] },
    { args: ['render', folder, '--show-plans'] },
    { args: ['next', '--all'] },
    { args: ['show', 'door/code', ...at] },
    { args: ['generate', 'door/new', ...at, '--kind', 'mqtt-password'] },
    { args: ['history', 'door/code', ...at] },
    { args: ['rollback', 'door/code', ...at] },
    { args: ['suspend', 'door/code', ...at, ...reason] },
    { args: ['resume', 'door/code', ...at, ...reason] },
    set('door/old'),
    { args: ['compromise', 'door/old', ...at, ...reason] },
    { args: ['destroy', 'door/old', ...at, ...reason, '--yes'] },
    set('door/spare'),
    { args: ['transfer', 'door/new', 'door/newer', ...at] },
    { args: ['findings', '--look', ...at] },
    { args: ['project', 'create', 'barn'] },
    { args: ['project', 'environment', 'barn', 'prod', '--production'] },
    { args: ['project', 'list', '--json'] },
    { args: ['identity', 'create', 'carol'] },
    { args: ['identity', 'list'] },
    { args: ['grant', 'give', 'carol', 'developer', 'barn', ...reason, '--life', '1d'] },
    { args: ['grant', 'list', '--json'] },
    { args: ['identity', 'suspend', 'carol'] },
    { args: ['identity', 'resume', 'carol'] },
    { args: ['token', 'create', '--life', '1h', '--out', join(root, 'token')] },
    { args: ['token', 'list', '--identity', 'me'] },
    { args: ['token', 'show'], exit: 2 },
    { args: ['explain', 'carol', 'credential.write', 'barn/home/x'] },
    { args: ['import', more, ...at] },
    { args: ['export', ...at, '--passphrase-file', phrase, '--out', join(root, 'export.age')] },
    { args: ['export', ...at, '--plaintext'], shows: ['value'] },
    { args: ['retire', 'door/spare', ...at, ...reason] },
    { args: ['audit', 'tail', '--count', '200', '--json'], shows: ['path'] },
    { args: ['audit', 'tail'], shows: ['path'] },
    { args: ['audit', 'verify'] },
    { args: ['audit', 'prove', '1', '--out', join(root, 'proof')] },
    { args: ['status', '--json'] },
    { args: ['doctor', '--json'] },
    // There is none yet; what holds secrets is made further on.
    { args: ['kit', 'confirm'], exit: 3 },
    { args: ['kit', 'show'] },
    { args: ['help'] },
    { args: ['version'] },
    // What was retired above is not handed out, and leaving says so.
    { args: ['leave', folder, '--overwrite'], exit: 1 },
  ];
};

/** Every command used as it should not be: what is in its arguments or input is not repeated. */
export const badCalls = ({ argv, input }: CallPlants): readonly Call[] =>
  NAMES.flatMap((name) => {
    const options = { input: input.hostile() };
    const words = name.split(' ');
    return [
      { args: [...words, `--password=${argv.plain()}`], options },
      { args: [...words, `--no-such-option-${argv.plain()}`, '--json'], options },
    ];
  });
