import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import { type LiveHouse, openLiveHouse } from './house.ts';

let house: LiveHouse;
before(async () => {
  house = await openLiveHouse();
});
after(() => house.close());

type Judged = {
  readonly file: string;
  readonly name: string;
  readonly result: string;
  readonly remedies: readonly { readonly run: string | null }[];
};
type Json = { readonly legitimate: boolean; readonly complete: boolean; readonly uses: readonly Judged[] };

const check = async (folder: string, ...args: readonly string[]) => {
  const { exit, out, err } = await house.run(['check', folder, '--json', ...args]);
  assert.ok(out !== '', err);
  return { exit, ...(JSON.parse(out) as Json) };
};
const resultOf = ({ uses }: Json, file: string, name: string) =>
  uses.find((use) => use.file === file && use.name === name)?.result;

const git = (folder: string, ...args: readonly string[]) => {
  const { status, stderr } = spawnSync('git', ['-c', 'user.name=t', '-c', 'user.email=t@example.org', ...args], {
    cwd: folder,
    encoding: 'utf8',
  });
  assert.equal(status, 0, stderr);
};

/** A home with one secret, its own code beside it, and ordinary settings. */
const makeHome = (name: string): string => {
  const folder = join(house.root, name);
  mkdirSync(join(folder, 'cloud'), { recursive: true });
  writeFileSync(
    join(folder, 'configuration.yaml'),
    'homeassistant:\n  name: !secret home_name\nmqtt:\n  password: !secret mqtt_password\n',
  );
  writeFileSync(join(folder, 'secrets.yaml'), 'mqtt_password: Fine-And-Long-12\nhome_name: Attic\n');
  writeFileSync(
    join(folder, 'cloud/index.ts'),
    'const port = process.env.PORT ?? 80; // process.env.OLD_TOKEN\nif (process.env["NODE_ENV"]) go(process.env.HOME);\n',
  );
  return folder;
};

