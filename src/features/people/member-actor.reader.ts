import type { EntityManager } from '@mikro-orm/postgresql';
import { permissionsOf, Shop, type Actor, type Role } from '../access/index.js';
import { readRows } from '../../platform/read-rows.js';
import { query } from '../../platform/sql.js';
import { acrossShops } from '../../platform/tenancy.js';
import type { SignedIn } from './signed-in.js';

/** In so many shops a person may work. */
export const MAX_MEMBERSHIPS = 100;

interface MemberRow {
  readonly membership_id: string;
  readonly membership_role: Role;
}

/** The person as he may act in each of his shops, the one that he joined first first; a membership that has ended is none. */
export function actorsOf(root: EntityManager, { id: personId, name }: Pick<SignedIn, 'id' | 'name'>): Promise<Actor[]> {
  return acrossShops(async () => {
    const em = root.fork();
    const rows = await query<MemberRow>(
      em,
      `select s.*, m.id as membership_id, m.role as membership_role from membership m join shop s on s.id = m.shop_id
       where m.person_id = ? and m.ended_at is null order by m.id limit ?`,
      [personId, MAX_MEMBERSHIPS],
    );
    return rows.flatMap(({ membership_id: actorId, membership_role: role, ...shopRow }) =>
      readRows(em, Shop, [shopRow]).map((shop) =>
        Object.freeze({
          ...{ shop, shopId: shop.id, actorId, kind: 'PERSON' as const, personId, name, role },
          ...{ permissions: permissionsOf(role), locationId: undefined, mode: undefined },
        }),
      ),
    );
  });
}
