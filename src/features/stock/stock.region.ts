import { formatQuantity, quantity, type Quantity } from '../../kernel/quantity.js';
import type { Region } from '../../platform/cache/region.js';
import { instantOf, revive } from '../../platform/revive.js';
import { StockLevel } from './stock-level.entity.js';
import { levelsStamp } from './stock-stamps.js';

interface LevelsKey {
  readonly shopId: string;
  readonly stockItemId: string;
}

interface LevelJson {
  readonly shopId: string;
  readonly id: string;
  readonly stockItemId: string;
  readonly locationId: string;
  readonly onHand: string;
  readonly reorderPoint: string | null;
  readonly reorderQuantity: string | null;
  readonly leadTimeDays: number | null;
  readonly version: number;
  readonly updatedAt: string;
}

/** What is at hand of an item, by location, and when it is to be bought: all its levels together, since a movement tells of the item and a list shows them all. */
export const LEVELS: Region<LevelsKey, readonly StockLevel[]> = {
  name: 'levels',
  version: 2,
  keyOf: ({ shopId, stockItemId }) => `${shopId}/${stockItemId}`,
  stampOf: ({ shopId, stockItemId }) => levelsStamp(shopId, stockItemId),
  remembersUnknown: false,
  loadsOnce: false,
  codec: {
    encode: (levels): LevelJson[] =>
      levels.map(({ shopId, id, stockItem, location, onHand, version, updatedAt, ...rule }) => ({
        ...{ shopId, id, version, stockItemId: stockItem.id, locationId: location.id },
        onHand: formatQuantity(onHand),
        reorderPoint: textOf(rule.reorderPoint),
        reorderQuantity: textOf(rule.reorderQuantity),
        leadTimeDays: rule.leadTimeDays ?? null,
        updatedAt: updatedAt.toISOString(),
      })),
    // The floor is the writers' matter: nobody reads it of a level that is not locked.
    decode: (levels: LevelJson[]): readonly StockLevel[] =>
      Object.freeze(
        levels.map(({ stockItemId, locationId, ...fields }) =>
          revive(StockLevel, {
            ...fields,
            stockItem: Object.freeze({ id: stockItemId }),
            location: Object.freeze({ id: locationId }),
            onHand: quantity(fields.onHand),
            reorderPoint: quantityOf(fields.reorderPoint),
            reorderQuantity: quantityOf(fields.reorderQuantity),
            updatedAt: instantOf(fields.updatedAt),
          }),
        ),
      ),
  },
};

function textOf(value: Quantity | null): string | null {
  return value && formatQuantity(value);
}

function quantityOf(text: string | null): Quantity | null {
  return text === null ? null : quantity(text);
}
