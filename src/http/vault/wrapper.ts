import { Duration, Secret, utf8 } from '#kernel';
import { wrapAnswer } from '#secrets';
import type { House } from '../house.ts';
import { type Answer, documentOf } from './answer.ts';
import { parseDuration, timeText } from './fields.ts';
import { type VaultRequest, callerFor } from './request.ts';
import { httpError } from '../errors.ts';

/** Wrapped answers wait no longer than this. */
const LONGEST_WRAP = Duration.of(30, 'd');

/** Wraps an answer where the request asked for it. */
export type Wrapper = (request: VaultRequest, answer: Answer) => Promise<Answer>;

export const openWrapper =
  (house: House): Wrapper =>
  async (request, answer) => {
    const life = wrapLife(request);
    if (life === undefined || (answer.kind !== 'data' && answer.kind !== 'auth')) return answer;
    const path = request.segments.join('/');
    return wrap(house, request, { body: utf8(documentOf(answer, request.http.id)), path }, life, accessorIn(answer));
  };

/** How long the asked answer shall wait, from `X-Vault-Wrap-TTL`; undefined when it shall not be wrapped. */
export const wrapLife = ({ http }: VaultRequest): Duration | undefined => {
  const header = http.headers['x-vault-wrap-ttl'];
  if (header === undefined) return undefined;
  const life = parseDuration('X-Vault-Wrap-TTL', String(header));
  if (life.ms > LONGEST_WRAP.ms)
    throw httpError('malformed', `An answer is wrapped for ${LONGEST_WRAP.toString()} at most.`);
  return life.ms === 0 ? undefined : life;
};

/** Seals the body of an answer and tells of the token that opens it. */
export const wrap = async (
  house: House,
  request: VaultRequest,
  { body, path }: { readonly body: Uint8Array; readonly path: string },
  life: Duration,
  wrappedAccessor?: string,
): Promise<Answer> => {
  const caller = await callerFor(house, request);
  if (caller.accessor === null)
    throw httpError('malformed', 'Wrapping an answer takes a token; this connection uses none.');
  // The wrapping token is a child: it lives no longer than the token that makes it.
  const left = caller.expiresAt === null ? life.ms : Math.min(life.ms, caller.expiresAt - house.clock.now());
  const { output } = await house.deeds.perform(wrapAnswer(house.sealing, house.identityPorts), caller, {
    caller,
    answer: Secret.fromBytes(body),
    life: Duration.ofMs(Math.max(left, 1)),
    path,
  });
  return {
    kind: 'wrapped',
    wrapInfo: {
      token: output.token.revealText(),
      accessor: output.accessor,
      ttl: Math.floor(left / 1_000),
      creation_time: timeText(output.createdAt),
      creation_path: path,
      ...(wrappedAccessor === undefined ? {} : { wrapped_accessor: wrappedAccessor }),
    },
  };
};

const accessorIn = (answer: Answer): string | undefined => {
  const accessor = answer.kind === 'auth' ? answer.auth['accessor'] : undefined;
  return typeof accessor === 'string' ? accessor : undefined;
};
