/** Stands for all API keys and the settings of all shops: both change seldom, and a key is looked up before its shop is known. */
export const ACCESS_STAMP = 'access';

/** Stands for what a shop has set up: its locations, categories, items and barcodes. Each change of any of them renews it. */
export function shopStamp(shopId: string): string {
  return `shop/${shopId}`;
}
