import { AsyncLocalStorage } from 'node:async_hooks';

/** Whose rows may be seen: one shop's. An Actor is one. */
export interface ShopTenancy {
  /** Row id of the shop. */
  readonly shopId: string;
}

/** Whose rows may be seen: everybody's. For the few who look for a shop still, or serve all of them: every use of it is to be accounted for. */
export const EVERY_SHOP = Object.freeze({ everyShop: true });

export type Tenancy = ShopTenancy | typeof EVERY_SHOP;

const tenancies = new AsyncLocalStorage<Tenancy>();

/**
 * Runs `act`, and all that it awaits, confined to the shop. Throws where another shop's act is going on: whoever serves one shop has no business in a
 * second one, unless he says `acrossShops` first.
 */
export function inShop<T>(shopId: string, act: () => T): T {
  const current = tenancies.getStore();
  if (current && 'shopId' in current) {
    if (current.shopId !== shopId) throw new Error('An act of one shop would act for another one.');
    return act();
  }
  return tenancies.run({ shopId }, act);
}

/** Runs `act`, and all that it awaits, confined to no shop. The named exception: key look-up, sign-in, outbox, sweeps, commands, tables without shop. */
export function acrossShops<T>(act: () => T): T {
  return tenancies.run(EVERY_SHOP, act);
}

/** `inShop` or `acrossShops`, as `tenancy` says. */
export function within<T>(tenancy: Tenancy, act: () => T): T {
  return 'shopId' in tenancy ? inShop(tenancy.shopId, act) : acrossShops(act);
}

/** Undefined where nobody has said whose rows may be seen: then none may. */
export function currentTenancy(): Tenancy | undefined {
  return tenancies.getStore();
}
