import type { App } from '../../src/app.js';
import type { Actor } from '../../src/features/access/index.js';
import { ProductLookupService } from '../../src/features/barcode/index.js';
import type { ProductAnswer, ProductSourcePort, SourceLimit } from '../../src/features/barcode/product-lookup.port.js';
import { systemClock } from '../../src/kernel/clock.js';
import { toGtin14 } from '../../src/kernel/gtin.js';
import { newId } from '../../src/kernel/ids.js';

const DAY_MS = 86_400_000;

/** A far side of tests that answers what it is told to, and remembers what it was asked. */
export class FakeSource implements ProductSourcePort {
  readonly asked: string[] = [];

  constructor(
    readonly name: string,
    private answer: ProductAnswer | ((gtin: string) => ProductAnswer | Promise<ProductAnswer>),
    readonly limits: readonly SourceLimit[] = [],
  ) {}

  answers(answer: ProductAnswer): void {
    this.answer = answer;
  }

  async find(gtin: string, signal: AbortSignal): Promise<ProductAnswer> {
    signal.throwIfAborted();
    this.asked.push(gtin);
    return typeof this.answer === 'function' ? this.answer(gtin) : this.answer;
  }
}

/** Has the shop scan a code that it does not know, an EAN, and learn from a source of this name what it is. */
export async function parkAndSuggest(
  { services: { work, scans } }: Pick<App, 'services'>,
  actor: Actor,
  parked: { readonly code: string; readonly locationId: string; readonly name: string },
): Promise<void> {
  const { code, locationId, name } = parked;
  const location = { sent: locationId, id: locationId };
  await scans.submit(actor, { device: 'a hand scanner', scans: [{ id: newId(), code, mode: 'RECEIVE', location }] });
  const source = new FakeSource('A source', { outcome: 'FOUND', product: { name } });
  const lookups = new ProductLookupService(work, systemClock, { sources: [source], keepMs: DAY_MS, keepUnknownMs: DAY_MS });
  const job = { id: newId(), shopId: actor.shopId, payload: { gtin: toGtin14(code) }, attempt: 1, createdAt: new Date() };
  await lookups.task().run(job, new AbortController().signal);
}
