import type { Job } from '../../platform/outbox/job.js';
import type { CodeParkedEvent } from './barcode.events.js';
import { isPublicGtin } from './codes/public-gtin.js';

export const PRODUCT_LOOKUP_TASK = 'product.look-up';

export interface ProductLookupPayload {
  /** 14 digits. */
  readonly gtin: string;
}

/** A code that is no product's number all over the world is the shop's own affair and asked of nobody. */
export function lookUpsOfCodes({ shopId, codes }: CodeParkedEvent): Job[] {
  return codes.filter(isPublicGtin).map((gtin) => {
    const payload: ProductLookupPayload = { gtin };
    return { task: PRODUCT_LOOKUP_TASK, shopId, key: gtin, payload: { ...payload } };
  });
}
