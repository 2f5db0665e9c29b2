import { CutOffError, type SharedTier } from './shared-tier.js';

/** No memory at all. An instance that uses no cache is a member nevertheless: it announces nothing, so nobody else may use one beside it. */
export const NO_TIER: SharedTier = {
  link: undefined,
  isRemote: false,
  isResting: false,
  open: () => Promise.resolve(),
  get: refuse,
  set: refuse,
  offer: refuse,
  setIfAbsent: refuse,
  close: () => Promise.resolve(),
};

function refuse(): Promise<never> {
  return Promise.reject(new CutOffError('This instance uses no cache.'));
}
