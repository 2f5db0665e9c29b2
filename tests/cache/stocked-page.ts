import type { App } from '../../src/app.js';
import { quantity } from '../../src/kernel/quantity.js';

const ITEMS = 60;
const CATEGORIES = 3;
const LOCATIONS = 4;

/** A shop with enough for a page of items that have category, parent, levels and locations. */
export interface StockedPage {
  readonly owner: string;
  /** Stands in the first location, and looks up. */
  readonly device: string;
  readonly barcodes: readonly string[];
}

export async function stockPage(app: App): Promise<StockedPage> {
  const { apiKeys, categories, items, locations, movements, shops } = app.services;
  const { actor, secret, location } = await shops.create({ name: 'Page', currency: 'ZAR', timeZone: 'Africa/Johannesburg' });
  const food = await categories.create(actor, { code: 'FOOD', name: 'Food' });
  const shelves = [location];
  for (const code of range(LOCATIONS - 1))
    shelves.push(await locations.create(actor, { code: `L${code}`, name: `Shelf ${code}` }));
  const kinds = [];
  for (const code of range(CATEGORIES)) kinds.push(await categories.create(actor, { code, name: `Kind ${code}`, parent: food }));
  const made = [];
  for (const [index, code] of range(ITEMS).entries()) {
    const barcodes = [{ value: `CODE-${code}` }];
    made.push(
      await items.create(actor, { sku: `ITEM-${code}`, name: `Thing ${code}`, category: kinds[index % CATEGORIES], barcodes }),
    );
  }
  const acts = made.flatMap((item) =>
    shelves.map((shelf) => {
      const key = { scope: 'STOCK', key: `${item.sku} ${shelf.code}` } as const;
      return { type: 'MOVE', kind: 'RECEIPT', key, item: { id: item.id }, location: shelf, quantity: quantity(5) } as const;
    }),
  );
  await movements.post(actor, acts);
  const device = await apiKeys.create(actor, { name: 'Device', role: 'DEVICE', mode: 'LOOKUP', location });
  return { owner: secret, device: device.secret, barcodes: range(ITEMS).map((code) => `CODE-${code}`) };
}

function range(count: number): string[] {
  return Array.from({ length: count }, (_, index) => String(index + 1).padStart(2, '0'));
}
