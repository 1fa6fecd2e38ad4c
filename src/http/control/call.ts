import type { Socket } from 'node:net';
import type { AnswerOf, BodyOf, ParamsOf, QueryOf, RouteId, Routes } from '#contract';
import type { CredentialPath } from '#kernel';
import type { Caller, From } from '#identity';
import type { CredentialRow } from '#inventory';

type CallerOf<R> = R extends { readonly auth: 'caller' } ? Caller : null;
type PathOf<R> = R extends { readonly path: `${string}/{path}` } ? CredentialPath : null;

/** A request that was read and checked, with the caller it proved. */
export type Call<R> = {
  readonly caller: CallerOf<R>;
  readonly path: PathOf<R>;
  readonly params: ParamsOf<R>;
  readonly query: QueryOf<R>;
  readonly body: BodyOf<R>;
  /** The tag in If-Match. */
  readonly ifMatch: string | undefined;
  /** The tags in If-None-Match. */
  readonly ifNoneMatch: readonly string[];
  readonly from: From;
  readonly socket: Socket;
  /** True when somebody on this machine asks. */
  readonly here: boolean;
  /** True when a browser asks. */
  readonly browser: boolean;
};

export type Reply<R> =
  | {
      readonly answer: AnswerOf<R>;
      /** Whose standing becomes the ETag, for If-Match. */
      readonly seen?: Pick<CredentialRow, 'id' | 'revision'>;
      /** Becomes the ETag, for If-None-Match. */
      readonly tag?: string;
    }
  /** What the caller has is what there is. */
  | { readonly unchanged: string };

export type Handler<R> = (call: Call<R>) => Promise<Reply<R>>;
export type Handlers<Ids extends RouteId> = { readonly [Id in Ids]: Handler<Routes[Id]> };

/** The ids of one noun's routes. */
export type IdsOf<Noun extends string> = Extract<RouteId, `${Noun}.${string}`>;

export const DONE = { answer: undefined } as const;
