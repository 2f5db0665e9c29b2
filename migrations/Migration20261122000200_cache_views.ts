import { Migration } from '@mikro-orm/migrations';

/**
 * How instances agree on a cache: see "The cache" in ARCHITECTURE.md. A view is one epoch: which memory all living members reach (link), and the token that everything
 * cached in it is named by; no link, no cache. A member is an instance with a lease. seen_epoch: it uses no cache of any epoch before.
 */
export class Migration20261122000200_cache_views extends Migration {
  override up(): void {
    this.addSql(`
      create table cache_view (
        is_only boolean not null default true,
        epoch bigint not null default 1,
        token uuid not null default gen_random_uuid(),
        link text,
        constraint cache_view_pkey primary key (is_only),
        constraint cache_view_only_check check (is_only)
      );
    `);
    this.addSql(`insert into cache_view default values;`);
    this.addSql(`
      create table cache_member (
        id uuid not null,
        name text not null,
        link text,
        seen_epoch bigint not null,
        beat bigint not null,
        lease interval not null,
        expires_at timestamptz not null,
        constraint cache_member_pkey primary key (id)
      );
    `);
    // A member whose lease ran out may have committed what it never announced, and the first of a database may be one of a copy that bears the
    // original's token: both get a new epoch, in which nothing is cached yet.
    this.addSql(`
      create function cache_heartbeat(my_id uuid, my_name text, my_link text, my_seen bigint, my_beat bigint, my_lease interval)
      returns table (epoch bigint, token text, link text, is_settled boolean, members text[])
      language plpgsql as $body$
      #variable_conflict use_column
      declare
        view cache_view%rowtype;
        lapsed int;
        seen_before bigint;
        agreed text;
        living int;
      begin
        select * into strict view from cache_view for update;
        -- No lease ends later than one that is granted now, also where the clock was set back.
        update cache_member set expires_at = clock_timestamp() + lease where expires_at > clock_timestamp() + lease;
        delete from cache_member where expires_at <= clock_timestamp();
        get diagnostics lapsed = row_count;
        select seen_epoch into seen_before from cache_member where id = my_id;
        -- A question that was given up and comes late must not take back what a later one has said.
        insert into cache_member as m (id, name, link, seen_epoch, beat, lease, expires_at)
          values (my_id, my_name, my_link, coalesce(my_seen, view.epoch), my_beat, my_lease, clock_timestamp() + my_lease)
          on conflict (id) do update set link = excluded.link, seen_epoch = excluded.seen_epoch, beat = excluded.beat, lease = excluded.lease,
            expires_at = excluded.expires_at
          where m.beat < excluded.beat;
        if not found then raise 'beat % of this member comes late', my_beat; end if;
        select count(*), case when count(m.link) = count(*) and min(m.link) = max(m.link) then min(m.link) end
          into living, agreed from cache_member m;
        if agreed is distinct from view.link or (agreed is not null and (lapsed > 0 or (seen_before is null and living = 1))) then
          update cache_view set epoch = view.epoch + 1, token = gen_random_uuid(), link = agreed returning * into view;
          update cache_member set seen_epoch = view.epoch where id = my_id and my_seen is null;
          perform pg_notify('cache_view', view.epoch::text);
        elsif seen_before < coalesce(my_seen, view.epoch) then
          perform pg_notify('cache_view', view.epoch::text);
        end if;
        -- A copy of the database has the same token, but is another database.
        return query select view.epoch, view.token::text || '.' || (select oid::text from pg_database where datname = current_database()), view.link,
          not exists (select 1 from cache_member m where m.seen_epoch < view.epoch),
          array(select m.name || ' ' || coalesce(m.link, 'cut off') from cache_member m order by m.name);
      end
      $body$;
    `);
  }

  override down(): void {
    this.addSql(`drop function cache_heartbeat(uuid, text, text, bigint, bigint, interval);`);
    this.addSql(`drop table cache_member;`);
    this.addSql(`drop table cache_view;`);
  }
}
