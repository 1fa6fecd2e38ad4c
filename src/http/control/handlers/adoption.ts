import {
  confirmOriginals,
  forgetRenderings,
  keepOriginal,
  listOriginals,
  listRenderings,
  markRendered,
  openRenderings,
  showOriginal,
  adopt,
} from '#adoption';
import { inspectAsProgram } from '#findings';
import { Secret, fromBase64, toBase64 } from '#kernel';
import type { House } from '../../house.ts';
import { sharedValuesOf } from '../../shared-values.ts';
import { DONE, type Handlers, type IdsOf } from '../call.ts';
import { guessesOf } from '../guesses.ts';
import { iso, isoOrNull } from '../wire.ts';

export const adoptionHandlers = (house: House): Handlers<IdsOf<'adoptions' | 'renderings' | 'originals'>> => {
  const { deeds, secrets, sealing, random } = house;
  const shared = sharedValuesOf(house);
  const guesses = guessesOf(house, shared);
  return {
    'adoptions.create': async ({ caller, params, body }) => {
      shared.check(caller);
      const { credentials, renderings, findings } = await adopt({ ...secrets, guesses }, caller, {
        ...params,
        from: body.from,
        dryRun: body.dryRun ?? false,
        credentials: body.credentials.map(({ value, tier, consumers, reused, ...rest }) => ({
          ...rest,
          value: Secret.fromText(value),
          tier: tier ?? null,
          reused: reused ?? [],
          consumers,
        })),
        renderings: (body.renderings ?? []).map(({ plan, ...rest }) => ({ ...rest, plan: Secret.fromText(plan) })),
        gaps: body.gaps === undefined ? null : { ...body.gaps, plaintext: body.gaps.plaintext ?? null },
      });
      // With the last part of a survey the place is looked through, so that what to do next is known at once.
      if (body.gaps !== undefined && body.dryRun !== true)
        await inspectAsProgram(house, params.project, params.environment);
      return {
        answer: {
          credentials: credentials.map(({ name, result, version, shared: isShared, error }) => ({
            name,
            result,
            version,
            shared: isShared,
            code: error?.code ?? null,
            detail: error === null ? null : [error.message, error.hint ?? []].flat().join(' '),
          })),
          renderings: [...renderings],
          findings,
        },
      };
    },
    'renderings.list': async ({ caller, params }) => {
      const { output } = await deeds.perform(listRenderings, caller, params);
      return {
        answer: {
          items: output.map(({ target, format, written_at }) => ({
            target,
            format,
            written: written_at !== null,
            writtenAt: isoOrNull(written_at),
          })),
        },
      };
    },
    'renderings.open': async ({ caller, params, body }) => {
      const { items, receipt } = await openRenderings(secrets, caller, { ...params, targets: body.targets });
      return { answer: { items: items.map(({ plan, ...rest }) => ({ ...rest, plan: plan.revealText() })), receipt } };
    },
    'renderings.written': async ({ caller, params, body }) => {
      await deeds.perform(markRendered(sealing), caller, { ...params, written: body.written });
      return DONE;
    },
    'renderings.forget': async ({ caller, params, body }) => {
      await deeds.perform(forgetRenderings, caller, { ...params, targets: body.targets });
      return DONE;
    },
    'originals.keep': async ({ caller, params, body }) => {
      const content = Secret.fromBytes(fromBase64(body.content));
      const { output } = await deeds.perform(keepOriginal(sealing, random), caller, {
        ...params,
        place: body.place,
        content,
      });
      return { answer: output };
    },
    'originals.list': async ({ caller, params }) => {
      const { output } = await deeds.perform(listOriginals, caller, params);
      return {
        answer: {
          items: output.map(({ id, place, kept_at, destroyed_at }) => ({
            id,
            place,
            keptAt: iso(kept_at),
            destroyedAt: isoOrNull(destroyed_at),
          })),
        },
      };
    },
    'originals.show': async ({ caller, params }) => {
      const { place, content, receipt } = await showOriginal(secrets, caller, params);
      return { answer: { id: params.id, place, content: toBase64(content.reveal()), receipt } };
    },
    'originals.confirm': async ({ caller, params }) => ({
      answer: { destroyed: await confirmOriginals(secrets, caller, params) },
    }),
  };
};
