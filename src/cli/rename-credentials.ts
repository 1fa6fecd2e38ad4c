import { type FoundCredential, type Hole, type Slot, type Survey, type Template, templateOf } from '#formats';

/**
 * Names that the store knows, by what this survey would call the same credentials. Once a value has moved into a secrets
 * file, a fresh look would name it after its entry there; the template of that file remembers what it is called.
 */
export const knownNames = (survey: Survey, stored: readonly Template[]): ReadonlyMap<string, string> => {
  const names = new Map<string, string>();
  const taken = new Set<string>();
  for (const template of stored) {
    const reading = survey.readings.find(({ path }) => path === template.path);
    if (reading === undefined || reading.text === null) continue;
    const before = holesByPlace(template);
    for (const [place, hole] of holesByPlace(templateOf(survey, reading))) {
      const known = before.get(place)?.credential;
      if (known === undefined || names.has(hole.credential) || taken.has(known)) continue;
      names.set(hole.credential, known);
      taken.add(known);
    }
  }
  return names;
};

/** Each hole by the line it stands in, up to it: an entry keeps its place when others come or go. */
const holesByPlace = ({ parts }: Template): ReadonlyMap<string, Hole> => {
  const places = new Map<string, Hole>();
  let line = '';
  for (const part of parts) {
    if (typeof part === 'string') line = part.includes('\n') ? part.slice(part.lastIndexOf('\n') + 1) : line + part;
    else {
      if (part.awaited !== undefined) line = part.awaited.before.trimStart();
      for (const [at, hole] of holesOf(part).entries()) places.set(`${line}\0${at}`, hole);
    }
  }
  return places;
};

const holesOf = ({ pieces }: Slot): readonly Hole[] =>
  pieces.flatMap((piece) => ('credential' in piece ? [piece] : []));

/** The survey with other names; a name that would be given twice is kept as it is. */
export const renameCredentials = (survey: Survey, names: ReadonlyMap<string, string>): Survey => {
  if ([...names].every(([from, to]) => from === to)) return survey;
  const targets = new Set(names.values());
  const nameOf = (name: string): string => {
    const known = names.get(name);
    if (known !== undefined) return known;
    for (let i = 2, free = name; ; free = `${name}-${i++}`) if (!targets.has(free)) return free;
  };
  const renamed = new Map(
    survey.credentials.map((one): [FoundCredential, FoundCredential] => [one, { ...one, name: nameOf(one.name) }]),
  );
  return {
    ...survey,
    credentials: survey.credentials.map((one) => renamed.get(one)!),
    credentialOf: new Map([...survey.credentialOf].map(([key, one]) => [key, renamed.get(one)!])),
    shared: survey.shared.map((one) => ({ ...one, credential: nameOf(one.credential) })),
    orphans: survey.orphans.map((one) => ({
      ...one,
      credential: one.credential === null ? null : nameOf(one.credential),
    })),
  };
};
