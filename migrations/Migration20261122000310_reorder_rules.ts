import { Migration } from '@mikro-orm/migrations';

/**
 * When a level is low, and how much is bought then. All of it may be missing, so that the version before runs on it. The constraints hold for what
 * is written from now on; the next migration looks at what is there, with the table writable meanwhile. The way down forgets the rules.
 */
export class Migration20261122000310_reorder_rules extends Migration {
  override up(): void {
    // Whoever wants the tables that this refers to waits behind it: so it does not wait long, and is tried again.
    this.addSql(`set local lock_timeout = '2s';`);
    this.addSql(`
      alter table stock_level
        add column reorder_point numeric(20,6),
        add column reorder_quantity numeric(20,6),
        add column lead_time_days int;
    `);
    this.addSql(`
      alter table stock_level
        add constraint stock_level_reorder_rule_check check ((reorder_point is null) = (reorder_quantity is null)) not valid,
        add constraint stock_level_reorder_point_check check (reorder_point >= 0) not valid,
        add constraint stock_level_reorder_quantity_check check (reorder_quantity > 0) not valid,
        add constraint stock_level_lead_time_check check (lead_time_days is null or (lead_time_days >= 0 and reorder_point is not null)) not valid;
    `);
  }

  override down(): void {
    // Whoever wants the tables that this refers to waits behind it: so it does not wait long, and is tried again.
    this.addSql(`set local lock_timeout = '2s';`);
    this.addSql(`alter table stock_level drop column lead_time_days, drop column reorder_quantity, drop column reorder_point;`);
  }
}
