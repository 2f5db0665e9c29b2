import { z } from 'zod';
import type { ProductAnswer, ProductSourcePort, SourceLimit } from '../../features/barcode/product-lookup.port.js';
import type { Outbound } from '../http/outbound.js';
import { askJson, unreadable } from './ask-json.js';
import { optionalLine, printedGtin } from './reading.js';

export interface UpcItemDbSettings {
  /** Without a slash at its end. */
  readonly url: string;
  /** Undefined: the trial, which needs none. */
  readonly key: string | undefined;
  readonly limits: readonly SourceLimit[];
}

const NAME = 'UPCitemdb';
/** With which it refuses codes that are none to it, such as those of cases. */
const BAD_REQUEST = 400;
const OK = 'OK';
const UNKNOWN_CODES = ['NOT_FOUND', 'INVALID_UPC'];

/** https://devs.upcitemdb.com: one form for what is found, what is not, and errors. */
const ANSWER = z.object({
  code: z.string(),
  items: z
    .array(z.object({ title: optionalLine, brand: optionalLine, images: z.array(z.string()).catch([]).default([]) }))
    .default([]),
});

export class UpcItemDb implements ProductSourcePort {
  readonly name = NAME;
  readonly limits: readonly SourceLimit[];

  constructor(
    private readonly outbound: Outbound,
    private readonly settings: UpcItemDbSettings,
  ) {
    this.limits = settings.limits;
  }

  async find(gtin: string, signal: AbortSignal): Promise<ProductAnswer> {
    const { url: base, key } = this.settings;
    const url = `${base}/prod/${key === undefined ? 'trial' : 'v1'}/lookup?upc=${printedGtin(gtin)}`;
    const headers: Record<string, string> = key === undefined ? {} : { user_key: key, key_type: '3scale' };
    const outcome = await askJson(this.outbound, { source: NAME, url, headers, signal, alsoReads: [BAD_REQUEST] });
    if ('refusal' in outcome) return outcome.refusal;
    const { json, pauseMs } = outcome.answer;
    const read = ANSWER.safeParse(json);
    if (!read.success) return unreadable(NAME);
    const { code, items } = read.data;
    const item = items.find(({ title }) => title !== undefined);
    if (code === OK && item?.title !== undefined) {
      const imageUrl = item.images.find((image) => image.startsWith('https:'));
      return { outcome: 'FOUND', product: { name: item.title, brand: item.brand, imageUrl }, pauseMs };
    }
    return code === OK || UNKNOWN_CODES.includes(code) ? { outcome: 'UNKNOWN', pauseMs } : unreadable(NAME);
  }
}
