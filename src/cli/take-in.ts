import { type RewritePlan, type Survey, type Template, planRewrite, withAwaited } from '#formats';
import { ChatelaineError, type JsonObject, hasCode } from '#kernel';
import type { AnswerOf, Routes } from '#contract';
import { type Plaintext, adoptionChunks, existingTargets, plaintextIn } from './adoption.ts';
import { agreeToPlans } from './agreed-plans.ts';
import type { Context } from './context.ts';
import { DONE, type ExitCode, FAILED } from './exit.ts';
import { sha256 } from './hash.ts';
import type { FolderReading } from './folder.ts';
import type { Place } from './memory.ts';
import { knownNames, renameCredentials } from './rename-credentials.ts';
import { type RewriteWish, checkRewrite, rewrite } from './rewrite.ts';
import { ensurePlace } from './server-place.ts';
import type { Server } from './session.ts';
import { showSurvey, surveyJson } from './show-survey.ts';
import { readTemplate } from './templates.ts';
import { count, printable, some } from './text.ts';

export type Adoption = {
  readonly folder: FolderReading;
  readonly survey: Survey;
  readonly place: Place;
  /** Null to leave the files as they are. */
  readonly rewrite: RewriteWish | null;
  /** The demo says by itself what to try next. */
  readonly isDemo?: boolean;
};

type Answer = AnswerOf<Routes['adoptions.create']>;

/** Sends what was found to the store, and rewrites the files where that is wanted. */
export const takeIn = async (
  context: Context,
  { folder, survey: found, place, rewrite: wish, isDemo }: Adoption,
): Promise<ExitCode> => {
  const { repository, server, isNew, survey } = await prepare(context, folder, found, place, wish).catch(
    (error: unknown) => {
      // What was found is worth seeing although it cannot be taken in.
      if (!context.json) showSurvey(found, folder, context.terminal);
      throw error;
    },
  );
  if (!context.json) showSurvey(survey, folder, context.terminal);
  const plan = planRewrite(survey);
  const templates = (wish === null ? existingTargets(survey, plan) : plan.targets).map((template) =>
    withAwaited(template, survey),
  );
  const plaintext = wish?.['in-place'] === true ? [] : plaintextIn(survey, plan);
  const results = await send(context, server, { survey, templates, folder, place, plaintext });
  await markExisting(server, place, folder, templates);
  // Made from this person's own files: nobody has to be asked about them again.
  agreeToPlans(context, folder.root, place, templates);
  rememberFolder(context, folder.root, place);
  const rewritten = wish === null ? null : await rewrite(context, server, { folder, survey, place, wish, repository });
  const refused = results.flatMap(({ credentials }) => credentials.filter(({ result }) => result === 'refused'));
  context.answer(
    {
      ...surveyJson(survey, folder),
      ...place,
      results: results.flatMap((one) => one.credentials) as unknown as JsonObject[],
      changed: isNew || countChanges(results) > 0,
      rewritten: rewritten?.json ?? null,
    },
    () => {
      showResults(context, results, place, isNew);
      rewritten?.show();
      if (wish === null && isDemo !== true) showNext(context, plan, templates.length > 0);
    },
  );
  return refused.length === 0 ? DONE : FAILED;
};

/** Checks, connects, and gives what was found the names that the store has for it. */
const prepare = async (
  context: Context,
  folder: FolderReading,
  found: Survey,
  place: Place,
  wish: RewriteWish | null,
) => {
  const repository = wish === null ? undefined : await checkRewrite(context, folder, wish);
  const server = await context.server();
  const isNew = await ensurePlace(server, place);
  const survey = isNew ? found : renameCredentials(found, knownNames(found, await storedTemplates(server, place)));
  return { repository, server, isNew, survey };
};

/** Templates of an earlier adoption; none where there was none. */
const storedTemplates = async (server: Server, place: Place): Promise<readonly Template[]> => {
  const known = await server.call('renderings.list', { params: place });
  if (known.items.length === 0) return [];
  try {
    const { items } = await server.call('renderings.open', { params: place, body: { targets: [] } });
    return items.flatMap(({ plan }) => {
      try {
        return [readTemplate(plan)];
      } catch (error) {
        // Adopting again is the way out of a plan that is none.
        if (error instanceof ChatelaineError) return [];
        throw error;
      }
    });
  } catch (error) {
    // Whoever may adopt may not always render; names then come from the files alone.
    if (hasCode(error, 'deeds.denied')) return [];
    throw error;
  }
};

