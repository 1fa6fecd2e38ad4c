import { z } from 'zod';
import { count, id, jsonObject, line, sha256, slug, time } from './fields.ts';
import { route } from './route.ts';

const sealState = z.enum(['uninitialised', 'locked', 'unlocked']);
const passphrase = z.string().min(1).max(1_024);

/** Who asks, as it was proven. */
const self = z.strictObject({
  identity: id,
  name: line,
  kind: z.enum(['person', 'service', 'device']),
  operator: z.boolean(),
  factors: z.array(line),
  accessor: z.string().nullable(),
  expiresAt: time.nullable(),
  /** Where the caller sees anything at all; null is not narrowed. */
  sees: z.array(
    z.strictObject({ project: slug.nullable(), environment: slug.nullable(), prefix: z.string().nullable() }),
  ),
});

/** One thing that the doctor looked at. */
const check = z.strictObject({
  id: line,
  title: line,
  state: z.enum(['good', 'warning', 'bad']),
  detail: z.string(),
  remedy: z.string(),
});

export const installationRoutes = {
  'status.show': route({
    method: 'GET',
    path: '/status',
    tag: 'installation',
    auth: 'public',
    status: 200,
    summary: 'Whether it is locked, a demo, and which version; nothing else without a caller',
    answer: z.strictObject({ state: sealState, demo: z.boolean(), version: line }),
  }),
  'health.show': route({
    method: 'GET',
    path: '/health',
    tag: 'installation',
    auth: 'caller',
    status: 200,
    summary: 'How the installation is: ledger, disk, clock, guard of the root key',
    answer: z.strictObject({
      state: sealState,
      provider: line,
      upFor: z.string(),
      entries: count,
      revision: count,
      facts: jsonObject,
    }),
  }),
  'me.show': route({
    method: 'GET',
    path: '/me',
    tag: 'sign-in',
    auth: 'caller',
    status: 200,
    summary: 'Who you are here, by what you proved',
    answer: self,
  }),
  'lock.do': route({
    method: 'POST',
    path: '/lock',
    tag: 'installation',
    auth: 'caller',
    status: 200,
    summary: 'Drops the root key from memory; nothing is handed out until somebody unlocks',
    body: z.strictObject({}),
    answer: z.strictObject({ state: sealState }),
  }),
  'unlock.do': route({
    method: 'POST',
    path: '/unlock',
    tag: 'installation',
    auth: 'public',
    status: 200,
    summary:
      'Unlocks with the configured guard of the root key (asked on its machine only), its passphrase, or the recovery kit’s key',
    body: z.strictObject({ passphrase: passphrase.optional(), recoveryKey: passphrase.optional() }),
    answer: z.strictObject({ state: sealState }),
  }),
  'rekey.do': route({
    method: 'POST',
    path: '/rekey',
    tag: 'installation',
    auth: 'caller',
    status: 200,
    summary: 'Makes a fresh root key and wraps every key anew, online',
    body: z.strictObject({ passphrase: passphrase.optional() }),
    answer: z.strictObject({ rewrapped: count }),
  }),
  'kit.create': route({
    method: 'POST',
    path: '/kit',
    tag: 'installation',
    auth: 'caller',
    reveals: true,
    status: 200,
    summary: 'Makes a recovery kit for the caller, shown once; the one before ends',
    body: z.strictObject({ replace: z.boolean().optional().describe('Also where another owner’s kit ends by it') }),
    answer: z.strictObject({
      page: z.string().describe('The page to print, as text'),
      html: z.string().describe('The same for a browser to print: no script, nothing loaded'),
    }),
  }),
  'kit.show': route({
    method: 'GET',
    path: '/kit',
    tag: 'installation',
    auth: 'caller',
    status: 200,
    summary: 'The recovery kit in force: whose, since when, whether it lies in a safe place; nothing of what it opens',
    answer: z.strictObject({
      kit: z
        .strictObject({
          madeAt: time,
          confirmedAt: time.nullable(),
          owner: z.strictObject({ id, name: line }).nullable(),
          signsIn: z.boolean().describe('False once it was used to break the glass'),
        })
        .nullable(),
    }),
  }),
  'kit.revoke': route({
    method: 'DELETE',
    path: '/kit',
    tag: 'installation',
    auth: 'caller',
    status: 204,
    summary: 'Ends the recovery kit in force: its page opens nothing of this database any more',
    answer: null,
  }),
  'kit.confirm': route({
    method: 'POST',
    path: '/kit/confirm',
    tag: 'installation',
    auth: 'caller',
    status: 204,
    summary: 'Says that the recovery kit lies in a safe place; ends the reminders',
    body: z.strictObject({}),
    answer: null,
  }),
  'backup.create': route({
    method: 'POST',
    path: '/backups',
    tag: 'installation',
    auth: 'caller',
    status: 200,
    summary: 'Backs up into the server’s own folder, encrypted to the recovery kit',
    body: z.strictObject({}),
    answer: z.strictObject({ file: z.string(), bytes: count, sha256, rows: count }),
  }),
  'doctor.run': route({
    method: 'POST',
    path: '/doctor',
    tag: 'installation',
    auth: 'caller',
    status: 200,
    summary: 'Looks whether database and ledger tell one story, while the server runs',
    body: z.strictObject({}),
    answer: z.strictObject({ bad: count, warnings: count, checks: z.array(check) }),
  }),
} as const;
