import { Migration } from '@mikro-orm/migrations';

/**
 * What a key may do of what its role may do; null: all of it. Names of permissions are not checked here: one that a version does not know
 * grants nothing there. The version before knows no narrower keys and would let them do what their role may: make them when all servers run
 * this one. Going down they would be wider than whoever made them wanted, so they are revoked.
 */
export class Migration20261123000050_key_permissions extends Migration {
  override up(): void {
    // Whoever wants the table that this alters waits behind it: so it does not wait long, and is tried again.
    this.addSql(`set local lock_timeout = '2s';`);
    this.addSql(`
      alter table api_key add column permissions text[],
        add constraint api_key_permissions_check check (cardinality(permissions) > 0 and array_position(permissions, null) is null);
    `);
  }

  override down(): void {
    this.addSql(`set local lock_timeout = '2s';`);
    this.addSql(`update api_key set revoked_at = now() where permissions is not null and revoked_at is null;`);
    this.addSql(`alter table api_key drop column permissions;`);
  }
}
