import { Migration } from '@mikro-orm/migrations';

/**
 * To whom a key's secret was shown: who made the key, or gave it its last secret. Of keys that are there the audit log says so, as far as it goes back. The version
 * before does not note it: what it makes has none, what it gives a new secret keeps who had the one before.
 */
export class Migration20261124000510_key_issuer extends Migration {
  override up(): void {
    // Every request looks its key up here: so this does not wait long, and is tried again.
    this.addSql(`set local lock_timeout = '2s';`);
    this.addSql(`
      alter table api_key add column issued_by uuid null,
        add constraint api_key_shop_id_issued_by_foreign foreign key (shop_id, issued_by) references principal (shop_id, id)
          on update restrict on delete restrict;
    `);
    this.addSql(`
      update api_key k set issued_by = (
        select e.actor_id from audit_entry e
        where e.shop_id = k.shop_id and e.subject_id = k.id and e.subject_type = 'ApiKey' and e.actor_id is not null
          and e.operation in ('apiKeyCreate', 'apiKeyRotate')
        order by e.id desc limit 1);
    `);
  }

  override down(): void {
    this.addSql(`set local lock_timeout = '2s';`);
    this.addSql(`alter table api_key drop column issued_by;`);
  }
}
