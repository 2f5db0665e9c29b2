import { Migration } from '@mikro-orm/migrations';

/**
 * Shops, who may act for them, and what they sell. Every primary, unique and foreign key has the shop in it, so that the database refuses a row that points into another
 * shop; only an API key's hash stands alone, because the shop is found by it.
 */
export class Migration20261122000000_catalog extends Migration {
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
        constraint api_key_device_check check (role <> 'DEVICE' or (location_id is not null and mode is not null)),
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
  }

  override down(): void {
    this.addSql(`drop table barcode;`);
    this.addSql(`drop table stock_item;`);
    this.addSql(`drop table category;`);
    this.addSql(`drop table api_key;`);
    this.addSql(`drop table location;`);
    this.addSql(`drop table shop;`);
  }
}
