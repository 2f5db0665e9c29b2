/** Stands for the levels of an item at all locations. Each movement of the item renews it. */
export function levelsStamp(shopId: string, stockItemId: string): string {
  return `levels/${shopId}/${stockItemId}`;
}
