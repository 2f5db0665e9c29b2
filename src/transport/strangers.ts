import { RequestError } from '../kernel/errors.js';
import type { Limiter } from '../platform/limits/limiter.js';
import { networkOf } from '../platform/limits/network.js';

/**
 * Counts a request from this address that nothing valid came with. Refuses (TOO_MANY_REQUESTS) where there were too many. To be asked after what was shown
 * has been looked at: behind the address of a stranger may be all the tills of a shop.
 */
export async function countStranger(strangers: Limiter | undefined, address: string): Promise<void> {
  const taken = await strangers?.take(networkOf(address));
  if (taken?.ok !== false) return;
  throw new RequestError(
    'TOO_MANY_REQUESTS',
    'Too many requests without a key that is valid: try again later.',
    taken.retryAfterMs,
  );
}
