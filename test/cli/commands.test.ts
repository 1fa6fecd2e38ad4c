import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import { type LiveHouse, openLiveHouse } from './house.ts';

let house: LiveHouse;
before(async () => {
  house = await openLiveHouse();
  const made = await house.run(['project', 'create', 'lab']);
  assert.equal(made.exit, 0, made.err);
});
after(() => house.close());

const PLACE = ['-p', 'lab', '-e', 'home'];
const set = async (name: string, value: string) => {
  const { exit, err } = await house.run(['set', name, ...PLACE, '--stdin'], { input: value });
  assert.equal(exit, 0, err);
};

suite('the first start', () => {
  test('says what it made and who owns it, and shows no code where nobody looks', () => {
    assert.match(house.said(), /first start/);
    assert.match(house.said(), /its owner/);
    assert.doesNotMatch(house.said(), /chtl_\w+/);
    assert.match(house.said(), /token sign-in/);
    assert.match(house.said(), /recovery kit/);
  });

  test('the local user is signed in over the socket', async () => {
    const { out, exit } = await house.run(['status', '--json']);
    assert.equal(exit, 0);
    const status = JSON.parse(out) as { state: string; me: { factors: string[]; operator: boolean } };
    assert.equal(status.state, 'unlocked');
    assert.deepEqual(status.me.factors, ['os-user']);
  });
});

suite('run', () => {
  test('puts values into the environment of one command, and never into its arguments', async () => {
    await set('mqtt/password', 'Canary-In-The-Mine-1');
    const shown = await house.run([
      'run',
      ...PLACE,
      '--',
      'sh',
      '-c',
      'printf "%s|" "$MQTT_PASSWORD"; tr "\\0" " " </proc/$PPID/cmdline; tr "\\0" " " </proc/$$/cmdline',
    ]);
    assert.equal(shown.exit, 0, shown.err);
    const [value, lines = ''] = shown.out.split('|');
    assert.equal(value, 'Canary-In-The-Mine-1');
    assert.ok(!lines.includes('Canary'), lines);
  });

  test('gives the exit code of its command, 128 + n for a signal, 127 for none', async () => {
    assert.equal((await house.run(['run', ...PLACE, '--', 'sh', '-c', 'exit 42'])).exit, 42);
    assert.equal((await house.run(['run', ...PLACE, '--', 'sh', '-c', 'kill -TERM $$'])).exit, 143);
    assert.equal((await house.run(['run', ...PLACE, '--', 'no-such-program-here'])).exit, 127);
    assert.equal((await house.run(['run', ...PLACE])).exit, 2);
  });

  test('passes signals on', async () => {
    const child = spawn(
      join(import.meta.dirname, '../../chatelaine'),
      ['run', ...PLACE, '--', 'sh', '-c', 'trap "echo got; exit 9" TERM; echo ready; while :; do sleep 0.1; done'],
      {
        env: { PATH: process.env['PATH'], HOME: join(house.root, 'home'), CHATELAINE_DATA: house.data },
        stdio: ['ignore', 'pipe', 'inherit'],
      },
    );
    let out = '';
    child.stdout.on('data', (chunk: Buffer) => {
      out += chunk.toString();
      if (out === 'ready\n') child.kill('SIGTERM');
    });
    const [code] = (await once(child, 'close')) as [number];
    assert.equal(out, 'ready\ngot\n');
    assert.equal(code, 9);
  });

  test('gives only what it is asked for', async () => {
    await set('other', 'Something-Else-22');
    const { out } = await house.run([
      'run',
      ...PLACE,
      '--only',
      'mqtt',
      '--as',
      'MINE=other',
      '--',
      'sh',
      '-c',
      'echo "$MQTT_PASSWORD $OTHER $MINE"',
    ]);
    assert.equal(out, 'Canary-In-The-Mine-1  Something-Else-22\n');
  });
});

