import { Migration } from '@mikro-orm/migrations';

/** What names who acted: table and column. */
const REFERRING = [
  ['stock_movement', 'actor_id'],
  ['parked_scan', 'actor_id'],
  ['stock_alert', 'acknowledged_by'],
  ['stored_file', 'actor_id'],
] as const;

/**
 * Who may act in a shop: API keys, and persons from the next migration on. Whoever adds a key adds its principal, by a trigger, so that the version before
 * does too. What names an actor refers to principals from now on; that this holds for old rows is looked at by the next migration, which lets everyone write meanwhile.
 * Going down, persons who acted become revoked keys of their names, since the ledger names them.
 */
export class Migration20261123000010_principals extends Migration {
  override up(): void {
    // Whoever wants the tables that this alters waits behind it: so it does not wait long, and is tried again.
    this.addSql(`set local lock_timeout = '2s';`);
    this.addSql(`
      create table principal (
        shop_id uuid not null,
        id uuid not null,
        kind text not null,
        name text not null,
        constraint principal_pkey primary key (shop_id, id),
        constraint principal_kind_check check (kind in ('KEY', 'PERSON')),
        constraint principal_name_check check (name <> ''),
        constraint principal_shop_id_foreign foreign key (shop_id) references shop (id) on update restrict on delete restrict
      );
    `);
    this.addSql(`
      create function api_key_principal() returns trigger language plpgsql as $$
      begin
        insert into principal (shop_id, id, kind, name)
        values (new.shop_id, new.id, 'KEY', coalesce(nullif(new.name, ''), '(no name)')) on conflict do nothing;
        return new;
      end $$;
    `);
    // It waits for keys that are being added, and later ones have their principals: so none is left out.
    this.addSql(`create trigger api_key_principal before insert on api_key for each row execute function api_key_principal();`);
    this.addSql(
      `insert into principal (shop_id, id, kind, name) select shop_id, id, 'KEY', coalesce(nullif(name, ''), '(no name)') from api_key;`,
    );
    for (const [table, column] of REFERRING) {
      const name = `${table}_shop_id_${column}_foreign`;
      this.addSql(`
        alter table ${table} drop constraint ${name},
          add constraint ${name} foreign key (shop_id, ${column}) references principal (shop_id, id) on update restrict on delete restrict not valid;
      `);
    }
  }

  override down(): void {
    // Whoever wants the tables that this alters waits behind it: so it does not wait long, and is tried again.
    this.addSql(`set local lock_timeout = '2s';`);
    this.addSql(`
      insert into api_key (shop_id, id, name, role, secret_hash, created_at, revoked_at)
      select shop_id, id, name, 'READER', sha256(gen_random_uuid()::text::bytea), now(), now() from principal where kind = 'PERSON';
    `);
    for (const [table, column] of REFERRING) {
      const name = `${table}_shop_id_${column}_foreign`;
      this.addSql(`
        alter table ${table} drop constraint ${name},
          add constraint ${name} foreign key (shop_id, ${column}) references api_key (shop_id, id) on update restrict on delete restrict;
      `);
    }
    this.addSql(`drop trigger api_key_principal on api_key;`);
    this.addSql(`drop function api_key_principal();`);
    this.addSql(`drop table principal;`);
  }
}
