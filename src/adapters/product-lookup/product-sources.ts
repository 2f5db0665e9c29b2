import type { ProductSourcePort } from '../../features/barcode/product-lookup.port.js';
import { Outbound, type OutboundTools } from '../http/outbound.js';
import { LOOKUP_POLICY } from './ask-json.js';
import { OpenFoodFacts, type OpenFoodFactsSettings } from './open-food-facts.js';
import { TemplateSource, type TemplateSourceSettings } from './template-source.js';
import { UpcItemDb, type UpcItemDbSettings } from './upcitemdb.js';

export const PRODUCT_SOURCE_KINDS = ['openfoodfacts', 'upcitemdb', 'template'] as const;
export type ProductSourceKind = (typeof PRODUCT_SOURCE_KINDS)[number];

/** Who is asked, in this order, and what each needs. */
export interface ProductSourceSettings {
  readonly order: readonly ProductSourceKind[];
  readonly openfoodfacts: OpenFoodFactsSettings;
  readonly upcitemdb: UpcItemDbSettings;
  /** Undefined where it is not in the order. */
  readonly template: TemplateSourceSettings | undefined;
}

export interface ProductSources {
  readonly sources: readonly ProductSourcePort[];
  readonly close: () => void;
}

/** Connects to nothing before somebody asks. */
export function createProductSources(settings: ProductSourceSettings, tools: OutboundTools): ProductSources {
  const ways: Outbound[] = [];
  const way = (name: ProductSourceKind): Outbound => {
    const outbound = new Outbound(name, LOOKUP_POLICY, tools);
    ways.push(outbound);
    return outbound;
  };
  const sources = settings.order.flatMap((kind): ProductSourcePort[] => {
    if (kind === 'openfoodfacts') return [new OpenFoodFacts(way(kind), settings.openfoodfacts)];
    if (kind === 'upcitemdb') return [new UpcItemDb(way(kind), settings.upcitemdb)];
    return settings.template ? [new TemplateSource(way(kind), settings.template)] : [];
  });
  const close = (): void => {
    for (const outbound of ways) outbound.close();
  };
  return { sources, close };
}
