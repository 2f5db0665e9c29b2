import { formatQuantity, quantity } from '../../kernel/quantity.js';
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
  readonly version: number;
  readonly updatedAt: string;
}

/** What is at hand of an item, by location: all its levels together, since a movement tells of the item and a list shows them all. */
export const LEVELS: Region<LevelsKey, readonly StockLevel[]> = {
  name: 'levels',
  version: 1,
  keyOf: ({ shopId, stockItemId }) => `${shopId}/${stockItemId}`,
  stampOf: ({ shopId, stockItemId }) => levelsStamp(shopId, stockItemId),
  remembersUnknown: false,
  loadsOnce: false,
  codec: {
    encode: (levels): LevelJson[] =>
      levels.map(({ shopId, id, stockItem, location, onHand, version, updatedAt }) => ({
        ...{ shopId, id, version, stockItemId: stockItem.id, locationId: location.id },
        onHand: formatQuantity(onHand),
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
            updatedAt: instantOf(fields.updatedAt),
          }),
        ),
      ),
  },
};
