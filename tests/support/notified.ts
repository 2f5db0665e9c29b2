import type { App } from '../../src/app.js';
import type { Actor } from '../../src/features/access/index.js';
import { parseGlobalId, toGlobalId } from '../../src/graphql/global-id.js';

/** A person who is told of all alerts by e-mail, and a notification that collects since this alert; their global ids. */
export async function openNotified({ services }: Pick<App, 'services'>, actor: Actor, name: string, alert: string) {
  const { recipients, fanOut } = services.notifications;
  const { id } = await recipients.create(actor, { name: `${name} person`, email: `${name.toLowerCase()}@example.co.za` });
  const kinds = ['LOW_STOCK', 'OUT_OF_STOCK', 'NEGATIVE_STOCK'] as const;
  await recipients.subscribe(
    actor,
    { id },
    kinds.map((kind) => ({ kind, channel: 'EMAIL' })),
  );
  const alertId = parseGlobalId(alert)?.id ?? '';
  await fanOut.fanOut(actor.shopId, [alertId]);
  const notification = await services.work.run(actor, async ({ em }) => {
    const [row] = await em.execute<{ id: string }[]>('select id from notification where shop_id = ? and recipient_id = ?', [
      actor.shopId,
      id,
    ]);
    return row?.id ?? '';
  });
  return { recipient: toGlobalId('NotificationRecipient', id), notification: toGlobalId('Notification', notification) };
}
