import { Migration } from '@mikro-orm/migrations';

/**
 * What somebody should look at, of a level. Of a kind and a level at most one is open: the unique index says so, whoever writes. No foreign key
 * leads to the shop's row, which every movement would then lock; the level's has the shop in it.
 */
export class Migration20261122000320_stock_alerts extends Migration {
  override up(): void {
    // Whoever wants the tables that this refers to waits behind it: so it does not wait long, and is tried again.
    this.addSql(`set local lock_timeout = '2s';`);
    this.addSql(`
      create table stock_alert (
        shop_id uuid not null,
        id uuid not null,
        kind text not null,
        level_id uuid not null,
        opened_at timestamptz(3) not null,
        acknowledged_at timestamptz(3),
        acknowledged_by uuid,
        resolved_at timestamptz(3),
        constraint stock_alert_pkey primary key (shop_id, id),
        constraint stock_alert_kind_check check (kind in ('LOW_STOCK', 'OUT_OF_STOCK', 'NEGATIVE_STOCK')),
        constraint stock_alert_acknowledged_check check ((acknowledged_at is null) = (acknowledged_by is null)),
        constraint stock_alert_resolved_check check (resolved_at >= opened_at),
        constraint stock_alert_shop_id_level_id_foreign foreign key (shop_id, level_id) references stock_level (shop_id, id) on update restrict on delete restrict,
        constraint stock_alert_shop_id_acknowledged_by_foreign foreign key (shop_id, acknowledged_by) references api_key (shop_id, id) on update restrict on delete restrict
      );
    `);
    this.addSql(
      `create unique index stock_alert_open_unique on stock_alert (shop_id, level_id, kind) where resolved_at is null;`,
    );
    this.addSql(`create index stock_alert_open_index on stock_alert (shop_id, id) where resolved_at is null;`);
    this.addSql(`create index stock_alert_resolved_index on stock_alert (shop_id, id) where resolved_at is not null;`);
  }

  override down(): void {
    // Whoever wants the tables that this refers to waits behind it: so it does not wait long, and is tried again.
    this.addSql(`set local lock_timeout = '2s';`);
    this.addSql(`drop table stock_alert;`);
  }
}
