import { query } from '../../platform/sql.js';
import type { Transaction } from '../../platform/unit-of-work.js';

/** Of so many acts, the newest, an export tells: it is one text. */
const MAX_TOLD = 5_000;
const ACTS = `
  select ms.id, jsonb_build_object('acts', coalesce(jsonb_agg(jsonb_build_object('at', e.at, 'operation', e.operation, 'action', e.action,
      'subjectType', e.subject_type, 'fields', e.fields, 'address', e.address, 'requestId', e.request_id) order by e.id desc), '[]')) as data
  from membership ms join person p on p.id = ms.person_id
  cross join lateral (select * from audit_entry a where a.shop_id = ms.shop_id and a.actor_id = ms.id order by a.id desc limit ?) e
  where ms.shop_id = ? and p.email = ? group by ms.id`;

/**
 * What the audit log says that a member did, and from where; sign-ins too. `emailOf` gives an address as people are known by it; undefined for what is none.
 */
export function actsOfMembers(emailOf: (address: string) => string | undefined) {
  return {
    name: 'auditLog',

    async collect({ em }: Transaction, shopId: string, address: string) {
      const email = emailOf(address);
      if (email === undefined) return [];
      const rows = await query<{ id: string; data: object }>(em, ACTS, [MAX_TOLD, shopId, email]);
      return rows.map(({ id, data }) => ({ subjectType: 'Membership', subjectId: id, data }));
    },

    /** Entries stay, under a pseudonym; from where he did it is forgotten with the membership. */
    erase: (): Promise<readonly never[]> => Promise.resolve([]),
  };
}