type Sending = {
  readonly survey: Survey;
  readonly templates: readonly Template[];
  readonly folder: FolderReading;
  readonly place: Place;
  readonly plaintext: Plaintext;
};

const send = async (
  { terminal, signal }: Context,
  server: Server,
  { survey, templates, folder, place, plaintext }: Sending,
): Promise<readonly Answer[]> => {
  const chunks = adoptionChunks(survey, templates, `folder ${folder.root}`.slice(0, 256), plaintext);
  const progress = terminal.progress('parts taken in');
  const results: Answer[] = [];
  try {
    for (const [at, body] of chunks.entries()) {
      signal.throwIfAborted();
      progress.at(at, chunks.length);
      results.push(await server.call('adoptions.create', { params: place, body }));
    }
  } finally {
    progress.end();
  }
  return results;
};

/** What stands in the files now is what was taken in: from here on, a difference is an edit by hand. */
const markExisting = async (
  server: Server,
  place: Place,
  folder: FolderReading,
  templates: readonly Template[],
): Promise<void> => {
  const written = templates.flatMap(({ path }) => {
    const file = folder.files.find((one) => one.path === path);
    return file === undefined ? [] : [{ target: path, hash: sha256(file.bytes) }];
  });
  if (written.length > 0) await server.call('renderings.written', { params: place, body: { written } });
};

const rememberFolder = ({ memory }: Context, folder: string, place: Place): void => {
  const known = memory.read().folders[folder];
  if (known?.project !== place.project || known.environment !== place.environment)
    memory.update((now) => ({ ...now, folders: { ...now.folders, [folder]: place } }));
};

const countChanges = (results: readonly Answer[]): number =>
  results.reduce(
    (sum, { credentials, renderings, findings }) =>
      sum +
      credentials.filter(({ result }) => result === 'new' || result === 'changed').length +
      renderings.filter(({ result }) => result !== 'same').length +
      findings.opened +
      findings.closed,
    0,
  );

const showResults = (
  { terminal }: Context,
  results: readonly Answer[],
  { project, environment }: Place,
  isNew: boolean,
): void => {
  const paint = terminal.paint;
  const all = results.flatMap(({ credentials }) => credentials);
  const of = (result: Answer['credentials'][number]['result']) => all.filter((one) => one.result === result);
  terminal.print();
  if (!isNew && countChanges(results) === 0 && of('refused').length === 0)
    terminal.print(paint.good(`Nothing changed since it was taken in as ${project}/${environment}.`));
  else {
    const parts = [
      [of('new').length, 'new'],
      [of('changed').length, 'changed'],
      [of('same').length, 'as they were'],
    ] as const;
    terminal.print(
      paint.good(
        `Taken in as ${project}/${environment}: ${
          parts
            .filter(([n]) => n > 0)
            .map(([n, what]) => `${n} ${what}`)
            .join(', ') || 'nothing'
        }.`,
      ),
    );
  }
  const older = of('older');
  if (older.length > 0)
    terminal.print(
      `${count(older.length, 'file value')} older than what is kept, and left alone: ${some(
        older.map(({ name }) => name),
        4,
      )}. chatelaine render brings the files up to date.`,
    );
  for (const { name, detail } of of('refused'))
    terminal.print(paint.bad(`${printable(name)} was not taken in: ${printable(detail ?? 'no reason given')}`));
  const findings = results.reduce((sum, one) => sum + one.findings.opened, 0);
  if (findings > 0)
    terminal.print(
      `${count(findings, 'finding')} noted, excused for 30 days where the files are taken as found: ${paint.command('chatelaine findings')}`,
    );
};

const showNext = ({ terminal }: Context, plan: RewritePlan, hasTargets: boolean): void => {
  const { command } = terminal.paint;
  terminal.print();
  terminal.print('Next:');
  terminal.print(`  ${command('chatelaine next')}             the one most useful thing to do`);
  if (plan.edits.length > 0)
    terminal.print(
      `  ${command('chatelaine adopt --rewrite')}  take the values in clear out of ${count(plan.edits.length, 'file')}`,
    );
  terminal.print(
    hasTargets
      ? `  ${command('chatelaine render')}           keep the files that hold values up to date, and readable to you only`
      : `  ${command('chatelaine list')}             everything that is known`,
  );
};
