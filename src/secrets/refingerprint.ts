import type { Mac } from '#kernel';
import { type WriteTx, statement } from '#storage';
import { type Tables, type VersionValueRow, versionValuesAfter } from './tables.ts';

/** Rows read at once. */
const PAGE = 1_000;

type Fingerprint = { readonly fingerprint: Uint8Array };
type Change = { readonly before: Uint8Array; readonly after: Uint8Array };
type Place = Pick<VersionValueRow, 'credential' | 'serial' | 'leaf'>;

const homesAfter = statement<Tables, { after: Uint8Array }, Fingerprint>((db, { after }) =>
  db.selectFrom('value_home').select('fingerprint').where('fingerprint', '>', after).orderBy('fingerprint').limit(PAGE),
);
const moveHome = statement<Tables, Change>((db, { before, after }) =>
  db.updateTable('value_home').set({ fingerprint: after }).where('fingerprint', '=', before),
);
const moveValue = statement<Tables, Place & Fingerprint>((db, { credential, serial, leaf, fingerprint }) =>
  db
    .updateTable('version_value')
    .set({ fingerprint })
    .where('credential', '=', credential)
    .where('serial', '=', serial)
    .where('leaf', '=', leaf),
);
const tagsAfter = statement<Tables, { after: Uint8Array }, { match_tag: Uint8Array }>((db, { after }) =>
  db
    .selectFrom('version_value')
    .select((eb) => eb.ref('match_tag').$castTo<Uint8Array>().as('match_tag'))
    .distinct()
    .where('match_tag', '>', after)
    .orderBy('match_tag')
    .limit(PAGE),
);
const moveTags = statement<Tables, Change>((db, { before, after }) =>
  db.updateTable('version_value').set({ match_tag: after }).where('match_tag', '=', before),
);

/**
 * Puts every fingerprint under a further key. No value is opened: the new fingerprint is made from the old one. Homes are
 * all read before one is changed: a new one may come again. Gives how many values have one.
 */
export const refingerprint = async (tx: WriteTx, mac: Mac): Promise<number> => {
  const homes: Uint8Array[] = [];
  for (let after: Uint8Array | undefined = new Uint8Array(); after !== undefined;) {
    const page: readonly Fingerprint[] = await tx.all(homesAfter, { after });
    for (const { fingerprint } of page) homes.push(fingerprint);
    after = page.at(-1)?.fingerprint;
  }
  for (const before of homes) await tx.run(moveHome, { before, after: mac.tag(before) });
  for (let last: Place | undefined = { credential: '', serial: -1, leaf: '' }; last !== undefined;) {
    const page: readonly VersionValueRow[] = await tx.all(versionValuesAfter, { ...last, count: PAGE });
    for (const { credential, serial, leaf, fingerprint } of page)
      await tx.run(moveValue, { credential, serial, leaf, fingerprint: mac.tag(fingerprint) });
    last = page.at(-1);
  }
  await retag(tx, mac);
  return homes.length;
};

/** The same for the tags that scans are matched by. All are read before one is changed: a new one may come again. */
const retag = async (tx: WriteTx, mac: Mac): Promise<void> => {
  const known: Uint8Array[] = [];
  for (let after: Uint8Array | undefined = new Uint8Array(); after !== undefined;) {
    const page: readonly { readonly match_tag: Uint8Array }[] = await tx.all(tagsAfter, { after });
    for (const { match_tag } of page) known.push(match_tag);
    after = page.at(-1)?.match_tag;
  }
  for (const before of known) await tx.run(moveTags, { before, after: mac.tag(before) });
};
