import { arrayLiteral, query } from '../../platform/sql.js';
import type { Transaction } from '../../platform/unit-of-work.js';
import { ShopRepository } from '../access/index.js';
import { WebhookEndpointRepository } from './webhook-endpoint.repository.js';

/**
 * Deliveries repeat the name of who acted: of movements by their actor, of a test by the name alone, which another may share. They are signed when they are sent,
 * so that one that waits, or is replayed, goes out with the new name.
 */
const RENAME = `
  update webhook_delivery d
  set body = jsonb_set(d.body::jsonb, '{data,actor}', to_jsonb(?::text))::text
  from membership ms join person p on p.id = ms.person_id
  where d.shop_id = ? and ms.shop_id = d.shop_id and p.email = ? and d.body::jsonb #>> '{data,actor}' is not null
    and (exists (select 1 from stock_movement m where m.shop_id = d.shop_id and m.id = d.event_id and m.actor_id = ms.id)
      or (d.event_type = 'webhook.ping' and d.body::jsonb #>> '{data,actor}' = p.name))`;

/** Names of principals as they are now, by row id. To be asked under the lock of an endpoint: nobody is forgotten meanwhile. */
export async function namesOf(
  { em }: Pick<Transaction, 'em'>,
  shopId: string,
  ids: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const rows = await query<{ id: string; name: string }>(
    em,
    'select id, name from principal where shop_id = ? and id = any(?::uuid[])',
    [shopId, arrayLiteral([...new Set(ids)])],
  );
  return new Map(rows.map(({ id, name }) => [id, name]));
}

/**
 * What a shop's deliveries say of its members: nothing but a name, which an export tells by the membership, and which becomes `pseudonym`. `emailOf` gives an
 * address as people are known by it; undefined for what is none.
 */
export function actorNames(emailOf: (address: string) => string | undefined, pseudonym: string) {
  return {
    name: 'deliveries',

    collect: (): Promise<readonly never[]> => Promise.resolve([]),

    /** To be asked before the membership goes. Who writes a delivery meanwhile waits, and asks for the name again. */
    async erase({ em }: Transaction, shopId: string, address: string): Promise<readonly never[]> {
      const email = emailOf(address);
      if (email === undefined) return [];
      await new ShopRepository(em).lock(shopId);
      await new WebhookEndpointRepository(em, shopId).lockAll();
      await query(em, RENAME, [pseudonym, shopId, email]);
      return [];
    },
  };
}