suite('set', () => {
  test('shows once what whoever writes such a credential down should know', async () => {
    const write = (...more: readonly string[]) =>
      house.run(['set', 'lab/home/broker', '--stdin', ...more], { input: 'Broker-Pass-0815-x' });
    const first = await write('--kind', 'mqtt-password');
    assert.equal(first.exit, 0, first.err);
    assert.match(first.err, /anyone on the network hears every sensor/);
    assert.match(first.err, /chatelaine generate NAME/);
    const again = await house.run(['set', 'lab/home/broker', '--stdin'], { input: 'Broker-Pass-0816-x' });
    assert.doesNotMatch(again.err, /every sensor/);
    const json = await house.run(['set', 'lab/home/key', '--stdin', '--kind', 'esphome-api-key', '--json'], {
      input: 'A-Key-For-One-Device-1',
    });
    const { guideline } = JSON.parse(json.out) as { guideline: { why: string; instead: string; command: string } };
    assert.ok(guideline.why !== '' && guideline.instead !== '' && guideline.command.includes('chatelaine'));
  });
});

suite('a template', () => {
  test('of any kind is filled with values, mode 0600, once', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'chatelaine-template-'));
    const template = join(folder, 'broker.conf.in');
    const out = join(folder, 'broker.conf');
    writeFileSync(template, 'listener {{{{1883}}\npassword {{ other }}\nagain "{{other}}"\n');
    const render = ['render', ...PLACE, '--template', template, '--out', out];
    const first = await house.run(render);
    assert.equal(first.exit, 0, first.err);
    assert.equal(
      readFileSync(out, 'utf8'),
      'listener {{1883}}\npassword Something-Else-22\nagain "Something-Else-22"\n',
    );
    assert.equal(statSync(out).mode & 0o777, 0o600);
    assert.ok(!`${first.out}${first.err}`.includes('Something-Else'));
    assert.match((await house.run(render)).err, /up to date/);
    writeFileSync(template, '{{ not_there }}');
    assert.equal((await house.run(render)).exit, 3);
    assert.equal((await house.run(['render', '--template', template])).exit, 2);
    rmSync(folder, { recursive: true });
  });
});

suite('a value', () => {
  test('is refused on the command line and not repeated', async () => {
    const { exit, out, err } = await house.run(['set', 'lab/home/x', 'Hunter2-Is-Not-Safe']);
    assert.equal(exit, 2);
    assert.ok(!`${out}${err}`.includes('Hunter2'));
    assert.match(err, /--stdin/);
  });

  test('with several fields is read field by field, numbers as they were written', async () => {
    writeFileSync(join(house.root, 'v.json'), '{"id":"AKIA","big":12345678901234567890,"nested":{"a":1.0}}');
    assert.equal((await house.run(['set', 'aws', ...PLACE, '--json-value', '--file', 'v.json'])).exit, 0);
    assert.equal((await house.run(['get', 'aws', ...PLACE, '--field', 'big'])).out, '12345678901234567890');
    assert.equal((await house.run(['get', 'aws', ...PLACE, '--field', 'nested.a'])).out, '1.0');
    assert.equal((await house.run(['get', 'aws', ...PLACE, '--field', 'none'])).exit, 2);
    assert.equal(
      (JSON.parse((await house.run(['get', 'aws', ...PLACE, '--json'])).out) as { version: number }).version,
      1,
    );
  });

  test('is checked against the version it replaces', async () => {
    const conflict = await house.run(['set', 'aws', ...PLACE, '--stdin', '--version', '7'], { input: 'x' });
    assert.equal(conflict.exit, 4, conflict.err);
  });

  test('goes through its states, and each answer says what to do', async () => {
    await set('life', 'Nine-Lives-Of-A-Cat');
    assert.equal((await house.run(['suspend', 'life', ...PLACE, '--reason', 'lost'])).exit, 0);
    const refused = await house.run(['get', 'life', ...PLACE]);
    assert.equal(refused.exit, 1);
    assert.match(refused.err, /chatelaine resume/);
    assert.equal((await house.run(['resume', 'life', ...PLACE, '--reason', 'found'])).exit, 0);
    assert.equal(
      (await house.run(['destroy', 'life', ...PLACE, '--reason', 'gone'])).exit,
      2,
      'asks where nobody can be asked',
    );
    assert.equal((await house.run(['destroy', 'life', ...PLACE, '--reason', 'gone', '--yes'])).exit, 0);
    assert.equal((await house.run(['get', 'life', ...PLACE])).exit === 0, false);
    assert.equal((await house.run(['get', 'lab/home/absent'])).exit, 3);
  });

  test('is made strong and unseen, and shown on request only', async () => {
    const quiet = await house.run(['generate', 'wifi', ...PLACE, '--kind', 'wifi-passphrase']);
    assert.equal(quiet.exit, 0, quiet.err);
    const { out } = await house.run(['get', 'wifi', ...PLACE]);
    assert.equal(out.length, 24);
    assert.ok(!`${quiet.out}${quiet.err}`.includes(out));
    const shown = await house.run(['generate', 'wifi', ...PLACE, '--reveal']);
    assert.equal(shown.out.trim(), (await house.run(['get', 'wifi', ...PLACE])).out);
  });

  test('has an owner and a purpose once somebody says so', async () => {
    assert.equal((await house.run(['set', 'wifi', ...PLACE, '--owner', 'anna', '--purpose', 'guests'])).exit, 0);
    const one = JSON.parse((await house.run(['show', 'wifi', ...PLACE, '--json'])).out) as {
      owner: string;
      purpose: string;
      version: number;
    };
    assert.deepEqual([one.owner, one.purpose, one.version], ['anna', 'guests', 2]);
  });
});

