import pg from 'pg';
import { ScaleLoad, type ScaleProgress } from './load.js';
import type { ScaleOptions } from './options.js';
import { countFaults, type ScaleFaults } from './verify.js';
import { writeCategories, writeItems, writeLocations, writeShop, type ScaleShop } from './write-catalogue.js';
import { writeAlerts, writeLevels, writeMovements } from './write-ledger.js';

/** Their rules look at one line at a time, which for a million lines takes longer than asking once over all of them, as is done here. */
const CHAIN_TRIGGERS = [
  ['stock_level', 'stock_level_ledger'],
  ['stock_movement', 'stock_movement_chain'],
] as const;
const FILLED_TABLES = 'category, stock_item, barcode, stock_level, stock_movement, stock_reversal, idempotency_key, stock_alert';
/** Of the one connection that loads; the checks sort and hash a whole ledger. */
const WORK_MEMORY = '128MB';

export interface ScaleSeeding {
  readonly shop: ScaleShop;
  readonly faults: ScaleFaults;
}

export interface ScaleSeedingOptions extends ScaleOptions {
  readonly now?: Date;
  readonly progress?: ScaleProgress;
  /** Stops between two statements; nothing stays. */
  readonly signal?: AbortSignal;
}

/** A shop whose ledger the checks refused; nothing of it stays. */
export class ScaleSeedingError extends Error {
  override readonly name = 'ScaleSeedingError';

  constructor(readonly faults: ScaleFaults) {
    super('the ledger that was written does not agree with itself; nothing of it was kept');
  }
}

/**
 * Makes a new shop of the given size in a migrated database, in one transaction, and checks it before it commits: interrupted or refused,
 * it leaves nothing. While it runs nobody else writes stock, because two of the ledger's triggers are off. Needs a role that owns the
 * tables. Throws a ScaleSeedingError where a check finds anything.
 */
export async function seedScaleShop(url: string, options: ScaleSeedingOptions): Promise<ScaleSeeding> {
  const { now = new Date(), progress = () => undefined, signal = new AbortController().signal } = options;
  const load = new ScaleLoad(options, now, { progress, signal });
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const seeding = await inTransaction(client, () => write(client, load));
    load.step('statistics', 0, 1);
    await client.query(`vacuum (analyze) ${FILLED_TABLES}`);
    load.step('statistics', 1, 1);
    return seeding;
  } finally {
    await client.end();
  }
}

async function write(client: pg.Client, load: ScaleLoad): Promise<ScaleSeeding> {
  await client.query(`set local work_mem = '${WORK_MEMORY}'`);
  const shop = await writeShop(client, load);
  await writeLocations(client, shop, load);
  await writeItems(client, shop, load, await writeCategories(client, shop, load));
  await switchTriggers(client, 'disable');
  await writeLevels(client, shop, load);
  // The planner has never seen these rows, and would walk through all of them for each key that it checks.
  await client.query(`analyze ${FILLED_TABLES}`);
  await writeMovements(client, shop, load);
  await writeAlerts(client, shop);
  await switchTriggers(client, 'enable');
  await client.query(`analyze ${FILLED_TABLES}`);
  const faults = await countFaults(client, shop.id, (done, total) => {
    load.step('checks', done, total);
  });
  if (Object.values(faults).some((count) => count !== 0)) throw new ScaleSeedingError(faults);
  return { shop, faults };
}

async function switchTriggers(client: pg.Client, to: 'disable' | 'enable'): Promise<void> {
  for (const [table, trigger] of CHAIN_TRIGGERS) await client.query(`alter table ${table} ${to} trigger ${trigger}`);
}

async function inTransaction<T>(client: pg.Client, work: () => Promise<T>): Promise<T> {
  await client.query('begin');
  try {
    const result = await work();
    await client.query('commit');
    return result;
  } catch (error) {
    await client.query('rollback').catch(() => undefined);
    throw error;
  }
}
