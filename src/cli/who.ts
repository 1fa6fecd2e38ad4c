import { ChatelaineError, isId, nearest } from '#kernel';
import { cliError } from './errors.ts';
import type { Server } from './session.ts';

/** The id of an identity, from its id, its name, or `me`. */
export const identityId = async (server: Server, who: string): Promise<string> => {
  if (who === 'me') return (await server.call('me.show')).identity;
  if (isId('idn', who)) return who;
  const names: string[] = [];
  for await (const one of server.items('identities.list')) {
    if (one.name === who || one.id === who) return one.id;
    names.push(one.name);
  }
  const close = nearest(who, names);
  throw cliError('stuck_data', 'There is nobody of that name.', {
    instead:
      close === ''
        ? 'chatelaine identity list shows who is known.'
        : `Did you mean ${close}? chatelaine identity list shows who is known.`,
  });
};

/** Ids of identities by their names, for reading; empty where the caller may not see them. */
export const namesOf = async (server: Server): Promise<(id: string | null) => string> => {
  const names = new Map<string, string>();
  try {
    for await (const { id, name } of server.items('identities.list', { query: { limit: '500' } })) names.set(id, name);
  } catch (error) {
    if (!(error instanceof ChatelaineError) || error.fault !== 'refused') throw error;
  }
  return (id) => (id === null ? '' : (names.get(id) ?? id));
};
