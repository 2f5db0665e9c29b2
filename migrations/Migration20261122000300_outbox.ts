import { Migration } from '@mikro-orm/migrations';

/**
 * What is still to be done: a row is written in the transaction of the mutation that it follows from, and deleted when it was done. `run_at` is
 * when a worker may take it; one that takes it moves that to the end of its lease, so that what a dead worker held becomes due by itself.
 * It is not rounded as other instants are: what is due at once must not be due half a millisecond later.
 * No foreign key leads to the shop: writing one would lock the shop's row, which every movement would then wait for.
 */
export class Migration20261122000300_outbox extends Migration {
  override up(): void {
    this.addSql(`
      create table outbox_job (
        id uuid not null,
        shop_id uuid,
        task text not null,
        key text,
        lane text,
        payload jsonb not null,
        created_at timestamptz(3) not null,
        run_at timestamptz not null,
        attempts int not null default 0,
        deaths int not null default 0,
        claim uuid,
        again boolean not null default false,
        error text,
        set_aside_at timestamptz(3),
        constraint outbox_job_pkey primary key (id),
        constraint outbox_job_attempts_check check (deaths >= 0 and attempts >= deaths),
        constraint outbox_job_claim_check check (claim is null or set_aside_at is null)
      ) with (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 1000);
    `);
    this.addSql(`create index outbox_job_due_index on outbox_job (task, run_at) where set_aside_at is null;`);
    this.addSql(`
      create unique index outbox_job_key_unique on outbox_job (task, shop_id, key) nulls not distinct
        where key is not null and set_aside_at is null;
    `);
    this.addSql(
      `create index outbox_job_lane_index on outbox_job (shop_id, lane, task, run_at) where lane is not null and set_aside_at is null;`,
    );
    this.addSql(`create index outbox_job_old_index on outbox_job (set_aside_at) where set_aside_at is not null;`);
    this.addSql(`create index outbox_job_set_aside_index on outbox_job (shop_id, id) where set_aside_at is not null;`);
  }

  override down(): void {
    this.addSql(`drop table outbox_job;`);
  }
}
