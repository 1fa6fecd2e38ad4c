import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import type { Deed } from '#deeds';
import { type PlaceFacts, STATES, type State, placeFacts } from '#inventory';
import { CredentialPath } from '#kernel';
import { changeCredential } from '../../src/inventory/codes.ts';
import { type TestHouse, openTestHouse } from '../house.ts';
import { ask, jsonOf } from './converse.ts';

const FILE = join(import.meta.dirname, '../../docs/states.md');
const PATCH = { 'Content-Type': 'application/merge-patch+json' };

type Verb = {
  readonly title: string;
  readonly method: string;
  readonly part: string;
  readonly body?: string;
  readonly headers?: Record<string, string>;
};

/** What a KV client may ask of one credential. */
const VERBS: readonly Verb[] = [
  { title: 'read', method: 'GET', part: 'data' },
  { title: 'read version 1', method: 'GET', part: 'data' },
  { title: 'subkeys', method: 'GET', part: 'subkeys' },
  { title: 'write', method: 'POST', part: 'data', body: '{"data":{"password":"VALUE"}}' },
  { title: 'patch', method: 'PATCH', part: 'data', body: '{"data":{"user":"u"}}', headers: PATCH },
  { title: 'delete', method: 'DELETE', part: 'data' },
  { title: 'delete versions', method: 'POST', part: 'delete', body: '{"versions":[1]}' },
  { title: 'undelete versions', method: 'POST', part: 'undelete', body: '{"versions":[1]}' },
  { title: 'destroy versions', method: 'PUT', part: 'destroy', body: '{"versions":[1]}' },
  { title: 'read metadata', method: 'GET', part: 'metadata' },
  { title: 'write metadata', method: 'POST', part: 'metadata', body: '{"max_versions":4}' },
  { title: 'patch metadata', method: 'PATCH', part: 'metadata', body: '{"custom_metadata":{"a":"b"}}', headers: PATCH },
  { title: 'list', method: 'LIST', part: 'metadata' },
  { title: 'delete metadata', method: 'DELETE', part: 'metadata' },
];

/** Puts a credential into a state whatever the way there would be. */
const putState: Deed<{ readonly path: CredentialPath; readonly state: State }, unknown, PlaceFacts> = {
  name: 'put-state',
  action: 'credential.mark',
  effect: 'change',
  facts: (tx, { path }) => placeFacts(tx, path),
  apply: (tx, { state }, { credential }) => changeCredential(tx, { ...credential!, state }),
};

/**
 * The table of what each state answers to each verb. The server says it, the document shows it, and a person agreed to
 * it: `CHATELAINE_WRITE=1 node --test test/vault/states.test.ts` writes the document anew.
 */
describe('state × verb', () => {
  let house: TestHouse;
  before(async () => {
    house = await openTestHouse();
    house.rooms.deeds.register([putState]);
  });
  after(() => house.close());

  const answerIn = async (state: State, verb: Verb, n: number): Promise<string> => {
    const { port, tokens, rooms } = house;
    const name = `${state}/${n}/it`;
    const path = `/v1/secret/${verb.part}/porch/home/${name}`;
    const value = (i: number) => `value-${state}-${n}-${i}`;
    await ask(port, 'POST', `/v1/secret/data/porch/home/${name}`, {
      token: tokens.owner,
      body: JSON.stringify({ data: { password: value(1) } }),
    });
    await rooms.deeds.perform(putState, rooms.owner, { path: CredentialPath.parse(`porch/home/${name}`), state });
    const query = verb.title === 'read version 1' ? '?version=1' : '';
    const target = verb.method === 'LIST' ? path.replace(/it$/, '') : `${path}${query}`;
    const { status, body } = await ask(port, verb.method, target, {
      token: tokens.owner,
      headers: verb.headers ?? {},
      body: (verb.body ?? '').replace('VALUE', value(2)),
    });
    assert.ok(status !== 500 && status !== 0, `${state} ${verb.title}: ${body}`);
    if (status === 403) {
      const [first = ''] = (JSON.parse(body) as { errors: string[] }).errors;
      assert.match(first, /[a-z]+ .*\./, `${state} ${verb.title}: the remedy comes first`);
      assert.ok(first.length > 30, first);
    }
    return String(status);
  };

  test('answers as docs/states.md shows', async () => {
    const rows: string[] = [];
    for (const [n, verb] of VERBS.entries()) {
      const answers: string[] = [];
      for (const state of STATES) answers.push(await answerIn(state, verb, n));
      rows.push(`| ${[`${verb.title} (\`${verb.method} ${verb.part}\`)`, ...answers].join(' | ')} |`);
    }
    const table = [`| | ${STATES.join(' | ')} |`, `| --- |${' ---: |'.repeat(STATES.length)}`, ...rows].join('\n');
    const document = readFileSync(FILE, 'utf8');
    const [start = '', rest = ''] = document.split('<!-- table -->\n');
    const [, end = ''] = rest.split('<!-- end -->');
    const wanted = `${start}<!-- table -->\n${table}\n<!-- end -->${end}`;
    if (process.env['CHATELAINE_WRITE'] === '1') writeFileSync(FILE, wanted);
    assert.equal(readFileSync(FILE, 'utf8'), wanted);
  });

  test('a pending version has no number until it is promoted', async () => {
    const { rooms, port, tokens } = house;
    const { writeVersion, promoteVersion } = await import('#secrets');
    const { CredentialPath, Secret } = await import('#kernel');
    const path = CredentialPath.parse('porch/home/pending');
    const written = await writeVersion(rooms.secrets, rooms.owner, {
      path,
      value: Secret.fromText('{"password":"waiting-horse-battery"}'),
      leaves: 'all',
      provenance: { how: 'entered', from: null, scopes: [] },
      pending: true,
    });
    assert.equal((await ask(port, 'GET', '/v1/secret/data/porch/home/pending', { token: tokens.owner })).status, 404);
    const said = await ask(port, 'GET', '/v1/secret/metadata/porch/home/pending', { token: tokens.owner });
    assert.deepEqual(jsonOf(said).data.versions, {});
    await rooms.deeds.perform(promoteVersion, rooms.owner, {
      path,
      credential: written.credential,
      serial: written.metadata.serial,
    });
    assert.equal(
      (await ask(port, 'GET', '/v1/secret/data/porch/home/pending?version=1', { token: tokens.owner })).status,
      200,
    );
  });

  test('suspended says in its first text how to bring it back', async () => {
    const { rooms, port, tokens } = house;
    await ask(port, 'POST', '/v1/secret/data/porch/home/paused', {
      token: tokens.owner,
      body: '{"data":{"password":"paused-horse-battery"}}',
    });
    await ask(port, 'POST', '/v1/secret/data/porch/home/other', { token: tokens.owner, body: '{"data":{"a":1}}' });
    const { changeState } = await import('#inventory');
    const { CredentialPath } = await import('#kernel');
    await rooms.deeds.perform(changeState('suspend'), rooms.owner, {
      path: CredentialPath.parse('porch/home/paused'),
      reason: 'looks odd',
    });
    const said = await ask(port, 'GET', '/v1/secret/data/porch/home/paused', { token: tokens.owner });
    assert.equal(said.status, 403);
    assert.match((JSON.parse(said.body) as { errors: string[] }).errors[0]!, /chatelaine resume porch\/home\/paused/);
    const stranger = await ask(port, 'GET', '/v1/secret/data/porch/home/paused', { token: tokens.stranger });
    assert.deepEqual([stranger.status, stranger.body], [403, '{"errors":["permission denied"]}\n']);
  });
});
