import type { Client } from 'pg';
import { StartError } from '../../src/platform/start-error.js';
import { SCALE_SHOP_NAME } from './write-catalogue.js';

/** Rows of the newest scale shop that the cases ask about. */
export interface PlanSample {
  readonly shopId: string;
  readonly actorId: string;
  readonly locationId: string;
  readonly rootCategoryId: string;
  readonly leafCategoryId: string;
  readonly busyItemId: string;
  /** From the middle of each order. */
  readonly item: { readonly id: string; readonly sku: string; readonly name: string; readonly createdAt: string };
  readonly barcode: string;
  readonly levelId: string;
  readonly seq: string;
  readonly movementId: string;
  readonly keys: readonly string[];
}

const ACTS = 50;

export async function findSample(client: Client): Promise<PlanSample> {
  const [shop] = await rows<{ id: string }>(client, 'select id from shop where name = $1 order by created_at desc limit 1', [
    SCALE_SHOP_NAME,
  ]);
  if (!shop) throw new StartError('DATABASE_URL names a database without a scale shop: run npm run seed:scale first');
  const one = async <T extends object>(sql: string): Promise<T> => {
    const [row] = await rows<T>(client, sql, [shop.id]);
    if (!row) throw new StartError('the scale shop is too small to check plans on: run npm run seed:scale without arguments');
    return row;
  };
  const middle = (table: string) => `offset (select count(*) / 2 from ${table} where shop_id = $1) limit 1`;
  const category = (code: string) => one<{ id: string }>(`select id from category where shop_id = $1 and code = '${code}'`);
  const item = await one<PlanSample['item']>(
    `select id, sku, name, to_char(created_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as "createdAt"
     from stock_item where shop_id = $1 order by name, id ${middle('stock_item')}`,
  );
  const movement = await one<{ id: string; seq: string }>(
    `select id, seq from stock_movement where shop_id = $1 order by seq ${middle('stock_movement')}`,
  );
  const busy = `select stock_item_id as id from stock_movement where shop_id = $1 group by 1 order by count(*) desc limit 1`;
  const keys = await rows<{ key: string }>(client, `select key from idempotency_key where shop_id = $1 limit ${String(ACTS)}`, [
    shop.id,
  ]);
  return {
    shopId: shop.id,
    actorId: (await one<{ id: string }>('select id from api_key where shop_id = $1 limit 1')).id,
    locationId: (await one<{ id: string }>('select id from location where shop_id = $1 order by id limit 1')).id,
    rootCategoryId: (await category('GROCERIES')).id,
    leafCategoryId: (await category('MAIZE')).id,
    busyItemId: (await one<{ id: string }>(busy)).id,
    item,
    barcode: (await one<{ value: string }>(`select value from barcode where shop_id = $1 ${middle('barcode')}`)).value,
    levelId: (await one<{ id: string }>(`select id from stock_level where shop_id = $1 order by id ${middle('stock_level')}`)).id,
    seq: movement.seq,
    movementId: movement.id,
    keys: keys.map(({ key }) => key),
  };
}

async function rows<T extends object>(client: Client, sql: string, values: unknown[]): Promise<T[]> {
  return (await client.query<T>(sql, values)).rows;
}
