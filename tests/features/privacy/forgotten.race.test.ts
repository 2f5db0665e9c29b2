import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { PERSONAL_DATA } from '../../../src/app/personal-data.js';
import type { Actor } from '../../../src/features/access/index.js';
import { PrivacyService } from '../../../src/features/privacy/index.js';
import { systemClock } from '../../../src/kernel/clock.js';
import { newId } from '../../../src/kernel/ids.js';
import type { ShopFixture } from '../../support/shop-fixture.js';
import { outcome } from '../access/access-fixture.js';
import { holding } from '../people/held.js';
import { WebhookBench } from '../webhooks/webhook-bench.js';

interface Member {
  readonly personId: string;
  readonly email: string;
  readonly name: string;
  readonly actor: Actor;
}

let bench: WebhookBench;
let privacy: PrivacyService;
let shop: ShopFixture;
beforeAll(async () => {
  bench = await WebhookBench.open();
  privacy = new PrivacyService(bench.work, systemClock, PERSONAL_DATA);
});
beforeEach(async () => {
  shop = await bench.openShop();
});
afterAll(() => bench.close());

async function addOwner(name: string): Promise<Member> {
  const [personId, actorId] = [newId(), newId()];
  const email = `${personId}@example.co.za`;
  const sql = 'insert into person (id, email, name, created_at, updated_at) values (?, ?, ?, now(), now()) returning id';
  await bench.rows(sql, personId, email, name);
  await bench.rows(
    "insert into membership (shop_id, id, person_id, role, created_at) values (?, ?, ?, 'OWNER', now()) returning id",
    ...[shop.shop.id, actorId, personId],
  );
  return { personId, email, name, actor: { ...shop.actor, actorId, kind: 'PERSON', personId, name } };
}

const toldNames = async (): Promise<unknown[]> =>
  (await bench.deliveriesOf(shop)).map(({ body }) => (JSON.parse(body) as { data: { actor: unknown } }).data.actor);

describe('who is forgotten while a delivery with his name is written', () => {
  const writes: readonly (readonly [string, (member: Member, endpoint: { id: string }) => Promise<() => Promise<unknown>>])[] = [
    [
      'of what he did',
      async ({ actor }) => {
        await bench.receive({ ...shop, actor });
        return () => bench.fanOutAll(shop);
      },
    ],
    ['by himself, as a test', ({ actor }, endpoint) => Promise.resolve(() => bench.deliveries.test(actor, endpoint))],
  ];

  test.each(writes)('%s, is told of by the other name', async (_, prepare) => {
    const member = await addOwner('Thandi');
    const { endpoint } = await bench.listen(shop, 'https://hooks.example.com/stock');
    const write = await prepare(member, endpoint);
    const lock = `select 1 from webhook_endpoint where shop_id = '${shop.shop.id}' for update`;
    await holding(bench.database, lock, async (holder) => {
      // It has read what happened, and waits for the endpoint.
      const writing = write();
      await holder.untilWaiting(1);
      await holder.execute("update principal set name = '(forgotten)' where id = ?", [member.actor.actorId]);
      await holder.release();
      await writing;
    });
    expect(await toldNames()).toEqual(['(forgotten)']);
  });

  test('is forgotten once it is written, and there too', async () => {
    const member = await addOwner('Thandi');
    await addOwner('Sipho');
    const { endpoint } = await bench.listen(shop, 'https://hooks.example.com/stock');
    await bench.receive({ ...shop, actor: member.actor });
    const [movement] = await bench.rows<{ id: string }>('select id from stock_movement where shop_id = ?', shop.shop.id);
    const body = JSON.stringify({ type: 'stock.movement.posted', data: { actor: member.name } });
    const lock = `select 1 from webhook_endpoint where shop_id = '${shop.shop.id}' for update`;
    await holding(bench.database, lock, async (holder) => {
      const erasing = privacy.erase(shop.actor, member.email);
      await holder.untilWaiting(1);
      await holder.execute(
        `insert into webhook_delivery (shop_id, id, endpoint_id, event_type, event_id, sequence, body, state, attempts, failures, tries_from, next_try_at, created_at)
         values (?, ?, ?, 'stock.movement.posted', ?, 1, ?, 'PENDING', 0, 0, now(), now(), now())`,
        [shop.shop.id, newId(), endpoint.id, movement?.id, body],
      );
      await holder.release();
      await erasing;
    });
    expect(await toldNames()).toEqual(['(forgotten)']);
  });
});

test('of two owners who have themselves forgotten at the same moment one stays', async () => {
  const owners = [await addOwner('Thandi'), await addOwner('Sipho')];
  const lock = `select 1 from membership where shop_id = '${shop.shop.id}' for update`;
  const said = await holding(bench.database, lock, async (holder) => {
    const both = Promise.all(owners.map(({ personId: id, email }) => outcome(() => privacy.eraseOwn({ id, email }, email))));
    await holder.untilWaiting(2);
    await holder.release();
    return both;
  });
  expect(said.toSorted()).toEqual(['IN_USE address', 'done']);
  const sql = "select 1 from membership where shop_id = ? and role = 'OWNER' and ended_at is null";
  expect(await bench.rows(sql, shop.shop.id)).toHaveLength(1);
});