suite('in and out', () => {
  test('export is encrypted unless told, and import takes it back', async () => {
    writeFileSync(join(house.root, 'phrase'), 'correct horse battery staple\n');
    const sealed = await house.run(['export', ...PLACE, '--passphrase-file', 'phrase', '--out', 'lab.age']);
    assert.equal(sealed.exit, 0, sealed.err);
    assert.match(readFileSync(join(house.root, 'lab.age'), 'latin1'), /^age-encryption\.org\/v1/);
    assert.ok(!readFileSync(join(house.root, 'lab.age'), 'latin1').includes('Canary'));
    const clear = await house.run(['export', '-p', 'lab', '--format', 'dotenv', '--plaintext', '--out', 'lab.env']);
    assert.match(clear.err, /IN CLEAR/);
    assert.equal(statSync(join(house.root, 'lab.env')).mode & 0o777, 0o600);
    assert.match(readFileSync(join(house.root, 'lab.env'), 'utf8'), /^MQTT_PASSWORD=Canary-In-The-Mine-1$/m);
    writeFileSync(join(house.root, 'in.env'), 'NEW_TOKEN="two words"\nPORT=8080\n# c\n');
    const taken = await house.run(['import', 'in.env', '-p', 'imported']);
    assert.equal(taken.exit, 0, taken.err);
    assert.equal((await house.run(['get', 'imported/home/NEW_TOKEN'])).out, 'two words');
    assert.match((await house.run(['import', 'in.env', '-p', 'imported'])).err, /Left alone/);
  });

  test('import leaves the settings of a .env out and says which, unless told to take them', async () => {
    writeFileSync(
      join(house.root, 'mixed.env'),
      'PORT=1883\nHOST=10.0.0.2\nTZ=Europe/Berlin\nDEBUG=true\nMIX_TOKEN=Canary-Mix-4711\nURL=mqtt://u:Canary-Url-0815@broker:1883\n',
    );
    const looked = await house.run(['import', 'mixed.env', '-p', 'imported', '--dry-run', '--json']);
    const { names, plain } = JSON.parse(looked.out) as { names: string[]; plain: string[] };
    assert.deepEqual(names, ['MIX_TOKEN', 'URL']);
    assert.deepEqual(plain, ['PORT', 'HOST', 'TZ', 'DEBUG']);
    const taken = await house.run(['import', 'mixed.env', '-p', 'mixed']);
    assert.equal(taken.exit, 0, taken.err);
    assert.match(taken.err, /2 values taken in/);
    assert.match(taken.err, /Left out, because they are not secret: PORT, HOST, TZ, DEBUG\. --all takes them\./);
    assert.equal((await house.run(['get', 'mixed/home/PORT'])).exit, 3);
    const all = await house.run(['import', 'mixed.env', '-p', 'mixed', '--all']);
    assert.match(all.err, /4 values taken in/);
    assert.equal((await house.run(['get', 'mixed/home/PORT'])).out, '1883');
    assert.equal((await house.run(['import', 'in.env', '-p', 'imported', '--all'])).exit, 0);
  });

  test('a sops file without sops says so, and a broken one is not taken for .env', async () => {
    writeFileSync(join(house.root, 's.sops.yaml'), 'a: ENC[AES256_GCM,data:x]\nsops:\n  version: 3.9.0\n');
    const { exit, err } = await house.run(['import', 's.sops.yaml', '-p', 'imported'], {
      env: { PATH: '/nonexistent:/bin:/usr/bin' },
    });
    assert.equal(exit, 1);
    assert.match(err, /sops/);
  });

  test('a Vault is walked through the face that Vault’s clients use', async () => {
    const made = await house.run(['token', 'create', '--life', '1h', '--out', 'walker.token']);
    assert.equal(made.exit, 0, made.err);
    await house.run(['project', 'create', 'copy']);
    const walked = await house.run(
      [
        'import',
        '--from',
        'vault',
        '--vault-path',
        'imported/home',
        '--token-file',
        'walker.token',
        '--dry-run',
        '--json',
      ],
      { env: { VAULT_ADDR: house.url } },
    );
    assert.equal(walked.exit, 0, walked.err);
    assert.deepEqual((JSON.parse(walked.out) as { names: string[] }).names.toSorted(), [
      'imported/home/NEW_TOKEN',
      'imported/home/PORT',
    ]);
  });
});

