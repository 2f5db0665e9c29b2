import { Migration } from '@mikro-orm/migrations';

/**
 * What is known of unknown codes. What one shop learnt is kept for that shop alone: a shop that was told at once could tell from it what another
 * one scans. How often the sources were asked belongs to no shop and says nothing of any: they count the program's questions as one asker's.
 * The way down forgets what was learnt; it is asked again.
 */
export class Migration20261122000360_product_lookup extends Migration {
  override up(): void {
    // Whoever wants the tables that this refers to waits behind it: so it does not wait long, and is tried again.
    this.addSql(`set local lock_timeout = '2s';`);
    this.addSql(`
      create table product_lookup (
        shop_id uuid not null,
        gtin text not null,
        name text,
        brand text,
        image_url text,
        source text,
        unknown_to text[] not null default '{}',
        looked_up_at timestamptz(3) not null,
        expires_at timestamptz(3) not null,
        constraint product_lookup_pkey primary key (shop_id, gtin),
        constraint product_lookup_shop_id_foreign foreign key (shop_id) references shop (id)
          on update restrict on delete restrict,
        constraint product_lookup_gtin_check check (gtin ~ '^[0-9]{14}$'),
        constraint product_lookup_name_check check (name is null or (char_length(name) >= 1 and char_length(name) <= 200)),
        constraint product_lookup_brand_check check (brand is null or (name is not null and char_length(brand) >= 1 and char_length(brand) <= 100)),
        constraint product_lookup_image_check
          check (image_url is null or (name is not null and starts_with(image_url, 'https://') and char_length(image_url) <= 2000)),
        constraint product_lookup_source_check check ((source is null) = (name is null))
      );
    `);
    this.addSql(`
      create table product_source (
        name text not null,
        blocked_until timestamptz(3),
        periods jsonb not null default '[]',
        constraint product_source_pkey primary key (name)
      ) with (fillfactor = 50);
    `);
  }

  override down(): void {
    // Whoever wants the tables that this refers to waits behind it: so it does not wait long, and is tried again.
    this.addSql(`set local lock_timeout = '2s';`);
    this.addSql(`drop table product_source;`);
    this.addSql(`drop table product_lookup;`);
  }
}
