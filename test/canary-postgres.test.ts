import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { postgresServer } from './engines.ts';
import { whyNoPostgres } from './postgres-server.ts';
import { canaryOf, openWatch, plant } from './program/canary.ts';
import { call, keyOf, makePlace, startServer } from './program/program.ts';

const missing = whyNoPostgres();
if (missing !== undefined && process.env['CHATELAINE_REQUIRE'] === '1') throw new Error(missing);

test(
  'on PostgreSQL: no value in its files or its log, and its password nowhere but in the settings',
  { skip: missing ?? false },
  async (t) => {
    const { url, folder, port } = await postgresServer();
    const place = await makePlace(t);
    const settings = join(place.root, 'keys', 'settings.yaml');
    const withSettings = { ...place, env: { ...place.env, CHATELAINE_CONFIG: settings } };
    const watch = openWatch();
    const value = plant('value');
    const wrong = plant('wrong password');
    const password = decodeURIComponent(new URL(url).password);
    watch.add(value.canary, wrong.canary, canaryOf('password', password), canaryOf('password', new URL(url).password));

    const say = (database: string) =>
      writeFileSync(settings, `database-url: ${JSON.stringify(database)}\n`, { mode: 0o600 });
    for (const bad of [
      `postgresql://chatelaine:${wrong.plain()}@127.0.0.1:${port}/postgres`,
      `postgresql://chatelaine:${wrong.plain()}@127.0.0.1:1/postgres`,
      `postgresql://chatelaine:${wrong.plain()}@127.0.0.1:${port}/none`,
      `postgresql://chatelaine:${wrong.plain()}@nowhere.invalid/postgres`,
      `postgresql://chatelaine:${wrong.plain()}%zz@127.0.0.1:${port}/postgres`,
      `postgresql://${wrong.plain()}@@@:::/`,
    ]) {
      say(bad);
      const { exit, out, err } = await call(withSettings, ['up']);
      assert.ok([2, 5].includes(exit), `${exit} ${err}`);
      watch.look(`the refusal of ${bad.slice(0, 20)}`, out + err);
    }

    say(url);
    const server = await startServer(t, withSettings);
    watch.add(canaryOf('key', Buffer.from(keyOf(place), 'hex')), canaryOf('key file', keyOf(place)));
    const run = async (args: readonly string[], input = '', shows: readonly string[] = []) => {
      const { exit, out, err } = await call(withSettings, args, { input });
      watch.look(args.join(' '), out, shows);
      watch.look(args.join(' '), err);
      assert.equal(exit, 0, err);
      return out;
    };
    await run(['project', 'create', 'lab']);
    const kept = value.hostile();
    await run(['set', 'lab/home/a', '--stdin'], kept);
    await run(['set', 'lab/home/a', '--stdin'], value.plain());
    await run(['generate', 'lab/home/b']);
    assert.equal(await run(['get', 'lab/home/a', '--version', '1'], '', ['value']), kept);
    await run(['destroy', 'lab/home/b', '--reason', 'the test', '--yes']);
    await run(['status', '--json']);
    watch.look('the numbers', await (await fetch(`http://127.0.0.1:${place.port}/metrics`)).text());
    watch.look('the environment of the server', readFileSync(`/proc/${server.pid}/environ`));
    watch.look('the arguments of the server', readFileSync(`/proc/${server.pid}/cmdline`));
    assert.equal(await server.stop(), 0);
    watch.look('what the server said', server.output());

    const ours = watch.lookThrough(place.root, (path) => (path.startsWith('keys') ? 'anything' : []));
    // The cluster's own first password lies where initdb read it; that file is the test's.
    const theirs = watch.lookThrough(folder, (path) => (path === 'password' ? 'anything' : []));
    assert.ok(ours > 0 && theirs > 100, `${ours} and ${theirs} files`);
    assert.deepEqual(watch.leaks, []);
  },
);
