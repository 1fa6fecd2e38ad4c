import type { Occurrence } from '../finding.ts';

/** `config/app.yaml:12`, `firmware.bin at byte 4096`, `(message of commit 1a2b3c4d)`. */
export const placeOf = ({ path, origin, line, offset }: Occurrence): string => {
  if (origin.type === 'message') return `${path} (message of a ${origin.of})`;
  return line === null ? `${path} at byte ${offset}` : `${path}:${line}`;
};

/** Where it came from beyond its path: the commit, the encoding, the name. Clauses, without values. */
export const clausesOf = ({ commit, encodings, name, origin }: Occurrence): readonly string[] => [
  ...(name === null ? [] : [`named ${name}`]),
  ...(encodings.length === 0 ? [] : [`inside ${encodings.join(' in ')}`]),
  ...(origin.type === 'staged' ? ['staged'] : []),
  ...(commit === undefined
    ? []
    : [
        `since commit ${commit.id.slice(0, 10)} of ${commit.date.slice(0, 10)} by ${commit.author}`,
        commit.inHead ? 'still there' : 'in history only',
      ]),
];
