import { toUserError } from '../../graphql/user-error.schema.js';
import { toItemRef } from '../catalog/index.js';
import { idOf } from '../../graphql/global-id.js';
import type { MoveAct, MoveKind, StockAct, TransferAct } from './acts.js';
import type { Verdict } from './verdict.js';
import type { StockActInput, StockInput, StockTransferInput } from './stock-input.schema.js';
import type { StockPayloadValue, StockTransferPayloadValue } from './stock.schema.js';

const KIND_OF_FIELD = {
  receive: 'RECEIPT',
  return: 'RETURN',
  issue: 'ISSUE',
  sale: 'SALE',
  damage: 'DAMAGE',
  expiry: 'EXPIRY',
  adjust: 'ADJUSTMENT',
  count: 'COUNT',
} as const satisfies Record<string, MoveKind>;
const MOVE_FIELDS = Object.keys(KIND_OF_FIELD) as (keyof typeof KIND_OF_FIELD)[];

export function toMoveAct(kind: MoveKind, input: StockInput): MoveAct {
  return {
    type: 'MOVE',
    kind,
    key: { scope: 'STOCK', key: input.key },
    item: toItemRef(input.stockItem),
    location: input.location == null ? undefined : { id: idOf('Location', input.location) },
    quantity: input.quantity,
    reason: said(input.reason),
    reference: said(input.reference),
    expectOnHand: input.expectOnHand ?? undefined,
  };
}

export function toTransferAct(input: StockTransferInput): TransferAct {
  return {
    type: 'TRANSFER',
    key: { scope: 'STOCK', key: input.key },
    item: toItemRef(input.stockItem),
    from: { id: idOf('Location', input.from) },
    to: { id: idOf('Location', input.to) },
    quantity: input.quantity,
    reason: said(input.reason),
  };
}

/** The one act that a StockActInput holds, and the field it stands in. */
export function toAct(input: StockActInput): { field: string; act: StockAct } {
  if (input.transfer) return { field: 'transfer', act: toTransferAct(input.transfer) };
  for (const field of MOVE_FIELDS) {
    const move = input[field];
    if (move) return { field, act: toMoveAct(KIND_OF_FIELD[field], move) };
  }
  throw new TypeError('A @oneOf input came through with no field set.');
}

/** `at`: where in the request the act stands; the refusal's own path is put behind it. */
export function toStockPayload(verdict: Verdict, at: readonly string[] = []): StockPayloadValue {
  const { movements, levels, refusal, status } = verdict;
  return {
    movement: movements[0] ?? null,
    movements,
    level: levels[0] ?? null,
    replayed: status === 'REPLAYED',
    userErrors: refusal ? [withPath(toUserError(refusal), at)] : [],
  };
}

export function toTransferPayload(verdict: Verdict): StockTransferPayloadValue {
  const { movements, replayed, userErrors } = toStockPayload(verdict);
  const [from, to] = verdict.levels;
  return { movements, from: from ?? null, to: to ?? null, replayed, userErrors };
}

function withPath<E extends { path: readonly string[] }>(error: E, at: readonly string[]): E {
  return { ...error, path: [...at, ...error.path] };
}

/** A blank note says nothing: it is the same act as one without. */
function said(note: string | null | undefined): string | undefined {
  const text = note?.trim();
  return text === '' ? undefined : text;
}