suite('the record', () => {
  test('is shown, verified and proven', async () => {
    const tail = await house.run(['audit', 'tail', '--count', '5']);
    assert.equal(tail.exit, 0, tail.err);
    assert.equal(tail.out.trim().split('\n').length, 6);
    const verified = await house.run(['audit', 'verify', '--json']);
    assert.equal(verified.exit, 0, verified.err);
    const { entries } = JSON.parse(verified.out) as { entries: number };
    assert.ok(entries > 20);
    assert.equal((await house.run(['audit', 'prove', '3'])).exit, 0);
    const proof = await house.run(['audit', 'verify', 'entry-3.proof']);
    assert.equal(proof.exit, 0, proof.err);
    const file = join(house.root, 'entry-3.proof');
    writeFileSync(file, readFileSync(file, 'utf8').replace(/^index 3$/m, 'index 4'));
    assert.notEqual((await house.run(['audit', 'verify', 'entry-3.proof'])).exit, 0);
  });

  test('that is not the one this machine was shown is refused', async () => {
    const memory = join(house.root, 'home/.config/chatelaine/client.json');
    const known = readFileSync(memory, 'utf8');
    assert.equal(statSync(memory).mode & 0o777, 0o600);
    const remembered = JSON.parse(known) as { ledgers: Record<string, { key: string }> };
    const [name = ''] = Object.keys(remembered.ledgers);
    const other = 'chatelaine/other+b8ca9e5d+AQECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8g';
    writeFileSync(
      memory,
      JSON.stringify({ ...remembered, ledgers: { [name]: { ...remembered.ledgers[name], key: other } } }),
    );
    const { exit } = await house.run(['audit', 'tail']);
    assert.notEqual(exit, 0);
    writeFileSync(memory, known);
    assert.equal((await house.run(['audit', 'tail'])).exit, 0);
  });
});

