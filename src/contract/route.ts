import type { z } from 'zod';

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

/**
 * One thing our API does, as data: the server registers, checks and documents it from this, the client calls by it.
 * `{path}` in a path stands for a credential's path, which is the rest of the URL as it is: /values/porch/home/mqtt.
 */
export type Route = {
  readonly method: Method;
  /** Below /api. */
  readonly path: string;
  readonly summary: string;
  readonly tag: string;
  readonly params?: z.ZodType;
  readonly query?: z.ZodType;
  readonly body?: z.ZodType;
  /** Null where nothing is answered (204). */
  readonly answer: z.ZodType | null;
  readonly status: 200 | 201 | 204;
  /** `public` asks for no caller; such a route proves its caller itself, or says nothing worth proving for. */
  readonly auth: 'caller' | 'public';
  /** Answers carry an ETag: of a credential as it stands, or of a version. */
  readonly etag?: true;
  /** If-None-Match is understood: 304 for what the caller has. */
  readonly unchanged?: true;
  /** If-Match is understood; where it is not, it is refused rather than passed over. */
  readonly ifMatch?: true;
  /**
   * Gives out what is kept, and takes no Idempotency-Key: a kept answer would outlive the right to read it, and reading
   * twice does no harm.
   */
  readonly reveals?: true;
  /** A field of the answer with a value in it: in the answer to a repetition it is null, and `values.get` gives it. */
  readonly shownOnce?: string;
  /** Largest body in bytes, where the usual limit is too small. */
  readonly bodyLimit?: number;
};

/** Declares a route so that its schemas keep their types. */
export const route = <const R extends Route>(declared: R): R => declared;

/** A credential as an answer showed it: `"<id>.<revision>"` is its ETag. */
export type Seen = { readonly id: string; readonly revision: number };

type Output<S> = S extends z.ZodType ? z.output<S> : undefined;
type Input<S> = S extends z.ZodType ? z.input<S> : undefined;
type Part<R, Key extends string> = R extends { readonly [K in Key]: infer S } ? S : undefined;

/** What a handler is given, checked. */
export type ParamsOf<R> = Output<Part<R, 'params'>>;
export type QueryOf<R> = Output<Part<R, 'query'>>;
export type BodyOf<R> = Output<Part<R, 'body'>>;
/** What a handler answers with, and a client gets. */
export type AnswerOf<R> = Part<R, 'answer'> extends null ? undefined : Output<Part<R, 'answer'>>;

type Field<Key extends string, S> = [S] extends [undefined]
  ? { readonly [K in Key]?: undefined }
  : Record<string, never> extends S
    ? { readonly [K in Key]?: S }
    : { readonly [K in Key]: S };

/** What a client gives. */
export type CallOf<R extends Route> = (R['path'] extends `${string}{path}`
  ? { readonly path: string | { toString(): string } }
  : { readonly path?: undefined }) &
  Field<'params', Input<Part<R, 'params'>>> &
  Field<'query', Input<Part<R, 'query'>>> &
  Field<'body', Input<Part<R, 'body'>>> & {
    /** The credential as it was seen, on which the change is made. */
    readonly ifMatch?: Seen | undefined;
    /** Makes a repeated call harmless: the second gets the first's answer. */
    readonly idempotencyKey?: string | undefined;
  };

export const takesKey = ({ method, auth, reveals }: Route): boolean =>
  method !== 'GET' && auth === 'caller' && reveals !== true;

export const takesPath = ({ path }: Route): boolean => path.endsWith('/{path}');
