import { type Clock, type DeedOf, type Duration, type Mac, type Random, Secret } from '#kernel';
import { hmac } from '#kernel/node';
import { type Engine, type ReadTx, type WriteTx, type Writer, migrate, openWriter } from '#storage';
import { createIdentity } from './create-identity.ts';
import { type Caller, type From, type IdentityKind, systemCaller } from './caller.ts';
import { createOrphanToken } from './create-orphan-token.ts';
import { type Identity, openIdentity } from './identity.ts';
import type { MintedToken } from './mint-token.ts';
import type { IdentityPorts } from './ports.ts';
import type { IdentityRecord } from './records.ts';
import type { TokenWish } from './create-token.ts';

/** The room with its own clock and keys, on an engine that was just made. */
export type House = {
  readonly engine: Engine;
  readonly writer: Writer;
  readonly ports: IdentityPorts;
  readonly identity: Identity;
  readonly clock: Clock & { pass(time: Duration): void };
  /** Keys can be turned as `rekey` would: the new one first. */
  turnKeys(): void;
  /** Performs a deed without asking the policy, as one commit. */
  perform<In, Out>(deed: DeedOf<ReadTx, WriteTx, In, Out>, input: In, by?: string): Promise<Out>;
  person(name: string, kind?: IdentityKind): Promise<IdentityRecord>;
  token(identity: string, wish?: TokenWish): Promise<MintedToken>;
  caller(token: Secret, from?: From): Promise<Caller>;
  bumpRevision(): void;
};

export const HERE: From = { address: '192.168.1.20', agent: 'test' };

export const openHouse = async (engine: Engine): Promise<House> => {
  let now = 1_700_000_000_000;
  let revision = 0;
  let keys = { token: [key(1)], row: [key(2)] };
  const clock = { now: () => now, monotonic: () => now, pass: (time: Duration) => void (now += time.ms) };
  const ports: IdentityPorts = {
    clock,
    random: countingRandom(),
    keys: { tokenMacs: () => keys.token, rowMac: () => keys.row[0]!, rowMacs: () => keys.row },
    requireOwnerWithout: async () => {},
  };
  await migrate(engine, now);
  const writer = openWriter(engine);
  const identity = openIdentity(ports);

  const house: House = {
    engine,
    writer,
    ports,
    identity,
    clock,
    turnKeys() {
      keys = { token: [key(3), ...keys.token], row: [key(4), ...keys.row] };
    },
    async perform(deed, input, by = systemCaller().identity) {
      const out = await writer.commit(async (tx) => {
        const facts = await deed.facts(tx, input);
        return deed.effect === 'change' ? deed.apply(tx, input, facts, { now, by }) : deed.find(tx, input, facts);
      });
      house.bumpRevision();
      return out;
    },
    person: (name, kind = 'person') => house.perform(createIdentity(ports), { name, kind }),
    token: (id, wish = {}) =>
      house.perform(createOrphanToken(ports), { ...wish, caller: systemCaller(), identity: id }),
    caller: (token, from = HERE) => engine.read((tx) => identity.authenticate(tx, token, from, now)),
    bumpRevision: () => identity.cache(++revision),
  };
  return house;
};

const key = (n: number): Mac => hmac(Secret.fromBytes(new Uint8Array(32).fill(n)));

/** Different bytes at every call, the same in every run. */
const countingRandom = (): Random => {
  let calls = 0;
  return {
    bytes(length) {
      const bytes = new Uint8Array(length);
      const seed = hmac(Secret.fromBytes(new Uint8Array(32).fill(9))).tag(
        Uint8Array.of(++calls & 255, (calls >> 8) & 255),
      );
      for (let i = 0; i < length; i++) bytes[i] = seed[i % 32]!;
      return bytes;
    },
  };
};
