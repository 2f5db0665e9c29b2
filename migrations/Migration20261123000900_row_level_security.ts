import { Migration } from '@mikro-orm/migrations';

/** The shop that the connection names; null, which no row has, where it names none. */
const SHOP = `nullif(current_setting('stockroom.shop_id', true), '')::uuid`;
const LOCK_TIMEOUT = '3s';

/**
 * Row-level security on all that belongs to a shop. It binds whoever does not own the tables: the role that the server assumes while it serves a shop, and
 * every other user. The version before connects as the owner and notices nothing. A table that comes later has to do the same in its own migration.
 */
export class Migration20261123000900_row_level_security extends Migration {
  override up(): void {
    this.addSql(`set local lock_timeout = '${LOCK_TIMEOUT}';`);
    this.addSql(
      forEachTable(`
        execute format('alter table %I enable row level security', found.name);
        execute format('create policy one_shop on %I using (%I = ${quoted(SHOP)}) with check (%I = ${quoted(SHOP)})', found.name, found.key, found.key);
      `),
    );
    // LIKE is not leakproof, so that beneath a policy it cannot be asked of an index: every row of the shop would be read. A view of the owner's that says
    // what the policy says, and is no barrier, may. It gives nothing but ids of rows that the policy would give too.
    this.addSql(`
      create view stock_item_searched as
        select shop_id, id, sku, name, category_id, created_at, archived_at, search_text from stock_item
        where shop_id = ${SHOP} or not row_security_active('stock_item');
    `);
  }

  override down(): void {
    this.addSql(`set local lock_timeout = '${LOCK_TIMEOUT}';`);
    this.addSql(`drop view stock_item_searched;`);
    this.addSql(
      forEachTable(`
        execute format('drop policy if exists one_shop on %I', found.name);
        execute format('alter table %I disable row level security', found.name);
      `),
    );
  }
}

function quoted(sql: string): string {
  return sql.replaceAll("'", "''");
}

/** Every table with a shop, and the shop's own, as `found.name` and the column that says which shop, `found.key`. */
function forEachTable(body: string): string {
  return `
    do $body$
    declare found record;
    begin
      for found in
        select c.relname as name, a.attname as key from pg_class c join pg_attribute a on a.attrelid = c.oid and not a.attisdropped
        where c.relnamespace = current_schema()::regnamespace and c.relkind in ('r', 'p')
          and (a.attname = 'shop_id' or (c.relname = 'shop' and a.attname = 'id'))
      loop ${body}
      end loop;
    end $body$;
  `;
}
