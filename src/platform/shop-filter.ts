import type { FilterDef } from '@mikro-orm/core';
import type { EntityManager } from '@mikro-orm/postgresql';
import { currentTenancy } from './tenancy.js';

/** The one entity whose own id is the shop's. */
const SHOP = 'Shop';

/** What the ORM tells a filter: its arguments, what is done, by whom, with which options, to which entity. */
type Asked = [args: unknown, type: string, em: EntityManager, options?: unknown, entityName?: string];

/**
 * The first wall: whatever is read, counted, changed or deleted through the ORM is narrowed to the shop that `inShop` names, of every entity and with no
 * word of the caller's. Throws where nobody has said whose rows may be seen, and where what belongs to no shop is asked for from within one.
 */
export const SHOP_FILTER: FilterDef = {
  name: 'shop',
  default: true,
  args: false,
  cond: (...[, , em, , entityName]: Asked) => {
    const tenancy = currentTenancy();
    if (!tenancy) throw new Error(`${String(entityName)} was asked for, and nobody said of which shop: see tenancy.ts.`);
    if (!('shopId' in tenancy)) return {};
    if (entityName === SHOP) return { id: tenancy.shopId };
    const meta = entityName === undefined ? undefined : em.getMetadata().getByClassName(entityName, false);
    if (!meta || !('shopId' in meta.properties))
      throw new Error(`${String(entityName)} belongs to no shop: ask for it by acrossShops.`);
    return { shopId: tenancy.shopId };
  },
};
