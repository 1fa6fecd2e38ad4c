import { writeFileSync } from 'node:fs';
import type { Client } from '#client';
import { type RouteId } from '#contract';
import { Secret, fromBase64, matchName, toHex } from '#kernel';
import { hmac } from '#kernel/node';
import type { Plant } from './canary.ts';

/** What the tour needs besides clients: planted texts, and where to put secrets that answers reveal. */
export type TourParts = {
  /** Nobody's. */
  readonly stranger: Client;
  /** With a session. */
  readonly owner: Client;
  /** Over the socket, on one connection. */
  readonly local: Client;
  readonly withToken: (token: string) => Client;
  readonly value: Plant;
  /** A secret that an answer revealed on purpose. */
  readonly revealed: (name: string, secret: string) => void;
};

const HOME = { project: 'porch', environment: 'home' };
const REASON = 'a walk through the house';
const A = 'porch/home/api/a';
const B = 'porch/home/api/b';

/** Uses every route of our API once as it is meant, but those that lock and those for a recovery kit. */
export const tour = async (parts: TourParts): Promise<void> => {
  await places(parts);
  await values(parts);
  await credentials(parts);
  await adoption(parts);
  await matching(parts);
  await findings(parts);
  await access(parts);
  await ledger(parts);
  await signIn(parts);
};

const places = async ({ stranger, owner }: TourParts): Promise<void> => {
  await stranger.call('status.show');
  await owner.call('health.show');
  await owner.call('me.show');
  await owner.call('projects.create', {
    body: { name: 'porch', posture: 'home', environments: [{ name: 'home', production: false }] },
  });
  await owner.call('environments.create', { params: { project: 'porch' }, body: { name: 'prod', production: true } });
  await owner.call('projects.list');
};

const values = async ({ owner, value, revealed }: TourParts): Promise<void> => {
  const put = (path: string, more = {}) =>
    owner.call('values.put', { path, body: { value: { value: value.hostile(), password: value.plain() }, ...more } });
  await put(A, { description: { kind: 'mqtt-password', owner: 'ada' } });
  await put(A);
  await put(B);
  await owner.call('values.get', { path: A });
  const pending = await put(A, { pending: true });
  await owner.call('promotions.create', { path: A, body: { credential: pending.credential, serial: pending.serial } });
  await owner.call('rollbacks.create', { path: A, body: { version: 1 } });
  await owner.call('versions.list', { path: A });
  for (const change of ['delete', 'undelete', 'destroy'] as const)
    await owner.call('versions.change', { path: A, body: { change, versions: [2] } });
  await owner.call('bulk-reads.create', { body: { paths: [A, B, 'porch/home/none'] } });
  const made = await owner.call('generations.create', {
    path: 'porch/home/api/made',
    body: { kind: 'mqtt-password', reveal: true },
    idempotencyKey: 'once-and-only-once',
  });
  revealed('value', String(made.value?.['value']));
};

const credentials = async ({ owner, value }: TourParts): Promise<void> => {
  await owner.call('credentials.list', { query: HOME });
  const seen = await owner.call('credentials.show', { path: B });
  await owner.call('credentials.describe', { path: B, body: { purpose: 'the tour' }, ifMatch: seen });
  const consumers = [{ kind: 'file' as const, place: 'a.yaml:1', detail: {} }];
  await owner.call('consumers.declare', { path: B, body: { consumers } });
  await owner.call('states.change', { path: B, body: { ending: 'suspend', reason: REASON } });
  await owner.call('states.change', { path: B, body: { ending: 'resume', reason: REASON } });
  await owner.call('transfers.create', { path: B, body: { to: 'porch/home/api/c' } });
  await owner.call('values.put', { path: B, body: { value: { value: value.plain() } } });
  await owner.call('credentials.destroy', { path: B, query: { reason: REASON } });
};

const adoption = async ({ owner, value }: TourParts): Promise<void> => {
  const found = {
    name: 'found/a',
    original: 'found_a',
    value: value.hostile(),
    kind: 'mqtt-password',
    system: 'mosquitto',
    from: 'secrets.yaml',
    consumers: [],
    weakness: { code: 'short', why: 'it is short' },
  };
  const gap = { name: 'lost', place: 'a.yaml:2', why: 'no value' };
  await owner.call('adoptions.create', {
    params: HOME,
    body: {
      from: 'tour',
      credentials: [found],
      renderings: [{ target: 'secrets.yaml', format: 'ha-secrets', plan: `{"parts":["# ${value.plain()}"]}` }],
      gaps: { missing: [gap], orphans: [], plaintext: [] },
    },
  });
  await owner.call('renderings.list', { params: HOME });
  await owner.call('renderings.open', { params: HOME, body: { targets: [] } });
  const written = [{ target: 'secrets.yaml', hash: 'ab'.repeat(32) }];
  await owner.call('renderings.written', { params: HOME, body: { written } });
  await owner.call('renderings.forget', { params: HOME, body: { targets: ['secrets.yaml'] } });
  const content = Buffer.from(`password: ${value.hostile()}`).toString('base64');
  const { id } = await owner.call('originals.keep', { params: HOME, body: { place: 'secrets.yaml', content } });
  await owner.call('originals.list', { params: HOME });
  await owner.call('originals.show', { params: { ...HOME, id } });
  await owner.call('originals.confirm', { params: HOME, body: {} });
};

