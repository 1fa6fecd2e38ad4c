import { type Clock, type DeedOf, type Duration, type Facts, type Mac, type Resource, Secret } from '#kernel';
import { hmac, systemRandom } from '#kernel/node';
import { type Engine, type ReadTx, type WriteTx, type Writer, migrate, openWriter, statement } from '#storage';
import { type CreateGrant, createGrant } from './create-grant.ts';
import type { Decision } from './decision.ts';
import { type Policy, openPolicy } from './policy.ts';
import type { GrantPorts } from './ports.ts';
import type { GrantRecord } from './records.ts';
import { type Subject, SYSTEM } from './subject.ts';

/** The room on an engine that was just made, with projects `porch` and `barn`, each with `home`, `dev` and `prod`. */
export type Court = {
  readonly engine: Engine;
  readonly writer: Writer;
  readonly ports: GrantPorts;
  readonly policy: Policy;
  readonly clock: Clock & { pass(time: Duration): void };
  posture: string;
  /** Ids of identities that are suspended. */
  readonly suspended: Set<string>;
  perform<In, Out>(deed: DeedOf<ReadTx, WriteTx, In, Out>, input: In, by?: string): Promise<Out>;
  /** The same, when the policy lets this caller; the decision otherwise. */
  attempt<In, Out>(caller: Subject, deed: DeedOf<ReadTx, WriteTx, In, Out>, input: In): Promise<Out | Decision>;
  person(id: string): Promise<Subject>;
  grant(identity: string, role: string, place?: string, life?: Duration | null): Promise<GrantRecord>;
  decide(caller: Subject, action: string, facts: Partial<Resource> | Facts): Promise<Decision>;
  bumpRevision(): void;
};

export const PROJECTS = ['porch', 'barn'] as const;
export const ENVIRONMENTS = ['home', 'dev', 'prod'] as const;

export const openCourt = async (engine: Engine): Promise<Court> => {
  let now = 1_700_000_000_000;
  let revision = 0;
  const rowMac = key(2);
  const clock = { now: () => now, monotonic: () => now, pass: (time: Duration) => void (now += time.ms) };
  await migrate(engine, now);
  const writer = openWriter(engine);
  const ports: GrantPorts = {
    clock,
    random: systemRandom,
    keys: { rowMac: () => rowMac, rowMacs: () => [rowMac] },
    knows: async (_tx, identity) => identity.startsWith('idn_'),
    isActive: async (_tx, identity) => !court.suspended.has(identity),
    places: {
      async find(_tx, project, environment) {
        if (project === null) return { id: 'installation', posture: court.posture, production: false };
        if (!(PROJECTS as readonly string[]).includes(project)) return undefined;
        if (environment === null) return { id: `prj_${project}`, posture: court.posture, production: false };
        if (!(ENVIRONMENTS as readonly string[]).includes(environment)) return undefined;
        return { id: `env_${project}_${environment}`, posture: court.posture, production: environment === 'prod' };
      },
    },
  };
  const policy = openPolicy(ports);

  const court: Court = {
    engine,
    writer,
    ports,
    policy,
    clock,
    posture: 'home',
    suspended: new Set(),
    async perform(deed, input, by = SYSTEM) {
      const out = await writer.commit(async (tx) => {
        const facts = await deed.facts(tx, input);
        return deed.effect === 'change' ? deed.apply(tx, input, facts, { now, by }) : deed.find(tx, input, facts);
      });
      court.bumpRevision();
      return out;
    },
    async attempt(caller, deed, input) {
      const facts = await engine.read((tx) => deed.facts(tx, input));
      const decision = await court.decide(caller, deed.action, facts);
      return decision.allow ? court.perform(deed, input, caller.identity) : decision;
    },
    async person(id) {
      const identity = `idn_${id}`;
      await writer.commit((tx) => tx.run(insertPerson, { id: identity, name: id, mac: new Uint8Array(32) }));
      return subject(identity);
    },
    grant(identity, role, place = '/', life = null) {
      return court.perform(createGrant(ports), { identity, role, reason: 'for the test', ...scope(place), life });
    },
    decide: (caller, action, facts) =>
      engine.read((tx) =>
        policy.decide(tx, {
          caller,
          action: action as `${string}.${string}`,
          facts: 'resource' in facts ? facts : { resource: credential(facts) },
          now,
        }),
      ),
    bumpRevision: () => policy.current(++revision),
  };
  court.bumpRevision();
  return court;
};

/** A person signed in on this machine, unless said otherwise. */
export const subject = (identity: string, changes: Partial<Subject> = {}): Subject => ({
  identity,
  kind: 'person',
  operator: false,
  factors: ['token', 'os-user'],
  from: { address: '192.168.1.20' },
  scope: null,
  ...changes,
});

export const credential = (changes: Partial<Resource> = {}): Resource => ({
  kind: 'credential',
  id: 'cred_mqtt',
  project: 'porch',
  environment: 'home',
  name: 'mqtt/password',
  production: changes.environment === 'prod',
  tier: 'silver',
  owner: null,
  state: 'active',
  ...changes,
});

export const scope = (place: string): Pick<CreateGrant, 'project' | 'environment' | 'prefix'> => {
  if (place === '/') return { project: null, environment: null, prefix: null };
  const [project = null, environment = null, ...prefix] = place.split('/');
  return { project, environment, prefix: prefix.length === 0 ? null : prefix.join('/') };
};

const key = (n: number): Mac => hmac(Secret.fromBytes(new Uint8Array(32).fill(n)));

/** A row of another room's table, as far as the foreign key of grants needs it. */
const insertPerson = statement<
  { identity: Record<string, string | number | Uint8Array> },
  { id: string; name: string; mac: Uint8Array }
>((db, { id, name, mac }) =>
  db.insertInto('identity').values({
    id,
    kind: 'person',
    name,
    name_key: name,
    state: 'active',
    operator: 0,
    created_at: 0,
    created_by: 'test',
    mac,
  }),
);
