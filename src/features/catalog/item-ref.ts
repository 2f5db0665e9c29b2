/**
 * How a client names an item: exactly one of them. `id` is the row's; undefined where the client's global id was none of an item.
 * `barcode` is as scanned or typed.
 */
export type ItemRef = { readonly id: string | undefined } | { readonly sku: string } | { readonly barcode: string };
