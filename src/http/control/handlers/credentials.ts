import { limitOf } from '#contract';
import { CredentialPath, parseName, parseSlug } from '#kernel';
import {
  type CredentialRow,
  changeState,
  declareConsumers,
  describeCredential,
  listVisibleCredentials,
  showCredential,
  PAGE,
} from '#inventory';
import { currentSince, destroyCredential, transferCredential } from '#secrets';
import type { Engine } from '#storage';
import type { House } from '../../house.ts';
import { DONE, type Handlers, type IdsOf } from '../call.ts';
import { settleDescription, settleEnding } from '../settle-weakness.ts';
import { credentialAnswer, descriptionOf, iso, objectOf, pageAnswer } from '../wire.ts';

type Ids = IdsOf<'credentials' | 'consumers' | 'states' | 'transfers'>;

export const credentialHandlers = ({ deeds, engine, policy, random, secrets }: House): Handlers<Ids> => ({
  'credentials.list': async ({ caller, query }) => {
    const project = parseSlug('project', query.project);
    const environment = parseSlug('environment', query.environment);
    const prefix = query.prefix === undefined || query.prefix === '' ? '' : parseName(query.prefix);
    const limit = Math.min(limitOf(query.limit), PAGE - 1);
    const visible = listVisibleCredentials((tx) =>
      policy.visible(tx, { caller, project, environment, prefix: prefix === '' ? null : prefix }),
    );
    const input = { project, environment, prefix, after: query.after ?? '', limit: limit + 1 };
    const { output } = await deeds.perform(visible, caller, input);
    const since = await engine.read((tx) => currentSince(tx, output));
    return {
      answer: pageAnswer(
        output,
        limit,
        ({ name }) => name,
        (row) => credentialAnswer(`${project}/${environment}`, row, since.get(row.id)),
      ),
    };
  },
  'credentials.show': async ({ caller, path }) => {
    const { output } = await deeds.perform(showCredential, caller, { path });
    const { credential, consumers, states, uses } = output;
    return {
      seen: credential,
      answer: {
        ...(await oneAnswer(engine, path, credential)),
        consumers: consumers.map(({ kind, place, detail, created_at }) => ({
          kind: kind as 'file',
          place,
          detail: objectOf(detail),
          since: iso(created_at),
        })),
        history: states.map(({ at, by, was, is_now, reason }) => ({
          at: iso(at),
          by,
          was: was as 'active' | null,
          is: is_now as 'active',
          reason,
        })),
        unchanged: uses.map(({ identity, lastAt, hours }) => ({
          by: identity,
          last: iso(lastAt),
          times: hours.reduce((sum, hour) => sum + hour.uses, 0),
        })),
      },
    };
  },
  'credentials.describe': async ({ caller, path, body, ifMatch }) => {
    const input = { path, description: descriptionOf(body), ifStanding: ifMatch };
    const { output } = await deeds.perform(describeCredential, caller, input);
    await settleDescription({ deeds, engine, random }, caller, path, output);
    return { seen: output, answer: await oneAnswer(engine, path, output) };
  },
  'credentials.destroy': async ({ caller, path, query }) => {
    await destroyCredential(secrets, caller, { path, reason: query.reason, forget: query.forget === 'true' });
    return DONE;
  },
  'consumers.declare': async ({ caller, path, body }) => {
    const consumers = body.consumers.map(({ detail, ...rest }) => ({ ...rest, detail }));
    const { output } = await deeds.perform(declareConsumers, caller, {
      path,
      consumers,
      replace: body.replace ?? null,
    });
    return { answer: { count: output.count } };
  },
  'states.change': async ({ caller, path, body }) => {
    const { output } = await deeds.perform(changeState(body.ending), caller, { path, reason: body.reason });
    if (body.ending === 'retire' || body.ending === 'compromise')
      await settleEnding({ deeds, engine, random }, caller, path);
    return { seen: output, answer: await oneAnswer(engine, path, output) };
  },
  'transfers.create': async ({ caller, path, body }) => {
    await transferCredential(secrets, caller, { from: path, to: CredentialPath.parse(body.to) });
    return DONE;
  },
});

export const placeOf = ({ project, environment }: CredentialPath): string => `${project}/${environment}`;

const oneAnswer = async (engine: Engine, path: CredentialPath, row: CredentialRow) =>
  credentialAnswer(placeOf(path), row, (await engine.read((tx) => currentSince(tx, [row]))).get(row.id));
