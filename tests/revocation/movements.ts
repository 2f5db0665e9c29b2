import { setTimeout as sleep } from 'node:timers/promises';
import { toGlobalId } from '../../src/graphql/global-id.js';
import type { RevocationShop } from './shop.js';

const EVERY_MS = 50;
const POST = 'mutation ($input: StockInput!) { stockReceive(input: $input) { userErrors { code message } } }';

/** Movements of the shop, some twenty a second, through each server in turn: what those who listen hear of. */
export class Movements {
  /** When each was sent, by its reference and performance.now(). */
  readonly sentAt = new Map<string, number>();
  readonly faults: string[] = [];
  private isOver = false;
  private readonly work: Promise<void>;

  constructor(
    private readonly shop: RevocationShop,
    urls: readonly string[],
  ) {
    this.work = this.goOn(urls);
  }

  async stop(): Promise<void> {
    this.isOver = true;
    await this.work;
  }

  private async goOn(urls: readonly string[]): Promise<void> {
    const stockItem = { id: toGlobalId('StockItem', this.shop.fixture.items[0]?.id ?? '') };
    for (let turn = 0; !this.isOver; turn += 1) {
      const reference = `movement ${String(turn)}`;
      this.sentAt.set(reference, performance.now());
      try {
        await this.shop.asOwner(urls[turn % urls.length] ?? '', POST, {
          input: { key: reference, stockItem, quantity: '1', reference },
        });
      } catch (error) {
        this.faults.push(String(error));
      }
      await sleep(EVERY_MS);
    }
  }
}
