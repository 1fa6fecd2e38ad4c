import type { WriteTx } from '../engine.ts';
import { KEYS } from './guarded-tables.ts';

/** Tables whose rows bore a code before there was a guard, so that older true rows of theirs may be about. */
const CODED_BEFORE = ['recovery_kit', 'identity', 'token', 'role_grant', 'policy', 'rule_exception'] as const;

/** Has the guard keep every row there is as its newest state. For the first commit with a guard. */
export const keepEveryRow = async (tx: WriteTx): Promise<void> => {
  for (const table of CODED_BEFORE) {
    const key = KEYS[table];
    const rows = await tx.query<Tables, Row>((db) => db.selectFrom(table).select([`${key} as id`, 'mac']) as never);
    for (const { id, mac } of rows) tx.keep({ table, id: String(id), mac, isFirst: false });
  }
};

type Row = { readonly id: string | number; readonly mac: Uint8Array };
type Tables = Record<(typeof CODED_BEFORE)[number], Row & { readonly accessor: string }>;
