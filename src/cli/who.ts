import { nearest } from '#kernel';
import { cliError } from './errors.ts';
import type { Server } from './session.ts';

/** The id of an identity, from its id, its name, or `me`. */
export const identityId = async (server: Server, who: string): Promise<string> => {
  if (who === 'me') return (await server.call('me.show')).identity;
  if (who.startsWith('ident_') || who.startsWith('id_')) return who;
  const names: string[] = [];
  for await (const one of server.items('identities.list')) {
    if (one.name === who || one.id === who) return one.id;
    names.push(one.name);
  }
  const close = nearest(who, names);
  throw cliError('stuck_data', 'There is nobody of that name.', { instead: close === '' ? 'chatelaine identity list shows who is known.' : `Did you mean ${close}? chatelaine identity list shows who is known.` });
};
