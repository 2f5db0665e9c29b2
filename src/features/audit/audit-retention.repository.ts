import type { EntityManager } from '@mikro-orm/postgresql';
import { lowestIdAt } from '../../kernel/ids.js';
import { countWritten } from '../../platform/sql.js';

/** Forgets where entries came from, at most `limit` of any shop's: who looks after something that has just happened needs it, and nobody later. */
export function forgetAddresses(em: EntityManager, before: Date, limit: number): Promise<number> {
  return countWritten(
    em,
    `update audit_entry set address = null, request_id = null where (shop_id, id) in (
         select shop_id, id from audit_entry where id < ?::uuid and (address is not null or request_id is not null)
         order by id limit ? for update skip locked)
       returning id`,
    [lowestIdAt(before), limit],
  );
}
