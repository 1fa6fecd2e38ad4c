import { type Engine, openWriter, statement } from '#storage';

type Tables = { version_value: { match_tag: Uint8Array | null } };
type Nothing = Record<never, never>;

const removeTags = statement<Tables>((db) => db.updateTable('version_value').set({ match_tag: null }));
const tags = statement<Tables, Nothing, { match_tag: Uint8Array | null }>((db) =>
  db.selectFrom('version_value').select('match_tag'),
);

/** Makes every version one of before there were tags. */
export const untag = (engine: Engine): Promise<unknown> => openWriter(engine).commit((tx) => tx.run(removeTags, {}));

/** What the column holds, in hexadecimal, in order. */
export const tagsOf = async (engine: Engine): Promise<readonly (string | null)[]> =>
  (await engine.read((tx) => tx.all(tags, {})))
    .map(({ match_tag }) => (match_tag === null ? null : Buffer.from(match_tag).toString('hex')))
    .toSorted((a, b) => ((a ?? '') < (b ?? '') ? -1 : 1));
