import { Migration } from '@mikro-orm/migrations';

/**
 * Photos and documents of items: what each is, and under which keys its objects lie in the store of files. A row is there before its objects: its
 * keys are committed before anything is written under them. Going down, the rows are lost, and with them what the objects are of. file_store: what the store's marker says, so that this
 * database never cleans up in another one's.
 */
export class Migration20261122000350_files extends Migration {
  override up(): void {
    // Whoever wants the tables that this refers to waits behind it: so it does not wait long, and is tried again.
    this.addSql(`set local lock_timeout = '2s';`);
    this.addSql(`
      create table stored_file (
        shop_id uuid not null,
        id uuid not null,
        stock_item_id uuid not null,
        slot int not null,
        kind text not null,
        name text not null,
        content_type text not null,
        size_bytes int not null,
        upload_key text,
        object_key text,
        thumbnail_key text,
        actor_id uuid not null,
        created_at timestamptz(3) not null,
        expires_at timestamptz(3) not null,
        claimed_at timestamptz(3),
        ready_at timestamptz(3),
        missing_at timestamptz(3),
        constraint stored_file_pkey primary key (shop_id, id),
        constraint stored_file_slot_unique unique (shop_id, stock_item_id, slot),
        constraint stored_file_slot_check check (slot >= 1 and slot <= 20),
        constraint stored_file_kind_check check (kind in ('PHOTO', 'ATTACHMENT')),
        constraint stored_file_name_check check (name <> ''),
        constraint stored_file_size_check check (size_bytes > 0),
        constraint stored_file_upload_check check ((ready_at is null) = (upload_key is not null)),
        constraint stored_file_ready_check check (ready_at is null or object_key is not null),
        constraint stored_file_claim_check check (claimed_at is null or object_key is not null),
        constraint stored_file_shop_id_foreign foreign key (shop_id) references shop (id) on update restrict on delete restrict,
        constraint stored_file_shop_id_stock_item_id_foreign foreign key (shop_id, stock_item_id) references stock_item (shop_id, id) on update restrict on delete restrict,
        constraint stored_file_shop_id_actor_id_foreign foreign key (shop_id, actor_id) references api_key (shop_id, id) on update restrict on delete restrict
      );
    `);
    this.addSql(`create index stored_file_unfinished_index on stored_file (expires_at) where ready_at is null;`);
    this.addSql(`
      create table file_store (
        is_only boolean not null default true,
        database_id uuid not null default gen_random_uuid(),
        constraint file_store_pkey primary key (is_only),
        constraint file_store_only_check check (is_only)
      );
    `);
    this.addSql(`insert into file_store default values;`);
  }

  override down(): void {
    // Whoever wants the tables that this refers to waits behind it: so it does not wait long, and is tried again.
    this.addSql(`set local lock_timeout = '2s';`);
    this.addSql(`drop table file_store;`);
    this.addSql(`drop table stored_file;`);
  }
}
