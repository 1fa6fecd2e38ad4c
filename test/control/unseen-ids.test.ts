import assert from 'node:assert/strict';
import { settleFindings } from '#findings';
import { createProject } from '#inventory';
import { readEntry } from '#ledger';
import { forEachEngine } from '../engines.ts';
import { type TestHouse, openTestHouse, sessionFor, somebody, tokenFor } from '../house.ts';
import { bearer } from './control-house.ts';

const BARN = { project: 'barn', environment: null, prefix: null };

/** Somebody without a right at the porch, one who works there, and people with all rights at another project. */
const people = async ({ rooms, tokens }: TestHouse): Promise<Readonly<Record<string, string>>> => {
  await rooms.deeds.perform(createProject(rooms.sealing, rooms.random), rooms.owner, {
    name: 'barn',
    posture: 'home',
    environments: [{ name: 'home', production: false }],
  });
  return {
    stranger: tokens.stranger,
    service: tokens.service,
    'owner of the barn': await sessionFor(rooms, await somebody(rooms, 'barn-owner', 'owner', BARN)),
    'auditor of the barn': await tokenFor(rooms, await somebody(rooms, 'barn-auditor', 'auditor', BARN)),
  };
};

type Call = { readonly method: string; readonly target: string; readonly body?: object };

/** What is there at the porch, each with the call that names it, by its id and by one that nothing has. */
const things = async (
  house: TestHouse,
): Promise<readonly (readonly [string, (id: string) => Call, string, string])[]> => {
  const { rooms } = house;
  const made = async (target: string, body: object): Promise<string> => {
    const { status, text } = await send(house, house.tokens.session, { method: 'POST', target, body });
    assert.ok(status < 300, text);
    return (JSON.parse(text) as { id: string }).id;
  };
  await rooms.deeds.perform(settleFindings(rooms.random), rooms.owner, {
    project: 'porch',
    environment: 'home',
    rules: ['weak'],
    observed: [{ rule: 'weak', place: 'mqtt', credential: null, summary: 'x' }],
    closes: 'everywhere',
    excusedFor: null,
  });
  const findings = await send(house, house.tokens.session, { method: 'GET', target: '/findings' });
  const finding = (JSON.parse(findings.text) as { items: { id: string }[] }).items[0]!.id;
  const identity = await made('/identities', { name: 'node-red', kind: 'service' });
  const place = { project: 'porch', environment: 'home' };
  const grant = await made('/grants', { identity, role: 'owner', ...place, prefix: null, reason: 'test' });
  const excuse = { rule: 'bearer-gold', ...place, name: null, reason: 'test', life: '7d' };
  const exception = await made('/exceptions', excuse);
  const policy = await made('/policies', {
    project: 'porch',
    text: 'forbid(principal, action, resource) when { resource.name == "x" };',
  });
  const remove = (noun: string) => (id: string) => ({ method: 'DELETE', target: `/${noun}/${id}` });
  const post = (form: string, body: object) => (id: string) => ({
    method: 'POST',
    target: form.replace('ID', id),
    body,
  });
  const { accessor } = JSON.parse(
    (await send(house, house.tokens.maintainer, { method: 'POST', target: '/tokens', body: { life: '1h' } })).text,
  ) as { accessor: string };
  return [
    ['grant', remove('grants'), grant, 'grt_none'],
    ['exception', remove('exceptions'), exception, 'exc_none'],
    ['policy', remove('policies'), policy, 'pol_none'],
    ['finding to close', post('/findings/ID/close', { reason: 'x' }), finding, 'fnd_none'],
    ['finding to excuse', post('/findings/ID/excuse', { reason: 'x', life: '7d' }), finding, 'fnd_none'],
    ['identity to suspend', post('/identities/ID/suspend', {}), identity, 'idn_none'],
    ['identity to resume', post('/identities/ID/resume', {}), identity, 'idn_none'],
    ['token to renew', post('/tokens/ID/renew', {}), accessor, 'acc_none'],
    ['token to end', remove('tokens'), accessor, 'acc_none'],
    ['project to list grants of', (name) => ({ method: 'GET', target: `/grants?project=${name}` }), 'porch', 'attic'],
  ];
};

const send = async (house: TestHouse, token: string, { method, target, body }: Call) => {
  const response = await fetch(`${house.url}/api${target}`, {
    method,
    headers: bearer(token, body === undefined ? null : 'application/json'),
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return { status: response.status, text: await response.text() };
};

const size = ({ rooms }: TestHouse): number => rooms.deeds.head()!.size;

/** Outcomes of the entries from one on. */
const outcomesFrom = ({ rooms }: TestHouse, from: number): Promise<readonly string[]> =>
  rooms.engine.read(async (tx) => {
    const outcomes: string[] = [];
    const to = rooms.deeds.head()!.size;
    for (let at = from; at < to; at++) outcomes.push((await readEntry(tx, at, to)).public.outcome);
    return outcomes;
  });

forEachEngine(
  'an id that is not there is answered as one that is not the caller’s to know, and both are entered',
  async (_t, engine) => {
    const house = await openTestHouse({ engine });
    try {
      const callers = await people(house);
      for (const [what, call, there, absent] of await things(house))
        for (const [who, token] of Object.entries(callers)) {
          // Whoever may list identities learns nothing from their ids.
          if (what.startsWith('identity') && who.includes('barn')) continue;
          // Somebody who works at the porch knows that it is there.
          if (what.startsWith('project') && who === 'service') continue;
          const title = `${who}: ${what}`;
          const answers: string[] = [];
          for (const id of [there, absent]) {
            const before = size(house);
            const { status, text } = await send(house, token, call(id));
            assert.ok(status === 404 || status === 403, `${title}: ${text}`);
            answers.push(`${status} ${text}`.replaceAll(id, 'ID').replace(/urn:chatelaine:request:[^"]+/, 'REQUEST'));
            assert.ok((await outcomesFrom(house, before)).includes('denied'), `${title} ${id} left no denial`);
          }
          assert.equal(answers[0], answers[1], title);
        }
    } finally {
      await house.close();
    }
  },
);

forEachEngine(
  'who may act on everything is told what is not there; who may see a thing is told why he may not',
  async (_t, engine) => {
    const house = await openTestHouse({ engine });
    try {
      await people(house);
      const codeOf = async (token: string, call: Call): Promise<string> =>
        (JSON.parse((await send(house, token, call)).text) as { code: string }).code;
      const codes: string[] = [];
      for (const [what, call, there, absent] of await things(house)) {
        codes.push(await codeOf(house.tokens.session, call(absent)));
        if (/^(grant|exception|policy|finding)/.test(what))
          assert.equal(await codeOf(house.tokens.auditor, call(there)), 'deeds.denied', what);
      }
      assert.deepEqual(codes, [
        'policy.grant_absent',
        'policy.exception_absent',
        'policy.policy_absent',
        'findings.absent',
        'findings.absent',
        'identity.absent',
        'identity.absent',
        'identity.token_absent',
        'identity.token_absent',
        'policy.place_absent',
      ]);
    } finally {
      await house.close();
    }
  },
);
