/** Row ids of the item and of the location that a level belongs to. */
export interface Place {
  readonly stockItemId: string;
  readonly locationId: string;
}

export function placeKey(place: Place): string {
  return `${place.stockItemId}/${place.locationId}`;
}

/** The placeKey of a level. */
export function placeKeyOf(level: {
  readonly stockItem: { readonly id: string };
  readonly location: { readonly id: string };
}): string {
  return placeKey({ stockItemId: level.stockItem.id, locationId: level.location.id });
}
