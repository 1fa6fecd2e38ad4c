import { Secret } from '#kernel';
import type { Known } from '#scanner/replace';
import type { Context } from '../context.ts';
import { placeOf } from '../place.ts';
import { tryValues } from '../read-values.ts';
import { some } from '../text.ts';
import { textLeaves } from '../value.ts';

/** Every value of the store for this folder that the person may read, with its name. One bulk read, which is recorded. */
export const knownValues = async (context: Context): Promise<readonly Known[]> => {
  const server = await context.server();
  const place = placeOf(context, { project: undefined, environment: undefined });
  const paths: string[] = [];
  for await (const one of server.items('credentials.list', { query: { ...place, limit: '500' } }))
    if (one.version > 0) paths.push(one.path);
  const results = await tryValues(server, paths);
  const refused = results.flatMap((result, at) => (result.ok ? [] : [paths[at]!]));
  if (refused.length > 0) context.terminal.say(`chatelaine: not handed out, so not known here: ${some(refused, 4)}`);
  return results.flatMap((result, at) =>
    result.ok
      ? textLeaves(result.value).map(([, text]): Known => ({ path: paths[at]!, value: Secret.fromText(text) }))
      : [],
  );
};
