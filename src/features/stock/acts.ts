import { createHash } from 'node:crypto';
import { formatQuantity, type Quantity } from '../../kernel/quantity.js';
import type { ItemRef } from '../catalog/index.js';
import type { KeyScope } from './idempotency-key.entity.js';

/** A client's key, which makes an act safe to send again. */
export interface ActKey {
  readonly scope: KeyScope;
  readonly key: string;
}

export const RECEIPT_KINDS = ['RECEIPT', 'RETURN'] as const;
export const ISSUE_KINDS = ['ISSUE', 'SALE', 'DAMAGE', 'EXPIRY'] as const;
export type MoveKind = (typeof RECEIPT_KINDS)[number] | (typeof ISSUE_KINDS)[number] | 'ADJUSTMENT' | 'COUNT';

interface ActBase {
  readonly key: ActKey;
  readonly reason?: string | undefined;
}

/** Row ids; undefined inside a LocationRef where the client's global id was none of a location. */
export interface LocationRef {
  readonly id: string | undefined;
}

/**
 * One business act on one level. quantity is positive for receipts and issues, signed for an adjustment, and what was found for a count.
 * Without a location: the one the actor is bound to, or the shop's only one.
 */
export interface MoveAct extends ActBase {
  readonly type: 'MOVE';
  readonly kind: MoveKind;
  readonly item: ItemRef;
  readonly location?: LocationRef | undefined;
  readonly quantity: Quantity;
  readonly reference?: string | undefined;
  readonly expectOnHand?: Quantity | undefined;
  readonly occurredAt?: Date | undefined;
}

export interface TransferAct extends ActBase {
  readonly type: 'TRANSFER';
  readonly item: ItemRef;
  readonly from: LocationRef;
  readonly to: LocationRef;
  readonly quantity: Quantity;
}

/** The opposite of a movement; of both lines where it was one of a transfer. */
export interface ReversalAct extends ActBase {
  readonly type: 'REVERSAL';
  readonly movementId: string | undefined;
}

export type StockAct = MoveAct | TransferAct | ReversalAct;

/** SHA-256 of what the client asked for, its key apart: equal for equal acts, however their quantities were written. */
export function hashAct(act: StockAct): Buffer {
  const canonical = JSON.stringify({ ...act, key: undefined }, (_name, value: unknown) => canonicalValue(value));
  return createHash('sha256').update(canonical).digest();
}

function canonicalValue(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  const entries = Object.entries(value).map(
    ([field, inner]) => [field, isQuantity(inner) ? formatQuantity(inner) : inner] as const,
  );
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)));
}

function isQuantity(value: unknown): value is Quantity {
  return typeof value === 'object' && value !== null && 'toFixed' in value;
}
