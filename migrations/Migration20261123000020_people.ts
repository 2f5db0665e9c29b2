import { Migration } from '@mikro-orm/migrations';

const REFERRING = [
  ['stock_movement', 'actor_id'],
  ['parked_scan', 'actor_id'],
  ['stock_alert', 'acknowledged_by'],
  ['stored_file', 'actor_id'],
] as const;

/**
 * People: who they are, in which shops they are members, who is invited, and by what they are let in. A person, his sessions, identities and resets belong to no shop, for he may
 * work in several. Of everything secret only a hash is kept. Going down, people, memberships and invitations are lost; their principals stay, and with them the names in the ledger.
 */
export class Migration20261123000020_people extends Migration {
  override up(): void {
    // Whoever wants the tables that this refers to waits behind it: so it does not wait long, and is tried again.
    this.addSql(`set local lock_timeout = '2s';`);
    // First, while nothing is locked that anybody writes: these look at old rows, and let everybody write meanwhile.
    for (const [table, column] of REFERRING) {
      this.addSql(`alter table ${table} validate constraint ${table}_shop_id_${column}_foreign;`);
    }
    this.addSql(`
      create table person (
        id uuid not null,
        email text not null,
        name text not null,
        password_hash text,
        password_changed_at timestamptz(3),
        created_at timestamptz(3) not null,
        updated_at timestamptz(3) not null,
        constraint person_pkey primary key (id),
        constraint person_email_unique unique (email),
        constraint person_email_check check (email = lower(email) and email <> ''),
        constraint person_name_check check (name <> '')
      );
    `);
    this.addSql(`
      create table membership (
        shop_id uuid not null,
        id uuid not null,
        person_id uuid not null,
        role text not null,
        created_at timestamptz(3) not null,
        ended_at timestamptz(3),
        constraint membership_pkey primary key (shop_id, id),
        constraint membership_person_unique unique (shop_id, person_id),
        constraint membership_role_check check (role in ('OWNER', 'MANAGER', 'CLERK', 'READER')),
        constraint membership_shop_id_foreign foreign key (shop_id) references shop (id) on update restrict on delete restrict,
        constraint membership_person_id_foreign foreign key (person_id) references person (id) on update restrict on delete restrict
      );
    `);
    this.addSql(`create index membership_person_index on membership (person_id);`);
    this.addSql(`
      create function membership_principal() returns trigger language plpgsql as $$
      begin
        insert into principal (shop_id, id, kind, name)
        select new.shop_id, new.id, 'PERSON', person.name from person where person.id = new.person_id on conflict do nothing;
        return new;
      end $$;
    `);
    this.addSql(
      `create trigger membership_principal before insert on membership for each row execute function membership_principal();`,
    );
    this.addSql(`
      create table invitation (
        shop_id uuid not null,
        id uuid not null,
        email text not null,
        role text not null,
        secret_hash bytea,
        invited_by uuid not null,
        created_at timestamptz(3) not null,
        expires_at timestamptz(3) not null,
        accepted_at timestamptz(3),
        revoked_at timestamptz(3),
        constraint invitation_pkey primary key (shop_id, id),
        constraint invitation_secret_hash_unique unique (secret_hash),
        constraint invitation_role_check check (role in ('OWNER', 'MANAGER', 'CLERK', 'READER')),
        constraint invitation_end_check check (accepted_at is null or revoked_at is null),
        constraint invitation_shop_id_foreign foreign key (shop_id) references shop (id) on update restrict on delete restrict,
        constraint invitation_shop_id_invited_by_foreign foreign key (shop_id, invited_by) references principal (shop_id, id) on update restrict on delete restrict
      );
    `);
    this.addSql(`
      create unique index invitation_open_unique on invitation (shop_id, email) where accepted_at is null and revoked_at is null;
    `);
    this.addSql(`
      create table person_session (
        id uuid not null,
        person_id uuid not null,
        token_hash bytea not null,
        created_at timestamptz(3) not null,
        last_used_at timestamptz(3) not null,
        expires_at timestamptz(3) not null,
        constraint person_session_pkey primary key (id),
        constraint person_session_token_hash_unique unique (token_hash),
        constraint person_session_person_id_foreign foreign key (person_id) references person (id) on update restrict on delete restrict
      );
    `);
    this.addSql(`create index person_session_person_index on person_session (person_id);`);
    this.addSql(`create index person_session_expires_index on person_session (expires_at);`);
    this.addSql(`
      create table person_identity (
        issuer text not null,
        subject text not null,
        person_id uuid not null,
        created_at timestamptz(3) not null,
        constraint person_identity_pkey primary key (issuer, subject),
        constraint person_identity_person_id_foreign foreign key (person_id) references person (id) on update restrict on delete restrict
      );
    `);
    this.addSql(`create index person_identity_person_index on person_identity (person_id);`);
    this.addSql(`
      create table password_reset (
        person_id uuid not null,
        secret_hash bytea not null,
        expires_at timestamptz(3) not null,
        constraint password_reset_pkey primary key (person_id),
        constraint password_reset_secret_hash_unique unique (secret_hash),
        constraint password_reset_person_id_foreign foreign key (person_id) references person (id) on update restrict on delete restrict
      );
    `);
  }

  override down(): void {
    // Whoever wants the tables that this refers to waits behind it: so it does not wait long, and is tried again.
    this.addSql(`set local lock_timeout = '2s';`);
    for (const table of ['password_reset', 'person_identity', 'person_session', 'invitation', 'membership']) {
      this.addSql(`drop table ${table};`);
    }
    this.addSql(`drop function membership_principal();`);
    this.addSql(`drop table person;`);
  }
}
