import { CredentialPath, hasCode, matchName } from '#kernel';
import type { Deed } from '#deeds';
import { systemCaller } from '#identity';
import { type PlaceFacts, credentialById, placeFacts, whereIs } from '#inventory';
import type { SealedValue } from '#sealing';
import { tagOfName } from './match-tag.ts';
import type { SecretsPorts } from './ports.ts';
import { type UntaggedRow, setTag, untagged, versionBySerial } from './tables.ts';
import { leavesOf, parseValue } from './value.ts';
import { bindingFor } from './version.ts';

/** Leaves that are tagged by one round. */
const ROUND = 1_000;

/**
 * Gives tags to versions of before there were any. The program opens them by itself, so each credential has an entry
 * that says so, before it is opened. Nothing leaves the program. Gives how many leaves were tagged; 0 when none waits.
 */
export const tagOlderVersions = async (ports: SecretsPorts): Promise<number> => {
  const waiting = await ports.engine.read((tx) => tx.all(untagged, { count: ROUND }));
  for (const [credential, rows] of Map.groupBy(waiting, (row) => row.credential)) await tagOne(ports, credential, rows);
  return waiting.length;
};

const tagOne = async (ports: SecretsPorts, id: string, rows: readonly UntaggedRow[]): Promise<void> => {
  const path = await ports.engine.read(async (tx) => {
    const [row, place] = [await tx.one(credentialById, { id }), await whereIs(tx, id)];
    return row === undefined || place === undefined
      ? null
      : CredentialPath.of(place.project, place.environment, row.name);
  });
  if (path === null) return;
  const names: Named[] = [];
  for (const [serial, leaves] of Map.groupBy(rows, (row) => row.serial))
    names.push(...(await nameLeaves(ports, path, id, serial, leaves)));
  await ports.deeds.perform(storeTags(ports), systemCaller(), { path, id, names });
};

type Named = Pick<UntaggedRow, 'serial' | 'leaf'> & { readonly name: Uint8Array | null };

/** What cannot be opened has no name: nobody can be handed it either, and `doctor` says what is wrong with it. */
const nameLeaves = async (
  { deeds, engine, sealing }: SecretsPorts,
  path: CredentialPath,
  id: string,
  serial: number,
  leaves: readonly UntaggedRow[],
): Promise<readonly Named[]> => {
  const { output, receipt } = await deeds.perform(findToTag, systemCaller(), { path, id, serial });
  if (output === null) return leaves.map(({ leaf }) => ({ serial, leaf, name: null }));
  try {
    return await deeds.withKeys(() =>
      engine.read(async (tx) => {
        const key = await sealing.matchMac(tx, output.scope);
        const sealed = { ...output.sealed, chain: await sealing.chain(tx, id) };
        const texts = new Map(
          leavesOf(parseValue(sealing.open(receipt, sealed))).map((leaf) => [leaf.path.join('.'), leaf.text]),
        );
        return leaves.map(({ leaf }) => ({ serial, leaf, name: matchName(key, texts.get(leaf) ?? '') }));
      }),
    );
  } catch (error) {
    if (!hasCode(error, 'sealing.damaged')) throw error;
    return leaves.map(({ leaf }) => ({ serial, leaf, name: null }));
  }
};

type ToTag = { readonly scope: string; readonly sealed: Omit<SealedValue, 'chain'> };
type Where = { readonly path: CredentialPath; readonly id: string };

/** A suspended credential is not handed out, and this hands it to nobody. */
const ownFacts = async (
  tx: Parameters<typeof placeFacts>[0],
  { path }: { readonly path: CredentialPath },
): Promise<PlaceFacts> => {
  const facts = await placeFacts(tx, path);
  return { ...facts, resource: { ...facts.resource, state: null } };
};

const findToTag: Deed<Where & { readonly serial: number }, ToTag | null, PlaceFacts> = {
  name: 'open-to-tag',
  action: 'credential.match',
  effect: 'reveal',
  facts: ownFacts,
  async find(tx, { path, id, serial }, { credential, place }) {
    const row = await tx.one(versionBySerial, { credential: id, serial });
    if (credential?.id !== id || place === undefined || row === undefined || row.envelope === null) return null;
    return {
      scope: place.project_id,
      sealed: {
        resource: id,
        envelope: row.envelope,
        binding: bindingFor(path, serial),
        what: `${path} version ${row.number ?? serial}`,
      },
    };
  },
  summary: ({ serial }) => ({ note: `opened by the program to tag it, serial ${serial}` }),
};

export const storeTags = ({
  sealing,
}: SecretsPorts): Deed<Where & { readonly names: readonly Named[] }, number, PlaceFacts> => ({
  name: 'tag-versions',
  action: 'credential.match',
  effect: 'change',
  facts: ownFacts,
  async apply(tx, { id, names }, { credential, place }) {
    // Transferred or destroyed meanwhile: the next round finds it where it is then.
    if (credential?.id !== id || place === undefined) return 0;
    for (const { serial, leaf, name } of names)
      await tx.run(setTag, { credential: id, serial, leaf, tag: tagOfName(sealing, place.environment_id, name) });
    return names.length;
  },
  summary: (_input, tagged) => ({ note: `${tagged} tagged` }),
});
