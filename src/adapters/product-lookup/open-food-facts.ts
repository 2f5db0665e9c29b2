import { z } from 'zod';
import type { ProductAnswer, ProductSourcePort, SourceLimit } from '../../features/barcode/product-lookup.port.js';
import type { Outbound } from '../http/outbound.js';
import { askJson, unreadable } from './ask-json.js';
import { optionalLine, printedGtin } from './reading.js';

export interface OpenFoodFactsSettings {
  /** Without a slash at its end. */
  readonly url: string;
  readonly limits: readonly SourceLimit[];
}

const NAME = 'Open Food Facts';
const FIELDS = ['code', 'product_name', 'product_name_en', 'generic_name', 'brands', 'quantity', 'image_front_url'];
const FOUND = 1;

/** Of API v2, /api/v2/product/{code}: status is 1 where the product is there, 0 (with HTTP 404 by now, with 200 before) where not. */
const ANSWER = z.object({
  status: z.union([z.literal(0), z.literal(FOUND)]),
  product: z
    .object({
      product_name: optionalLine,
      product_name_en: optionalLine,
      generic_name: optionalLine,
      brands: optionalLine,
      quantity: optionalLine,
      image_front_url: optionalLine,
    })
    .optional(),
});

/** https://world.openfoodfacts.org and its sisters; its data is open (ODbL), so its name stands beside what it said. */
export class OpenFoodFacts implements ProductSourcePort {
  readonly name = NAME;
  readonly limits: readonly SourceLimit[];

  constructor(
    private readonly outbound: Outbound,
    private readonly settings: OpenFoodFactsSettings,
  ) {
    this.limits = settings.limits;
  }

  async find(gtin: string, signal: AbortSignal): Promise<ProductAnswer> {
    const url = `${this.settings.url}/api/v2/product/${printedGtin(gtin)}?fields=${FIELDS.join(',')}`;
    const outcome = await askJson(this.outbound, { source: NAME, url, signal });
    if ('refusal' in outcome) return outcome.refusal;
    const { json, pauseMs } = outcome.answer;
    const read = ANSWER.safeParse(json);
    if (!read.success) return unreadable(NAME);
    const { status, product } = read.data;
    const name = product?.product_name ?? product?.product_name_en ?? product?.generic_name;
    if (status !== FOUND || name === undefined) return { outcome: 'UNKNOWN', pauseMs };
    const brand = product?.brands?.split(',')[0];
    return {
      outcome: 'FOUND',
      product: { name: withSize(name, product?.quantity), brand, imageUrl: product?.image_front_url },
      pauseMs,
    };
  }
}

/** "Super Maize Meal 5 kg": two packs of one product differ by it. */
function withSize(name: string, size: string | undefined): string {
  const squeezed = (text: string): string => text.replace(/\s+/g, '').toLowerCase();
  return size === undefined || squeezed(name).includes(squeezed(size)) ? name : `${name} ${size}`;
}
