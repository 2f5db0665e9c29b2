import type { EntityManager, MikroORM } from '@mikro-orm/postgresql';
import type { Actor } from '../../src/features/access/index.js';
import { permissionsOf, Shop } from '../../src/features/access/index.js';
import { MovementService, type StockAct } from '../../src/features/stock/index.js';
import { systemClock } from '../../src/kernel/clock.js';
import { newId } from '../../src/kernel/ids.js';
import { quantity } from '../../src/kernel/quantity.js';
import { query } from '../../src/platform/sql.js';
import type { Tenancy } from '../../src/platform/tenancy.js';
import { Transaction, UnitOfWork } from '../../src/platform/unit-of-work.js';
import type { PlanSample } from './plan-sample.js';

/** Rows that one posting may read by an index, its triggers and keys included. */
const MAX_ROWS_READ = 1_000;

export interface TableReads {
  readonly table: string;
  readonly bySeqScan: number;
  readonly byIndex: number;
}

/** Does all that a commit would do, its deferred triggers included, and takes it back. */
class DryRun extends UnitOfWork {
  reads: TableReads[] = [];

  constructor(private readonly root: EntityManager) {
    super(root, {});
  }

  override async run<T>(_shop: Tenancy, work: (transaction: Transaction) => Promise<T>): Promise<T> {
    const em = this.root.fork();
    await em.begin();
    try {
      const before = await readsOf(em);
      const result = await work(new Transaction(em));
      await em.flush();
      await em.execute('set constraints all immediate');
      this.reads = difference(await readsOf(em), before);
      return result;
    } finally {
      await em.rollback();
    }
  }
}

/** The server counts for the connection, which may have had statements before this transaction. */
function readsOf(em: EntityManager): Promise<TableReads[]> {
  return query<TableReads>(
    em,
    `select relname as table, seq_tup_read::int as "bySeqScan", idx_tup_fetch::int as "byIndex"
     from pg_stat_xact_user_tables where seq_scan > 0 or idx_scan > 0 order by 1`,
  );
}

function difference(reads: readonly TableReads[], before: readonly TableReads[]): TableReads[] {
  return reads.map(({ table, bySeqScan, byIndex }) => {
    const earlier = before.find((each) => each.table === table);
    return { table, bySeqScan: bySeqScan - (earlier?.bySeqScan ?? 0), byIndex: byIndex - (earlier?.byIndex ?? 0) };
  });
}

/**
 * Posts one act of each form through the service, and takes them back. Statements inside triggers and key checks have no plan to look at,
 * so what they read is counted instead.
 */
export async function postAndTakeBack(orm: MikroORM, sample: PlanSample): Promise<TableReads[]> {
  const work = new DryRun(orm.em.fork());
  const verdicts = await new MovementService(work, systemClock).post(await actorOf(orm.em.fork(), sample), actsOf(sample));
  const refused = verdicts.find(({ refusal }) => refusal !== undefined);
  if (refused?.refusal) throw refused.refusal;
  return work.reads;
}

export function readFaults(reads: readonly TableReads[], bigTables: ReadonlySet<string>): string[] {
  return reads.flatMap(({ table, bySeqScan, byIndex }) => {
    if (bigTables.has(table) && bySeqScan > 0) return [`reads ${String(bySeqScan)} rows of ${table} by Seq Scan`];
    return byIndex > MAX_ROWS_READ ? [`reads ${String(byIndex)} rows of ${table} (limit ${String(MAX_ROWS_READ)})`] : [];
  });
}

function actsOf({ busyItemId, item, barcode, locationId }: PlanSample): StockAct[] {
  const move = (kind: 'RECEIPT' | 'SALE' | 'COUNT', ref: { id: string } | { sku: string } | { barcode: string }): StockAct => ({
    type: 'MOVE',
    kind,
    key: { scope: 'STOCK', key: newId() },
    item: ref,
    location: { id: locationId },
    quantity: quantity(1),
  });
  const busy = { id: busyItemId };
  return [move('RECEIPT', busy), move('SALE', busy), move('COUNT', { sku: item.sku }), move('RECEIPT', { barcode })];
}

async function actorOf(em: EntityManager, { shopId, actorId }: PlanSample): Promise<Actor> {
  const shop = await em.findOneOrFail(Shop, { id: shopId });
  const bearings = { personId: undefined, locationId: undefined, mode: undefined };
  const permissions = permissionsOf('OWNER');
  return { shop, shopId, actorId, kind: 'KEY', name: 'Owner', role: 'OWNER', permissions, ...bearings };
}