suite('check', () => {
  test('says that a home is legitimate when all it uses is registered, and leaves ordinary settings alone', async () => {
    const folder = makeHome('attic');
    assert.equal((await house.run(['adopt', folder])).exit, 0);
    const { exit, legitimate, complete, uses } = await check(folder);
    assert.deepEqual(
      uses.map(({ file, name, result }) => [file, name, result]),
      [['configuration.yaml', 'mqtt_password', 'legitimate']],
    );
    assert.deepEqual([exit, legitimate, complete], [0, true, true]);
  });

  test('refuses names that nobody registered, in configuration and in code, and says what to run', async () => {
    const folder = join(house.root, 'attic');
    writeFileSync(
      join(folder, 'cloud/index.ts'),
      'send(process.env.STRIPE_SECRET_KEY);\nconst { GITHUB_PAT_TOKEN: t } = process.env;\n',
    );
    writeFileSync(join(folder, 'cloud/main.go'), 'token := os.Getenv("DEPLOY_TOKEN")\n');
    writeFileSync(join(folder, 'cloud/send.sh'), 'OWN_TOKEN=$(fetch)\ncurl "$OWN_TOKEN" "${PUSH_TOKEN}"\n');
    const answer = await check(folder);
    assert.equal(answer.exit, 1);
    assert.deepEqual(
      answer.uses.filter(({ result }) => result === 'not registered').map(({ file, name }) => [file, name]),
      [
        ['cloud/index.ts', 'STRIPE_SECRET_KEY'],
        ['cloud/index.ts', 'GITHUB_PAT_TOKEN'],
        ['cloud/main.go', 'DEPLOY_TOKEN'],
        ['cloud/send.sh', 'PUSH_TOKEN'],
      ],
    );
    const page = await house.run(['check', folder]);
    assert.equal(page.exit, 1);
    assert.match(page.out, /chatelaine set attic\/home\/stripe-secret-key/);
  });

  test('refuses a file that uses a registered credential undeclared, until it is declared; adopting keeps that', async () => {
    const folder = makeHome('loft');
    mkdirSync(join(folder, '.github/workflows'), { recursive: true });
    const workflow = '.github/workflows/deploy.yml';
    writeFileSync(
      join(folder, workflow),
      'jobs:\n  a:\n    env:\n      PW: ${{ secrets.MQTT_PASSWORD }}\n      T: ${{ secrets.GITHUB_TOKEN }}\n',
    );
    await house.run(['adopt', folder]);
    const before = await check(folder);
    assert.equal(resultOf(before, workflow, 'MQTT_PASSWORD'), 'not declared');
    assert.equal(before.exit, 1);
    assert.equal((await check(folder, '--declare')).exit, 0);
    assert.equal((await check(folder)).exit, 0);
    writeFileSync(join(folder, 'secrets.yaml'), 'mqtt_password: Another-And-Long-34\nhome_name: Attic\n');
    assert.match((await house.run(['adopt', folder])).out, /1 changed/);
    assert.equal((await check(folder)).exit, 0);
    assert.equal(resultOf(await check(join(folder, '.github')), workflow, 'MQTT_PASSWORD'), 'legitimate');
  });

  test('refuses what is suspended, compromised or retired', async () => {
    const folder = join(house.root, 'loft');
    const path = 'loft/home/mqtt-password';
    const reason = ['--reason', 'a test'];
    for (const [verb, back] of [
      ['suspend', 'resume'],
      ['retire', null],
      ['compromise', null],
    ] as const) {
      const done = await house.run([verb, path, ...reason]);
      assert.equal(done.exit, 0, done.err);
      const answer = await check(folder);
      assert.equal(answer.exit, 1, verb);
      assert.equal(resultOf(answer, 'configuration.yaml', 'mqtt_password'), 'not in force', verb);
      if (back !== null) assert.equal((await house.run([back, path, ...reason])).exit, 0);
    }
  });

  test('asks another environment when told, where the same name means nothing', async () => {
    const folder = join(house.root, 'attic');
    await house.run(['project', 'environment', 'attic', 'prod']);
    const answer = await check(folder, '-p', 'attic', '-e', 'prod');
    assert.equal(resultOf(answer, 'configuration.yaml', 'mqtt_password'), 'not registered');
  });

  test('--diff looks only at what a branch asks for anew, untracked files included', async () => {
    const folder = makeHome('shed');
    writeFileSync(join(folder, 'old.js'), 'a(process.env.OLD_API_KEY);\n');
    writeFileSync(join(folder, 'latin.js'), Uint8Array.of(0x2f, 0x2f, 0xe9, 0x0a));
    git(folder, 'init', '-q', '-b', 'main');
    git(folder, 'add', '-A');
    git(folder, 'commit', '-qm', 'one');
    await house.run(['adopt', folder]);
    git(folder, 'checkout', '-qb', 'work');
    assert.equal((await check(folder)).exit, 1);
    const nothing = await check(folder, '--diff', 'main');
    assert.deepEqual([nothing.exit, nothing.uses], [0, []]);
    writeFileSync(join(folder, 'old.js'), 'b();\na(process.env.OLD_API_KEY, process.env.NEW_API_KEY);\n');
    writeFileSync(join(folder, 'latin.js'), 'c(process.env["LATIN_TOKEN"]);\n');
    git(folder, 'commit', '-qam', 'two');
    writeFileSync(join(folder, 'new.py'), 'import os\nTOKEN = os.environ["FRESH_TOKEN"]\n');
    const answer = await check(folder, '--diff', 'main');
    assert.equal(answer.exit, 1);
    assert.deepEqual(answer.uses.map(({ name }) => name).toSorted(), ['FRESH_TOKEN', 'LATIN_TOKEN', 'NEW_API_KEY']);
  });

  test('--diff refuses a base that is no commit, also one that looks like an option', async () => {
    const folder = join(house.root, 'shed');
    for (const base of ['nowhere', '--output=/tmp/x', 'main:old.js']) {
      const { exit, err } = await house.run(['check', folder, `--diff=${base}`]);
      assert.equal(exit, 2, base);
      assert.match(err, /no commit called/);
    }
    assert.equal((await house.run(['check', join(house.root, 'attic'), '--diff', 'main'])).exit, 2);
  });

  test('says what it could not read, and does not call that clean', async () => {
    const folder = makeHome('cellar');
    await house.run(['adopt', folder]);
    writeFileSync(join(folder, 'broken.yaml'), 'a: [1, 2\n  b: {c\n');
    const { exit, legitimate, complete } = await check(folder);
    assert.deepEqual([exit, legitimate, complete], [3, true, false]);
  });

  test('works offline against the files of the folder; without a server it ends with 5', async () => {
    const nowhere = { env: { CHATELAINE_DATA: join(house.root, 'nowhere') } };
    const folder = makeHome('barn');
    const none = await house.run(['check', folder], nowhere);
    assert.equal(none.exit, 5);
    assert.match(none.err, /--offline/);
    assert.equal((await house.run(['check', folder, '--offline'], nowhere)).exit, 0);
    writeFileSync(join(folder, 'more.yaml'), 'api:\n  token: !secret missing_token\n');
    const missing = await house.run(['check', folder, '--offline'], nowhere);
    assert.equal(missing.exit, 1);
    assert.match(missing.out, /missing_token/);
  });

  test('prints no value', async () => {
    for (const args of [[], ['--json'], ['--offline']]) {
      const { out, err } = await house.run(['check', join(house.root, 'attic'), ...args]);
      assert.ok(!`${out}${err}`.includes('Fine-And-Long'), args.join(' '));
    }
  });
});
