import { Migration } from '@mikro-orm/migrations';

/** The secret that a key had before, while it is let in beside the new one. Going down, such secrets are let in no more. */
export class Migration20261123000035_key_rotation extends Migration {
  override up(): void {
    // Every request looks its key up here: so this does not wait long, and is tried again.
    this.addSql(`set local lock_timeout = '2s';`);
    this.addSql(`
      alter table api_key
        add column previous_secret_hash bytea null,
        add column previous_secret_ends_at timestamptz(3) null,
        add constraint api_key_previous_secret_check check ((previous_secret_hash is null) = (previous_secret_ends_at is null));
    `);
    this.addSql(`alter table api_key add constraint api_key_previous_secret_hash_unique unique (previous_secret_hash);`);
  }

  override down(): void {
    this.addSql(`set local lock_timeout = '2s';`);
    this.addSql(`
      alter table api_key drop constraint api_key_previous_secret_hash_unique, drop constraint api_key_previous_secret_check,
        drop column previous_secret_ends_at, drop column previous_secret_hash;
    `);
  }
}
