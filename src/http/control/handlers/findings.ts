import { type AnswerOf, type Routes, limitOf } from '#contract';
import { Duration } from '#kernel';
import {
  FINDING_RULES,
  type Finding,
  type Situation,
  closeFinding,
  excuseFinding,
  inspectEnvironment,
  isFindingRule,
  listFindings,
  nextSteps,
  tallyFindings,
} from '#findings';
import { readInstallation } from '#inventory';
import type { ReadTx } from '#storage';
import type { House } from '../../house.ts';
import type { Handlers, IdsOf } from '../call.ts';
import { iso, isoOrNull, pageAnswer } from '../wire.ts';

export const findingHandlers = (house: House): Handlers<IdsOf<'findings' | 'inspections' | 'next'>> => {
  const { deeds, engine, policy, clock } = house;

  return {
    'findings.list': async ({ caller, query }) => {
      const { project, environment, state = 'open', rule, after = '' } = query;
      const limit = limitOf(query.limit);
      const list = listFindings((tx) =>
        policy.visible(tx, {
          caller,
          action: 'finding.list',
          project: project ?? null,
          environment: environment ?? null,
        }),
      );
      const input = { project, environment, state, rule, after, limit: limit + 1, now: clock.now() };
      const { output } = await deeds.perform(list, caller, input);
      return { answer: pageAnswer(output, limit, ({ id }) => id, findingAnswer) };
    },
    'findings.excuse': async ({ caller, params, body }) => {
      const input = { id: params.id, reason: body.reason, life: Duration.parse(body.life) };
      return { answer: findingAnswer((await deeds.perform(excuseFinding, caller, input)).output) };
    },
    'findings.close': async ({ caller, params, body }) => {
      const { output } = await deeds.perform(closeFinding, caller, { id: params.id, reason: body.reason });
      return { answer: findingAnswer(output) };
    },
    'inspections.create': async ({ caller, params }) => {
      const { opened, closed } = await inspectEnvironment(house, caller, params.project, params.environment);
      const tally = tallyFindings((tx) => policy.visible(tx, { caller, action: 'finding.list', ...params }));
      const { output } = await deeds.perform(tally, caller, { ...params, state: 'open', now: clock.now() });
      return { answer: { opened, closed, open: output.reduce((sum, { count }) => sum + count, 0) } };
    },
    'next.show': async ({ caller, query }) => {
      const { project } = query;
      const tally = tallyFindings((tx) =>
        policy.visible(tx, { caller, action: 'finding.list', project: project ?? null }),
      );
      const { output: findings } = await deeds.perform(tally, caller, { project, state: 'open', now: clock.now() });
      const [step, ...further] = nextSteps({ kit: await engine.read((tx) => kitOf(house, tx)), findings });
      return { answer: { step: step ?? null, further } };
    },
  };
};

/** A demo has nothing to lose. */
const kitOf = async ({ sealing }: House, tx: ReadTx): Promise<Situation['kit']> => {
  const installation = await readInstallation(tx);
  if (installation?.demo === true || installation?.kitConfirmedAt !== null) return 'confirmed';
  return (await sealing.kit(tx)) === undefined ? 'none' : 'made';
};

const findingAnswer = (finding: Finding): AnswerOf<Routes['findings.close']> => ({
  id: finding.id,
  project: finding.project,
  environment: finding.environment,
  credential: finding.credential,
  rule: finding.rule,
  title: isFindingRule(finding.rule) ? FINDING_RULES[finding.rule].title : finding.rule,
  place: finding.place,
  summary: finding.summary,
  state: finding.state,
  openedAt: iso(finding.openedAt),
  excusedUntil: isoOrNull(finding.excusedUntil),
  closedAt: isoOrNull(finding.closedAt),
});
