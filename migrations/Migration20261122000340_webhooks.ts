import { Migration } from '@mikro-orm/migrations';

/**
 * Who is told over HTTP of what happens in a shop, and what each was told. `webhook_kinds` says on the shop's own row what any endpoint in use
 * listens to, so that a shop without endpoints pays nothing. A delivery keeps the text that is sent, because it says what was true then.
 */
export class Migration20261122000340_webhooks extends Migration {
  override up(): void {
    // Whoever wants the tables that this refers to waits behind it: so it does not wait long, and is tried again.
    this.addSql(`set local lock_timeout = '2s';`);
    this.addSql(`alter table shop add column webhook_kinds text[] not null default '{}';`);
    this.addSql(`
      create table webhook_endpoint (
        shop_id uuid not null,
        id uuid not null,
        url text not null,
        description text,
        kinds text[] not null,
        enabled boolean not null,
        gone_at timestamptz(3),
        secret text not null,
        previous_secret text,
        previous_secret_ends_at timestamptz(3),
        last_sequence bigint not null,
        created_at timestamptz(3) not null,
        updated_at timestamptz(3) not null,
        constraint webhook_endpoint_pkey primary key (shop_id, id),
        constraint webhook_endpoint_kinds_check check (kinds <> '{}' and kinds <@ array['alert', 'item', 'movement']),
        constraint webhook_endpoint_gone_check check (gone_at is null or not enabled),
        constraint webhook_endpoint_previous_secret_check check ((previous_secret is null) = (previous_secret_ends_at is null)),
        constraint webhook_endpoint_last_sequence_check check (last_sequence >= 0),
        constraint webhook_endpoint_shop_id_foreign foreign key (shop_id) references shop (id) on update restrict on delete restrict
      );
    `);
    this.addSql(`
      create table webhook_delivery (
        shop_id uuid not null,
        id uuid not null,
        endpoint_id uuid not null,
        event_type text not null,
        event_id uuid not null,
        sequence bigint not null,
        body text not null,
        state text not null,
        attempts int not null,
        failures int not null,
        tries_from timestamptz(3) not null,
        next_try_at timestamptz(3),
        last_status int,
        reason text,
        created_at timestamptz(3) not null,
        ended_at timestamptz(3),
        constraint webhook_delivery_pkey primary key (shop_id, id),
        constraint webhook_delivery_event_unique unique (shop_id, endpoint_id, event_type, event_id),
        constraint webhook_delivery_sequence_unique unique (shop_id, endpoint_id, sequence),
        constraint webhook_delivery_state_check check (state in ('PENDING', 'DELIVERED', 'DEAD')),
        constraint webhook_delivery_pending_check check ((state = 'PENDING') = (next_try_at is not null) and (state = 'PENDING') = (ended_at is null)),
        constraint webhook_delivery_attempts_check check (failures >= 0 and attempts >= failures),
        constraint webhook_delivery_sequence_check check (sequence > 0),
        constraint webhook_delivery_shop_id_endpoint_id_foreign foreign key (shop_id, endpoint_id) references webhook_endpoint (shop_id, id) on update restrict on delete restrict
      ) with (fillfactor = 80);
    `);
    this.addSql(`create index webhook_delivery_endpoint_index on webhook_delivery (shop_id, endpoint_id, id);`);
    this.addSql(`create index webhook_delivery_open_index on webhook_delivery (shop_id, state, id) where state <> 'DELIVERED';`);
    this.addSql(`create index webhook_delivery_ended_index on webhook_delivery (state, ended_at) where ended_at is not null;`);
  }

  /** What endpoints there are, and what they were not told yet, is lost. */
  override down(): void {
    // Whoever wants the tables that this refers to waits behind it: so it does not wait long, and is tried again.
    this.addSql(`set local lock_timeout = '2s';`);
    this.addSql(`drop table webhook_delivery;`);
    this.addSql(`drop table webhook_endpoint;`);
    this.addSql(`alter table shop drop column webhook_kinds;`);
  }
}
