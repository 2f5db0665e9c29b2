/** Row ids of the item and of the location that a level belongs to. */
export interface Place {
  readonly stockItemId: string;
  readonly locationId: string;
}

export function placeKey(place: Place): string {
  return `${place.stockItemId}/${place.locationId}`;
}
