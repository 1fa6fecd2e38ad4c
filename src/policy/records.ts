import { type Place, placeOf } from './place.ts';
import type { ExceptionRow, GrantRow, PolicyRow } from './tables.ts';

export type GrantRecord = {
  readonly id: string;
  readonly identity: string;
  readonly role: string;
  readonly place: Place;
  readonly reason: string;
  readonly createdAt: number;
  readonly createdBy: string;
  readonly endsAt: number | null;
};

export type ExceptionRecord = {
  readonly id: string;
  readonly rule: string;
  readonly resource: string;
  readonly reason: string;
  readonly createdAt: number;
  readonly createdBy: string;
  readonly endsAt: number;
};

export type PolicyRecord = {
  readonly id: string;
  readonly project: string | null;
  readonly text: string;
  readonly createdAt: number;
  readonly createdBy: string;
};

export const grantRecord = (row: GrantRow): GrantRecord => ({
  id: row.id,
  identity: row.identity,
  role: row.role,
  place: placeOf(row),
  reason: row.reason,
  createdAt: row.created_at,
  createdBy: row.created_by,
  endsAt: row.ends_at,
});

export const exceptionRecord = (row: ExceptionRow): ExceptionRecord => ({
  id: row.id,
  rule: row.rule,
  resource: row.resource,
  reason: row.reason,
  createdAt: row.created_at,
  createdBy: row.created_by,
  endsAt: row.ends_at,
});

export const policyRecord = (row: PolicyRow): PolicyRecord => ({
  id: row.id,
  project: row.project,
  text: row.text,
  createdAt: row.created_at,
  createdBy: row.created_by,
});
