import { randomUUID } from 'node:crypto';
import { rowsOf } from './cache-fixture.js';

export interface SilentMember {
  /** Whether it reaches what all others reach; it reaches a memory of its own otherwise. */
  readonly ofTheSameLink?: boolean;
  readonly leaseS: number;
}

/** A member as one that has died or hangs: it says nothing more. It has seen no epoch after the one that it came in. */
export async function addMember(databaseUrl: string, { ofTheSameLink = false, leaseS }: SilentMember): Promise<void> {
  await rowsOf(
    databaseUrl,
    `insert into cache_member (id, name, link, seen_epoch, beat, lease, expires_at)
     select $1, 'silent', case when $2 then link else 'process:silent' end, epoch, 1, make_interval(secs => $3),
       clock_timestamp() + make_interval(secs => $3)
     from cache_view`,
    [randomUUID(), ofTheSameLink, leaseS],
  );
}

export async function silentMemberLives(databaseUrl: string): Promise<boolean> {
  const living = `select 1 from cache_member where name = 'silent' and expires_at > clock_timestamp()`;
  return (await rowsOf(databaseUrl, living)).length > 0;
}