const matching = async ({ owner, value, revealed }: TourParts): Promise<void> => {
  const leaked = value.hostile();
  await owner.call('values.put', { path: 'porch/home/leaked', body: { value: { value: leaked } } });
  const { key } = await owner.call('match-keys.create', { params: HOME, body: {} });
  revealed('match-key', key);
  const name = toHex(matchName(hmac(Secret.fromBytes(fromBase64(key))), leaked)!);
  const { items } = await owner.call('matches.create', { params: HOME, body: { names: [name] } });
  if (items[0]?.path !== 'porch/home/leaked') throw new Error('The tour expects its value to be recognised.');
  const seen = [{ name, places: [{ file: 'a.yaml', line: 3 }] }];
  await owner.call('leaks.record', { params: HOME, body: { source: 'tour', seen, gone: [] } });
  await owner.call('leaks.list', { params: HOME, query: { source: 'tour' } });
  await owner.call('values.put', { path: 'porch/home/leaked', body: { value: { value: value.hostile() } } });
};

const findings = async ({ owner }: TourParts): Promise<void> => {
  await owner.call('inspections.create', { params: HOME, body: {} });
  const { items } = await owner.call('findings.list', { query: { project: 'porch' } });
  const [first, second] = items;
  if (first === undefined || second === undefined) throw new Error('The tour expects two findings at least.');
  await owner.call('findings.excuse', { params: { id: first.id }, body: { reason: REASON, life: '30d' } });
  await owner.call('findings.close', { params: { id: second.id }, body: { reason: REASON } });
  await owner.call('next.show');
};

const access = async ({ owner, withToken, revealed }: TourParts): Promise<void> => {
  const { id } = await owner.call('identities.create', { body: { name: 'bea', kind: 'person' } });
  await owner.call('identities.list');
  await owner.call('identities.link', { params: { id }, body: { uid: 4_000_000 } });
  const grant = await owner.call('grants.create', {
    body: { identity: id, role: 'developer', ...HOME, prefix: null, reason: REASON, life: '1d' },
  });
  await owner.call('grants.list');
  await owner.call('explain.show', { query: { identity: id, action: 'credential.read', path: A } });
  await owner.call('grants.revoke', { params: { id: grant.id } });
  await owner.call('identities.suspend', { params: { id }, body: {} });
  await owner.call('identities.resume', { params: { id }, body: {} });
  const exception = await owner.call('exceptions.create', {
    body: { rule: 'bearer-gold', ...HOME, name: null, reason: REASON, life: '1d' },
  });
  await owner.call('exceptions.revoke', { params: { id: exception.id } });
  const policy = await owner.call('policies.create', {
    body: { project: 'porch', text: 'forbid (principal, action == Action::"credential.destroy", resource);' },
  });
  await owner.call('policies.remove', { params: { id: policy.id } });
  const token = await owner.call('tokens.create', { body: { display: 'tour', life: '1h', renewable: true } });
  revealed('token', token.token);
  await withToken(token.token).call('tokens.show', { params: { id: 'self' } });
  await withToken(token.token).call('tokens.renew', { params: { id: 'self' }, body: {} });
  await owner.call('tokens.list', { params: { id: token.identity }, query: {} });
  await owner.call('tokens.revoke', { params: { id: token.accessor } });
};

const ledger = async ({ owner }: TourParts): Promise<void> => {
  const { items } = await owner.call('ledger.list', { query: { limit: '5' } });
  const index = String(items.at(-1)!.index);
  await owner.call('ledger.show', { params: { index } });
  await owner.call('ledger.prove', { params: { index } });
  const { id } = await owner.call('identities.create', { body: { name: 'forgotten', kind: 'service' } });
  await owner.call('ledger.redact', { body: { identity: id, reason: REASON } });
};

const signIn = async ({ stranger, owner, local, withToken, revealed }: TourParts): Promise<void> => {
  const { identity } = await owner.call('me.show');
  const { code } = await owner.call('sign-in-codes.create', { body: { identity } });
  revealed('code', code);
  const { token } = await stranger.call('sign-in.code', { body: { code } });
  revealed('token', token);
  await withToken(token).call('sign-in.end');
  const { nonce, file } = await local.call('sign-in.os-challenge', { body: {} });
  writeFileSync(file, '', { flag: 'wx', mode: 0o600 });
  const proven = await local.call('sign-in.os', { body: { nonce, session: true } });
  revealed('token', proven.session!.token);
};

/** Those that the tour leaves to its caller: they lock, need a kit, or end everybody's sessions. */
export const APART: readonly RouteId[] = [
  'kit.create',
  'kit.confirm',
  'kit.show',
  'kit.revoke',
  'backup.create',
  'doctor.run',
  'rekey.do',
  'lock.do',
  'unlock.do',
  'sign-in.kit',
];
