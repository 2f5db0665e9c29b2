export const MOVEMENT_KINDS = [
  'RECEIPT',
  'ISSUE',
  'ADJUSTMENT',
  'COUNT',
  'TRANSFER_OUT',
  'TRANSFER_IN',
  'SALE',
  'RETURN',
  'DAMAGE',
  'EXPIRY',
  'REVERSAL',
] as const;
export type MovementKind = (typeof MOVEMENT_KINDS)[number];
