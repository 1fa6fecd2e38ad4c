import {
  type AnswerOf,
  type CallOf,
  ROUTES,
  type Route,
  type RouteId,
  type Routes,
  type Seen,
  takesPath,
} from '#contract';
import { type JsonValue, type Secret, parseJson, stringifyJson, utf8Text } from '#kernel';
import { clientError, refusalOf } from './errors.ts';
import type { Answered, Transport } from './transport.ts';

/** Answers are ours, so they may be larger than requests: a page of 500 credentials, a bulk read of 500 values. */
const ANSWER_LIMITS = { depth: 32, keys: 500_000 } as const;

export type ClientOptions = {
  readonly transport: Transport;
  /** The token to send, asked for at each request; undefined for none. */
  readonly token?: () => Secret | undefined;
};

/** Calls our API by the ids of `contract`, with the types of its schemas. */
export type Client = {
  /** Errors: whatever the server refused with, as the same error; `client.unreachable`, `client.bad_answer`. */
  call<Id extends RouteId>(id: Id, ...input: InputOf<Id>): Promise<AnswerOf<Routes[Id]>>;
  /**
   * Asks for something unless it is what the tags name, as an earlier answer gave them. For routes that understand
   * If-None-Match. Undefined when it is unchanged.
   */
  callUnlessKnown<Id extends ConditionalId>(
    id: Id,
    tags: readonly string[],
    ...input: InputOf<Id>
  ): Promise<AnswerOf<Routes[Id]> | undefined>;
  /** Every item of a paged list, page after page. */
  items<Id extends PagedId>(id: Id, ...input: InputOf<Id>): AsyncGenerator<ItemOf<Id>>;
  close(): void;
};

type InputOf<Id extends RouteId> =
  Record<never, never> extends CallOf<Routes[Id]> ? [input?: CallOf<Routes[Id]>] : [input: CallOf<Routes[Id]>];
type ConditionalId = { [Id in RouteId]: Routes[Id] extends { readonly unchanged: true } ? Id : never }[RouteId];
type Page = { readonly items: readonly unknown[]; readonly next: string | null };
export type PagedId = { [Id in RouteId]: AnswerOf<Routes[Id]> extends Page ? Id : never }[RouteId];
export type ItemOf<Id extends PagedId> =
  AnswerOf<Routes[Id]> extends { readonly items: readonly (infer Item)[] } ? Item : never;

/** A call without its route's types, inside this file. */
type Loose = {
  readonly path?: string | { toString(): string };
  readonly params?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, string | undefined>>;
  readonly body?: JsonValue;
  readonly ifMatch?: Seen | undefined;
  readonly idempotencyKey?: string | undefined;
};

export const openClient = ({ transport, token }: ClientOptions): Client => {
  const call = async (id: RouteId, input: Loose = {}, tags: readonly string[] = []): Promise<unknown> => {
    const route: Route = ROUTES[id];
    const secret = token?.();
    const answered = await transport.send({
      method: route.method,
      target: targetOf(route, input),
      headers: {
        accept: 'application/json, application/problem+json',
        ...(route.body === undefined ? {} : { 'content-type': 'application/json' }),
        ...(secret === undefined ? {} : { authorization: `Bearer ${secret.revealText()}` }),
        ...(input.ifMatch === undefined ? {} : { 'if-match': `"${input.ifMatch.id}.${input.ifMatch.revision}"` }),
        ...(tags.length === 0 ? {} : { 'if-none-match': tags.map((tag) => `"${tag}"`).join(', ') }),
        ...(input.idempotencyKey === undefined ? {} : { 'idempotency-key': input.idempotencyKey }),
      },
      body: route.body === undefined ? null : stringifyJson(input.body ?? {}),
    });
    return answered.status === 304 && tags.length > 0 ? undefined : readAnswer(route, answered);
  };

  async function* items(id: RouteId, input: Loose = {}): AsyncGenerator {
    for (let after = input.query?.['after']; ;) {
      const page = (await call(id, { ...input, query: { ...input.query, after } })) as Page;
      yield* page.items;
      if (page.next === null) return;
      after = page.next;
    }
  }

  return {
    call: (id, ...[input]) => call(id, input as Loose) as never,
    callUnlessKnown: (id, tags, ...[input]) => call(id, input as Loose, tags) as never,
    items: (id, ...[input]) => items(id, input as Loose) as never,
    close: () => transport.close(),
  };
};

const targetOf = (route: Route, { path, params = {}, query = {} }: Loose): string => {
  const fill = (part: string): string => {
    const name = /^\{(\w+)\}$/.exec(part)?.[1];
    return name === undefined ? part : encodeURIComponent(params[name] ?? '');
  };
  const fixed = takesPath(route) ? route.path.slice(0, -'/{path}'.length) : route.path;
  const rest = takesPath(route) ? `/${String(path).split('/').map(encodeURIComponent).join('/')}` : '';
  const search = new URLSearchParams(
    Object.entries(query).filter((pair): pair is [string, string] => pair[1] !== undefined),
  );
  return `/api${fixed.split('/').map(fill).join('/')}${rest}${search.size === 0 ? '' : `?${search.toString()}`}`;
};

const readAnswer = (route: Route, answered: Answered): unknown => {
  if (answered.status >= 400) throw refusalOf(answered);
  if (answered.status !== route.status)
    throw clientError('bad_answer', `The server answered ${answered.status} where ${route.status} was expected.`, {
      status: answered.status,
    });
  if (route.answer === null) return undefined;
  const read = route.answer.safeParse(parseAnswer(answered.body));
  if (!read.success)
    throw clientError('bad_answer', 'The server’s answer is not of the form that was agreed.', {
      status: answered.status,
    });
  return read.data;
};

const parseAnswer = (body: Uint8Array): JsonValue => {
  try {
    return parseJson(utf8Text(body), ANSWER_LIMITS);
  } catch (error) {
    throw clientError('bad_answer', 'The server’s answer is not JSON.', {}, error);
  }
};
