import type pg from 'pg';
import { COUNTER, type Stage } from './set-up.js';
import { readFacts, type ItemFact } from './shop.js';
import { Tally } from './tally.js';

/** The shop as it is when a measurement begins, and what its requests change of it. */
export class Expected {
  private constructor(
    private readonly facts: ReadonlyMap<string, ItemFact>,
    readonly tally: Tally,
  ) {}

  /** Nobody may write meanwhile. */
  static async read(db: pg.Client, shopId: string, { hotSkus }: Stage): Promise<Expected> {
    const facts = await readFacts(db, shopId);
    return new Expected(facts, new Tally(new Map(hotSkus.map((sku) => [sku, Number(facts.get(sku)?.levels.get(COUNTER))]))));
  }

  fact(sku: string): ItemFact {
    const fact = this.facts.get(sku);
    if (fact === undefined) throw new Error(`${sku} is not in the shop`);
    return fact;
  }
}

/** What is wrong with the database after all replies are there: acknowledged scans that are not in it, or more than were sent. */
export async function lostOrDoubled(db: pg.Client, shopId: string, { tally }: Expected): Promise<string[]> {
  const facts = await readFacts(db, shopId);
  const wrong = tally.skus.filter((sku) => !tally.read(sku)(Number(facts.get(sku)?.levels.get(COUNTER))));
  return wrong.map((sku) => `the level of ${sku} is not the sum of what was acknowledged`);
}
