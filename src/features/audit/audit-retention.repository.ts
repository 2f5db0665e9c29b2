import { lowestIdAt } from '../../kernel/ids.js';
import type { Retention } from '../../platform/retention.js';
import { query } from '../../platform/sql.js';

/** Where entries came from: who looks after something that has just happened needs it, and nobody later. */
export const AUDIT_ADDRESSES: Retention = {
  name: 'audit addresses',
  forget: async (em, before, limit) => {
    const rows = await query(
      em,
      `update audit_entry set address = null, request_id = null where (shop_id, id) in (
         select shop_id, id from audit_entry where id < ?::uuid and (address is not null or request_id is not null)
         order by id limit ? for update skip locked)
       returning id`,
      [lowestIdAt(before), limit],
    );
    return rows.length;
  },
};
