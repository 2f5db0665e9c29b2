/** LOW_STOCK: at or below the reorder point. OUT_OF_STOCK: nothing left to promise. NEGATIVE_STOCK: more was taken than was there. */
export const ALERT_KINDS = ['LOW_STOCK', 'OUT_OF_STOCK', 'NEGATIVE_STOCK'] as const;
export type AlertKind = (typeof ALERT_KINDS)[number];
