import { Migration } from '@mikro-orm/migrations';

const BEFORE = `'CREATED', 'UPDATED', 'DELETED', 'REPLAYED', 'SIGNED_IN', 'SIGN_IN_REFUSED', 'EXPORTED', 'ERASED'`;
const FROM_NOW_ON = `'CREATED', 'UPDATED', 'DELETED', 'REPLAYED', 'SIGNED_IN', 'SIGNED_OUT', 'SIGN_IN_REFUSED', 'EXPORTED', 'ERASED'`;

/**
 * The audit log may say that somebody has signed out. The constraint holds for what is written from now on; the next migration looks at what is there, with
 * the log writable meanwhile. Going down, such entries say UPDATED, session: the version before would not show a log with an action in it that it does not know.
 */
export class Migration20261124000010_sign_outs extends Migration {
  override up(): void {
    // Whoever wants the table that this alters waits behind it: so it does not wait long, and is tried again.
    this.addSql(`set local lock_timeout = '2s';`);
    this.addSql(`
      alter table audit_entry drop constraint audit_entry_action_check,
        add constraint audit_entry_action_check check (action in (${FROM_NOW_ON})) not valid;
    `);
  }

  override down(): void {
    this.addSql(`set local lock_timeout = '2s';`);
    this.addSql(`alter table audit_entry disable trigger audit_entry_append_only;`);
    this.addSql(`update audit_entry set action = 'UPDATED', fields = '{session}' where action = 'SIGNED_OUT';`);
    this.addSql(`alter table audit_entry enable trigger audit_entry_append_only;`);
    this.addSql(`
      alter table audit_entry drop constraint audit_entry_action_check,
        add constraint audit_entry_action_check check (action in (${BEFORE}));
    `);
  }
}
