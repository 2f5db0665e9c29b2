import { NotFoundError } from '../../kernel/errors.js';
import type { ConstraintRefusals } from '../../platform/database-errors.js';

export function noSuchEndpoint(field: string): NotFoundError {
  return new NotFoundError('The shop has no such webhook endpoint.', [field]);
}

export function noSuchDelivery(): NotFoundError {
  return new NotFoundError('The shop has no such webhook delivery.', ['id']);
}

/** What the database says when it is asked to break this room's rules. */
export const WEBHOOK_REFUSALS: ConstraintRefusals = {
  // It was deleted meanwhile.
  webhook_delivery_shop_id_endpoint_id_foreign: () => noSuchEndpoint('id'),
};
