import { type AnswerOf, type Routes, limitOf } from '#contract';
import { type OpenedEntry, entryJson, listEntries, proveEntry, redactEntries, showEntry } from '#ledger';
import type { House } from '../../house.ts';
import type { Handlers, IdsOf } from '../call.ts';
import { controlError } from '../errors.ts';
import { pageAnswer } from '../wire.ts';

export const ledgerHandlers = ({ deeds }: House): Handlers<IdsOf<'ledger'>> => ({
  'ledger.list': async ({ caller, query }) => {
    const { own, after, limit: asked, from, to, ...filter } = query;
    const limit = limitOf(asked);
    const deed = listEntries(own === 'true' ? caller.identity : null);
    const { output } = await deeds.perform(deed, caller, {
      ...filter,
      from: from === undefined ? undefined : Date.parse(from),
      to: to === undefined ? undefined : Date.parse(to),
      before: after === undefined ? null : indexOf(after),
      limit: limit + 1,
    });
    return { answer: pageAnswer(output, limit, ({ index }) => String(index), entryAnswer) };
  },
  'ledger.show': async ({ caller, params, query }) => {
    const deed = showEntry(query.own === 'true' ? caller.identity : null);
    const { output } = await deeds.perform(deed, caller, { index: indexOf(params.index) });
    return { answer: entryAnswer(output) };
  },
  'ledger.prove': async ({ caller, params, query }) => {
    const deed = proveEntry(query.own === 'true' ? caller.identity : null);
    const { output } = await deeds.perform(deed, caller, { index: indexOf(params.index) });
    return { answer: { proof: output.proof, entry: entryAnswer(output.entry) } };
  },
  'ledger.redact': async ({ caller, body }) => {
    const { output } = await deeds.perform(redactEntries, caller, body);
    return { answer: { redacted: output.redacted } };
  },
});

const entryAnswer = (entry: OpenedEntry) => entryJson(entry) as unknown as AnswerOf<Routes['ledger.show']>;

const indexOf = (text: string): number => {
  const index = Number(text);
  if (!/^\d{1,15}$/.test(text) || !Number.isSafeInteger(index))
    throw controlError('bad_request', 'An index is a whole number.', { field: 'after' });
  return index;
};