suite('signing in elsewhere', () => {
  test('with a one-time code keeps a session in a private file, once', async () => {
    const home = join(house.root, 'elsewhere');
    const env = { HOME: home, CHATELAINE_DATA: join(home, 'none') };
    const { out: code } = await house.run(['token', 'sign-in']);
    const login = await house.run(['login', '--server', house.url, '--stdin'], { env, input: code });
    assert.equal(login.exit, 0, login.err);
    for (const name of ['token', 'client.json'])
      assert.equal(statSync(join(home, '.config/chatelaine', name)).mode & 0o777, 0o600);
    assert.equal((await house.run(['get', 'lab/home/mqtt/password'], { env })).out, 'Canary-In-The-Mine-1');
    assert.equal(
      (await house.run(['login', '--server', house.url, '--stdin'], { env, input: code })).exit,
      1,
      'a code works once',
    );
    assert.equal((await house.run(['logout'], { env })).exit, 0);
    assert.equal((await house.run(['list', 'lab/home'], { env })).exit, 5);
    assert.deepEqual(readdirSync(join(home, '.config/chatelaine')), ['client.json']);
  });

  test('never sends anything in clear over a network, or a code from the command line', async () => {
    assert.equal((await house.run(['status', '--server', 'http://home.example:8200'])).exit, 2);
    assert.equal((await house.run(['login', 'chtl_somecode'])).exit, 2);
    assert.equal((await house.run(['status', '--server', 'https://user:pw@home.example'])).exit, 2);
  });
});

suite('locked', () => {
  test('nothing is handed out until somebody unlocks', async () => {
    assert.equal((await house.run(['lock'])).exit, 0);
    assert.equal((await house.run(['get', 'lab/home/mqtt/password'])).exit, 5);
    assert.equal((await house.run(['status'])).exit, 5);
    assert.equal((await house.run(['unlock'])).exit, 0);
    assert.equal((await house.run(['get', 'lab/home/mqtt/password'])).exit, 0);
  });
});

suite('looking after it', () => {
  test('kit, backup and doctor work while it runs, and the backup would do', async () => {
    const kit = await house.run(['kit', 'create', '--out', 'kit.txt']);
    assert.equal(kit.exit, 0, kit.err);
    assert.equal(statSync(join(house.root, 'kit.txt')).mode & 0o777, 0o600);
    assert.match(readFileSync(join(house.root, 'kit.txt'), 'utf8'), /RECOVERY KIT[\s\S]*AGE-SECRET-KEY/);
    assert.equal((await house.run(['kit', 'confirm'])).exit, 0);
    const backup = await house.run(['backup', 'home.age', '--json']);
    assert.equal(backup.exit, 0, backup.err);
    assert.equal(statSync(join(house.root, 'home.age')).mode & 0o777, 0o600);
    const checked = await house.run(['restore', '--check', 'home.age', '--kit-file', 'kit.txt', '--json']);
    assert.equal(checked.exit, 0, checked.err + checked.out);
    const looked = await house.run(['doctor', '--json']);
    assert.equal(looked.exit, 0, looked.out + looked.err);
    const checks = JSON.parse(looked.out) as { state: string }[];
    assert.ok(checks.length > 5 && checks.every(({ state }) => state !== 'bad'));
  });
});

suite('without a server', () => {
  test('what is said names the next step, and a stop is in order', async () => {
    assert.equal(await house.stop('SIGINT'), 0);
    const { exit, err } = await house.run(['list', 'lab/home']);
    assert.equal(exit, 5);
    assert.match(err, /chatelaine up/);
    const asJson = await house.run(['list', 'lab/home', '--json']);
    assert.equal((JSON.parse(asJson.err) as { error: { code: string } }).error.code, 'cli.no_server');
    const checked = await house.run(['doctor']);
    assert.equal(checked.exit, 0, checked.out + checked.err);
    await house.start();
    assert.equal((await house.run(['get', 'lab/home/mqtt/password'])).out, 'Canary-In-The-Mine-1');
  });
});
