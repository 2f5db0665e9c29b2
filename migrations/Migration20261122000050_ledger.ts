import { Migration } from '@mikro-orm/migrations';

/**
 * What is on the shelves: levels, the ledger, the keys that acts have spent, and scans that wait for their code to be named. The ledger's
 * only unique key begins with the shop and its UUIDv7, so that it can be partitioned by time; what must be unique over all time stands in
 * tables of its own.
 */
export class Migration20261122000050_ledger extends Migration {
  override up(): void {
    this.addSql(`
      create table stock_level (
        shop_id uuid not null,
        id uuid not null,
        stock_item_id uuid not null,
        location_id uuid not null,
        on_hand numeric(20,6) not null,
        floor numeric(20,6),
        version int not null,
        updated_at timestamptz(3) not null,
        constraint stock_level_pkey primary key (shop_id, id),
        constraint stock_level_place_unique unique (shop_id, stock_item_id, location_id),
        constraint stock_level_floor_check check (on_hand >= floor),
        constraint stock_level_version_check check (version >= 0),
        constraint stock_level_shop_id_foreign foreign key (shop_id) references shop (id) on update restrict on delete restrict,
        constraint stock_level_shop_id_stock_item_id_foreign foreign key (shop_id, stock_item_id) references stock_item (shop_id, id) on update restrict on delete restrict,
        constraint stock_level_shop_id_location_id_foreign foreign key (shop_id, location_id) references location (shop_id, id) on update restrict on delete restrict
      ) with (fillfactor = 70);
    `);
    this.addSql(`create index stock_level_location_index on stock_level (shop_id, location_id, id);`);
    this.addSql(`
      create table stock_movement (
        shop_id uuid not null,
        id uuid not null,
        seq bigint generated always as identity not null,
        kind text not null,
        level_id uuid not null,
        stock_item_id uuid not null,
        location_id uuid not null,
        quantity numeric(20,6) not null,
        balance_before numeric(20,6) not null,
        balance_after numeric(20,6) not null,
        level_version int not null,
        counted numeric(20,6),
        reason text,
        reference text,
        actor_id uuid not null,
        reverses_id uuid,
        counterpart_id uuid,
        occurred_at timestamptz(3) not null,
        recorded_at timestamptz(3) not null,
        constraint stock_movement_pkey primary key (shop_id, id),
        constraint stock_movement_balance_check check (balance_after = balance_before + quantity),
        constraint stock_movement_sign_check check (case when kind in ('RECEIPT', 'RETURN', 'TRANSFER_IN') then quantity > 0 when kind in ('ISSUE', 'SALE', 'DAMAGE', 'EXPIRY', 'TRANSFER_OUT') then quantity < 0 when kind in ('ADJUSTMENT', 'REVERSAL') then quantity <> 0 else kind = 'COUNT' end),
        constraint stock_movement_counted_check check ((kind = 'COUNT') = (counted is not null) and (counted is null or counted = balance_after)),
        constraint stock_movement_counterpart_check check ((kind in ('TRANSFER_OUT', 'TRANSFER_IN')) = (counterpart_id is not null)),
        constraint stock_movement_reverses_check check ((kind = 'REVERSAL') = (reverses_id is not null)),
        constraint stock_movement_shop_id_level_id_foreign foreign key (shop_id, level_id) references stock_level (shop_id, id) on update restrict on delete restrict,
        constraint stock_movement_shop_id_actor_id_foreign foreign key (shop_id, actor_id) references api_key (shop_id, id) on update restrict on delete restrict,
        constraint stock_movement_shop_id_reverses_id_foreign foreign key (shop_id, reverses_id) references stock_movement (shop_id, id) on update restrict on delete restrict
      );
    `);
    this.addSql(`create index stock_movement_level_index on stock_movement (shop_id, level_id, level_version);`);
    this.addSql(`create index stock_movement_item_index on stock_movement (shop_id, stock_item_id, seq);`);
    this.addSql(`create index stock_movement_location_index on stock_movement (shop_id, location_id, seq);`);
    this.addSql(`create index stock_movement_shop_index on stock_movement (shop_id, seq);`);
    this.addSql(`
      create table stock_reversal (
        shop_id uuid not null,
        movement_id uuid not null,
        reversal_id uuid not null,
        constraint stock_reversal_pkey primary key (shop_id, movement_id),
        constraint stock_reversal_shop_id_foreign foreign key (shop_id) references shop (id) on update restrict on delete restrict,
        constraint stock_reversal_shop_id_reversal_id_foreign foreign key (shop_id, reversal_id) references stock_movement (shop_id, id) on update restrict on delete restrict
      );
    `);
    this.addSql(`
      create table idempotency_key (
        shop_id uuid not null,
        scope text not null,
        key text not null,
        input_hash bytea not null,
        movement_ids uuid[] not null,
        created_at timestamptz(3) not null,
        constraint idempotency_key_pkey primary key (shop_id, scope, key),
        constraint idempotency_key_scope_check check (scope in ('STOCK', 'SCAN'))
      );
    `);
    this.addSql(`
      create table parked_scan (
        shop_id uuid not null,
        id uuid not null,
        device text not null,
        scan_id text not null,
        code text not null,
        normalized text not null,
        mode text not null,
        quantity numeric(20,6),
        location_id uuid not null,
        actor_id uuid not null,
        input_hash bytea not null,
        seq int,
        scanned_at timestamptz(3) not null,
        created_at timestamptz(3) not null,
        resolved_at timestamptz(3),
        constraint parked_scan_pkey primary key (shop_id, id),
        constraint parked_scan_device_unique unique (shop_id, device, scan_id),
        constraint parked_scan_mode_check check (mode in ('LOOKUP', 'RECEIVE', 'ISSUE', 'SALE', 'COUNT')),
        constraint parked_scan_shop_id_foreign foreign key (shop_id) references shop (id) on update restrict on delete restrict,
        constraint parked_scan_shop_id_location_id_foreign foreign key (shop_id, location_id) references location (shop_id, id) on update restrict on delete restrict,
        constraint parked_scan_shop_id_actor_id_foreign foreign key (shop_id, actor_id) references api_key (shop_id, id) on update restrict on delete restrict
      );
    `);
    this.addSql(`create index parked_scan_open_index on parked_scan (shop_id, id) where resolved_at is null;`);
    this.addSql(`create index parked_scan_code_index on parked_scan (shop_id, normalized, id) where resolved_at is null;`);
  }

  override down(): void {
    this.addSql(`drop table parked_scan;`);
    this.addSql(`drop table idempotency_key;`);
    this.addSql(`drop table stock_reversal;`);
    this.addSql(`drop table stock_movement;`);
    this.addSql(`drop table stock_level;`);
  }
}
