import { Migration } from '@mikro-orm/migrations';

/** Looks at the entries that were there before SIGNED_OUT was one of the actions; everybody reads and writes meanwhile. */
export class Migration20261124000015_sign_outs_checked extends Migration {
  override up(): void {
    this.addSql(`set local lock_timeout = '2s';`);
    this.addSql(`alter table audit_entry validate constraint audit_entry_action_check;`);
  }

  /** What was looked at stays so. */
  override down(): void {
    this.addSql(`select 1;`);
  }
}
