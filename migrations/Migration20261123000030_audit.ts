import { Migration } from '@mikro-orm/migrations';

/**
 * Who did what, from where. Entries are added and never changed, but for the address and the request's id, which are forgotten. The shop has no foreign key:
 * each would lock the shop's row to the end of its transaction, for which what locks it otherwise would wait in a circle.
 */
export class Migration20261123000030_audit extends Migration {
  override up(): void {
    this.addSql(`
      create table audit_entry (
        shop_id uuid not null,
        id uuid not null,
        at timestamptz(3) not null,
        operation text null,
        action text not null,
        subject_type text not null,
        subject_id uuid null,
        fields text[] not null default '{}',
        count int not null default 1,
        actor_id uuid null,
        address text null,
        request_id text null,
        constraint audit_entry_pkey primary key (shop_id, id),
        constraint audit_entry_action_check check (action in ('CREATED', 'UPDATED', 'DELETED', 'REPLAYED', 'SIGNED_IN', 'SIGN_IN_REFUSED',
          'EXPORTED', 'ERASED')),
        constraint audit_entry_count_check check (count > 0),
        constraint audit_entry_shop_id_actor_id_foreign foreign key (shop_id, actor_id) references principal (shop_id, id)
          on update restrict on delete restrict
      );
    `);
    this.addSql(`create index audit_entry_subject_index on audit_entry (shop_id, subject_id, id);`);
    this.addSql(`create index audit_entry_actor_index on audit_entry (shop_id, actor_id, id);`);
    this.addSql(
      `create index audit_entry_address_index on audit_entry (id) where address is not null or request_id is not null;`,
    );
    this.addSql(`
      create function audit_entry_append_only_fn() returns trigger language plpgsql as $$
      begin
        if tg_op = 'UPDATE' and new.address is null and new.request_id is null then
          old.address := null;
          old.request_id := null;
          if old is not distinct from new then
            return new;
          end if;
        end if;
        raise exception 'the audit log is append-only: % is refused', lower(tg_op)
          using errcode = 'restrict_violation', table = tg_table_name, constraint = tg_name;
      end;
      $$;
    `);
    this.addSql(`
      create trigger audit_entry_append_only before update or delete on audit_entry
        for each row execute function audit_entry_append_only_fn();
    `);
    this.addSql(`
      create trigger audit_entry_no_truncate before truncate on audit_entry
        for each statement execute function audit_entry_append_only_fn();
    `);
  }

  override down(): void {
    this.addSql(`drop table audit_entry;`);
    this.addSql(`drop function audit_entry_append_only_fn();`);
  }
}
