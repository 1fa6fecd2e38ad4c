import { z } from 'zod';
import { id, line, time } from './fields.ts';
import { route } from './route.ts';

const secretText = z.string().min(1).max(256);

export const session = z.strictObject({
  token: z.string().describe('Shown this once'),
  accessor: id,
  identity: id,
  expiresAt: time.nullable(),
});

export const signInRoutes = {
  'sign-in.code': route({
    method: 'POST',
    path: '/sign-in',
    tag: 'sign-in',
    auth: 'public',
    status: 200,
    summary: 'Opens a session with a one-time sign-in code',
    body: z.strictObject({ code: secretText }),
    answer: session,
  }),
  'sign-in.end': route({
    method: 'DELETE',
    path: '/sign-in',
    tag: 'sign-in',
    auth: 'caller',
    status: 204,
    summary: 'Ends the session in use, with every token that came from it',
    answer: null,
  }),
  'sign-in.os-challenge': route({
    method: 'POST',
    path: '/sign-in/os/challenge',
    tag: 'sign-in',
    auth: 'public',
    status: 200,
    summary: 'On the local socket: names a file to create, which shows which user of this machine you are',
    body: z.strictObject({}),
    answer: z.strictObject({
      nonce: line,
      file: z.string().describe('Create it, empty and exclusively, within a minute'),
    }),
  }),
  'sign-in.os': route({
    method: 'POST',
    path: '/sign-in/os',
    tag: 'sign-in',
    auth: 'public',
    status: 200,
    summary: 'On the same connection, once the file is there: proves the connection, and opens a session on request',
    body: z.strictObject({
      nonce: line,
      session: z.boolean().optional().describe('Also gives a token for use elsewhere'),
    }),
    answer: z.strictObject({ identity: id, name: line, session: session.nullable() }),
  }),
  'sign-in.kit': route({
    method: 'POST',
    path: '/sign-in/recovery-kit',
    tag: 'sign-in',
    auth: 'public',
    status: 200,
    summary:
      'Break-glass: opens a session with the recovery kit, ends every other token of its owner, and says so loudly',
    body: z.strictObject({ kit: secretText }),
    answer: z.strictObject({ ...session.shape, ended: z.number().int() }),
  }),
  'sign-in-codes.create': route({
    method: 'POST',
    path: '/sign-in-codes',
    tag: 'sign-in',
    auth: 'caller',
    status: 201,
    summary: 'Makes a code that opens one session of an identity, once, within 15 minutes',
    body: z.strictObject({ identity: id }),
    answer: z.strictObject({ code: z.string(), accessor: id, identity: id, expiresAt: time.nullable() }),
  }),
} as const;
