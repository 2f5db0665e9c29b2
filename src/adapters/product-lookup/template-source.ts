import type { ProductAnswer, ProductSourcePort, SourceLimit } from '../../features/barcode/product-lookup.port.js';
import type { Outbound } from '../http/outbound.js';
import { askJson, unreadable } from './ask-json.js';
import { printedGtin } from './reading.js';

export interface TemplateSourceSettings {
  readonly name: string;
  /** With {gtin} (14 digits) or {ean} (as printed) somewhere. */
  readonly url: string;
  /** Ways into the answer, such as ['data', 'items', '0', 'title']. */
  readonly fields: {
    readonly name: readonly string[];
    readonly brand?: readonly string[];
    readonly imageUrl?: readonly string[];
  };
  /** Sent as Authorization. */
  readonly authorization: string | undefined;
  readonly limits: readonly SourceLimit[];
}

const NOT_FOUND = 404;

/** Any far side that answers GET with JSON: a wholesaler's, a chain's own. 404, and an answer without a name, mean that it does not know. */
export class TemplateSource implements ProductSourcePort {
  readonly name: string;
  readonly limits: readonly SourceLimit[];

  constructor(
    private readonly outbound: Outbound,
    private readonly settings: TemplateSourceSettings,
  ) {
    this.name = settings.name;
    this.limits = settings.limits;
  }

  async find(gtin: string, signal: AbortSignal): Promise<ProductAnswer> {
    const { authorization, fields } = this.settings;
    const url = this.settings.url.replaceAll('{gtin}', gtin).replaceAll('{ean}', printedGtin(gtin));
    const headers: Record<string, string> = authorization === undefined ? {} : { authorization };
    const outcome = await askJson(this.outbound, { source: this.name, url, headers, signal });
    if ('refusal' in outcome) return outcome.refusal;
    const { status, json, pauseMs } = outcome.answer;
    if (status === NOT_FOUND) return { outcome: 'UNKNOWN', pauseMs };
    if (typeof json !== 'object' || json === null) return unreadable(this.name);
    const name = textAt(json, fields.name);
    if (name === undefined) return { outcome: 'UNKNOWN', pauseMs };
    const [brand, imageUrl] = [fields.brand, fields.imageUrl].map((path) => path && textAt(json, path));
    return { outcome: 'FOUND', product: { name, brand, imageUrl }, pauseMs };
  }
}

/** By own properties and places in lists only. */
function textAt(json: unknown, path: readonly string[]): string | undefined {
  let value = json;
  for (const step of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, step)) return undefined;
    value = (value as Record<string, unknown>)[step];
  }
  return typeof value === 'string' && value.trim() !== '' ? value : undefined;
}
