import { Migration } from '@mikro-orm/migrations';

/**
 * The tables. Every primary, unique and foreign key has the shop in it, so that the database refuses a row that points into another
 * shop; only an API key's hash stands alone, because the shop is found by it.
 */
export class Migration20261122000000_stock extends Migration {
  override up(): void {
    // Trusted extensions: a database's owner may create them. Both stay when this goes down; others may use them.
    this.addSql(`create extension if not exists pg_trgm;`);
    this.addSql(`create extension if not exists btree_gin;`);
    this.addSql(`
      create table shop (
        id uuid not null,
        name text not null,
        currency text not null,
        time_zone text not null,
        stock_floor numeric(20,6) default 0,
        variable_measure text not null default 'NONE',
        created_at timestamptz(3) not null,
        updated_at timestamptz(3) not null,
        constraint shop_pkey primary key (id),
        constraint shop_currency_check check (currency ~ '^[A-Z]{3}$'),
        constraint shop_name_check check (name <> '')
      );
    `);
    this.addSql(`
      create table location (
        shop_id uuid not null,
        id uuid not null,
        code text not null,
        name text not null,
        parent_id uuid,
        archived_at timestamptz(3),
        created_at timestamptz(3) not null,
        updated_at timestamptz(3) not null,
        constraint location_pkey primary key (shop_id, id),
        constraint location_code_unique unique (shop_id, code),
        constraint location_code_check check (code <> ''),
        constraint location_name_check check (name <> ''),
        constraint location_parent_check check (parent_id <> id),
        constraint location_shop_id_foreign foreign key (shop_id) references shop (id) on update restrict on delete restrict,
        constraint location_shop_id_parent_id_foreign foreign key (shop_id, parent_id) references location (shop_id, id) on update restrict on delete restrict
      );
    `);
    this.addSql(`create index location_shop_id_parent_id_index on location (shop_id, parent_id);`);
    this.addSql(`
      create table api_key (
        shop_id uuid not null,
        id uuid not null,
        name text not null,
        role text not null,
        location_id uuid,
        mode text,
        secret_hash bytea not null,
        created_at timestamptz(3) not null,
        last_used_at timestamptz(3),
        expires_at timestamptz(3),
        revoked_at timestamptz(3),
        constraint api_key_pkey primary key (shop_id, id),
        constraint api_key_secret_hash_unique unique (secret_hash),
        constraint api_key_role_check check (role in ('OWNER', 'MANAGER', 'CLERK', 'READER', 'DEVICE')),
        constraint api_key_mode_check check (mode in ('LOOKUP', 'RECEIVE', 'ISSUE', 'SALE', 'COUNT')),
        constraint api_key_shop_id_foreign foreign key (shop_id) references shop (id) on update restrict on delete restrict,
        constraint api_key_shop_id_location_id_foreign foreign key (shop_id, location_id) references location (shop_id, id) on update restrict on delete restrict
      );
    `);
    this.addSql(`create index api_key_shop_id_location_id_index on api_key (shop_id, location_id);`);
    this.addSql(`
      create table category (
        shop_id uuid not null,
        id uuid not null,
        code text not null,
        name text not null,
        parent_id uuid,
        created_at timestamptz(3) not null,
        updated_at timestamptz(3) not null,
        constraint category_pkey primary key (shop_id, id),
        constraint category_code_unique unique (shop_id, code),
        constraint category_code_check check (code <> ''),
        constraint category_name_check check (name <> ''),
        constraint category_parent_check check (parent_id <> id),
        constraint category_shop_id_foreign foreign key (shop_id) references shop (id) on update restrict on delete restrict,
        constraint category_shop_id_parent_id_foreign foreign key (shop_id, parent_id) references category (shop_id, id) on update restrict on delete restrict
      );
    `);
    this.addSql(`create index category_shop_id_parent_id_index on category (shop_id, parent_id);`);
    this.addSql(`
      create table stock_item (
        shop_id uuid not null,
        id uuid not null,
        sku text not null,
        name text not null,
        description text,
        category_id uuid,
        unit text not null,
        sale_price numeric(20,6),
        archived_at timestamptz(3),
        search_text text not null,
        created_at timestamptz(3) not null,
        updated_at timestamptz(3) not null,
        constraint stock_item_pkey primary key (shop_id, id),
        constraint stock_item_sku_unique unique (shop_id, sku),
        constraint stock_item_sku_check check (sku <> '' and sku = upper(sku)),
        constraint stock_item_name_check check (name <> ''),
        constraint stock_item_unit_check check (unit <> ''),
        constraint stock_item_sale_price_check check (sale_price >= 0),
        constraint stock_item_shop_id_foreign foreign key (shop_id) references shop (id) on update restrict on delete restrict,
        constraint stock_item_shop_id_category_id_foreign foreign key (shop_id, category_id) references category (shop_id, id) on update restrict on delete restrict
      );
    `);
    this.addSql(`create index stock_item_name_index on stock_item (shop_id, name, id);`);
    this.addSql(`create index stock_item_created_at_index on stock_item (shop_id, created_at, id);`);
    this.addSql(`create index stock_item_search_index on stock_item using gin (shop_id, search_text gin_trgm_ops);`);
    this.addSql(`create index stock_item_category_index on stock_item (shop_id, category_id, sku);`);
    this.addSql(`
      create table barcode (
        shop_id uuid not null,
        normalized text not null,
        value text not null,
        stock_item_id uuid not null,
        quantity numeric(20,6) not null,
        is_default boolean not null,
        constraint barcode_pkey primary key (shop_id, normalized),
        constraint barcode_normalized_check check (normalized <> ''),
        constraint barcode_quantity_check check (quantity > 0),
        constraint barcode_shop_id_foreign foreign key (shop_id) references shop (id) on update restrict on delete restrict,
        constraint barcode_shop_id_stock_item_id_foreign foreign key (shop_id, stock_item_id) references stock_item (shop_id, id) on update restrict on delete restrict
      );
    `);
    this.addSql(`create index barcode_shop_id_stock_item_id_index on barcode (shop_id, stock_item_id);`);
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
    this.addSql(`create index stock_level_negative_index on stock_level (shop_id, id) where on_hand < 0;`);
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
    this.addSql(`drop table barcode;`);
    this.addSql(`drop table stock_item;`);
    this.addSql(`drop table category;`);
    this.addSql(`drop table api_key;`);
    this.addSql(`drop table location;`);
    this.addSql(`drop table shop;`);
  }
}
