import type pg from 'pg';
import { toGlobalId } from '../../src/graphql/global-id.js';
import { formatQuantity, quantity } from '../../src/kernel/quantity.js';

/** An item as every reply must show it, read from the database by a statement of our own. */
export interface ItemFact {
  readonly id: string;
  readonly sku: string;
  readonly name: string;
  readonly unit: string;
  readonly salePrice: string | null;
  readonly category: string | null;
  readonly categoryParent: string | null;
  /** Its default barcode. */
  readonly code: string;
  /** On hand by the location's code. */
  readonly levels: ReadonlyMap<string, string>;
}

interface FactRow {
  id: string;
  sku: string;
  name: string;
  unit: string;
  sale_price: string | null;
  category: string | null;
  parent: string | null;
  code: string;
  levels: Record<string, string> | null;
}

const FACTS = `
  select i.id, i.sku, i.name, i.unit, i.sale_price, c.name as category, p.name as parent, b.value as code, l.levels
  from stock_item i
  join barcode b on b.shop_id = i.shop_id and b.stock_item_id = i.id and b.is_default
  left join category c on c.shop_id = i.shop_id and c.id = i.category_id
  left join category p on p.shop_id = c.shop_id and p.id = c.parent_id
  left join (
    select s.shop_id, s.stock_item_id, json_object_agg(o.code, s.on_hand::text) as levels
    from stock_level s join location o on o.shop_id = s.shop_id and o.id = s.location_id
    group by 1, 2
  ) l on l.shop_id = i.shop_id and l.stock_item_id = i.id
  where i.shop_id = $1
  order by i.id`;

/** By SKU, in the order in which the items came to be. Nobody may write meanwhile. */
export async function readFacts(db: pg.Client, shopId: string): Promise<Map<string, ItemFact>> {
  const { rows } = await db.query<FactRow>(FACTS, [shopId]);
  return new Map(rows.map((row) => [row.sku, factOf(row)]));
}

function factOf({ id, sku, name, unit, code, ...row }: FactRow): ItemFact {
  return {
    id: toGlobalId('StockItem', id),
    sku,
    name,
    unit,
    code,
    salePrice: row.sale_price === null ? null : canonical(row.sale_price),
    category: row.category,
    categoryParent: row.parent,
    levels: new Map(Object.entries(row.levels ?? {}).map(([location, onHand]) => [location, canonical(onHand)])),
  };
}

function canonical(number: string): string {
  return formatQuantity(quantity(number));
}
