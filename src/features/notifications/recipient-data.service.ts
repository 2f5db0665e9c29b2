import type { Transaction } from '../../platform/unit-of-work.js';
import { ShopRepository } from '../access/index.js';
import { optionalEmail, optionalPhone } from './contact-rules.js';
import { NotificationRecipientRepository } from './notification-recipient.repository.js';
import { RecipientDataRepository, type KeptRecord } from './recipient-data.repository.js';

const PATH = ['address'];
const as = (subjectType: string) => {
  return ({ id, data }: KeptRecord) => ({ subjectType, subjectId: id, data });
};

/** What is kept of persons who are told of alerts: how they are reached, and what they were sent. */
export const recipientData = {
  name: 'notifications',

  async collect({ em }: Transaction, shopId: string, address: string) {
    const [kept, stored] = [new RecipientDataRepository(em, shopId), addressOf(address)];
    const [recipients, messages] = [await kept.findRecipients(stored), await kept.findOtherMessages(stored)];
    return [...recipients.map(as('NotificationRecipient')), ...messages.map(as('Notification'))];
  },

  /** Who is reached there is removed, with all that was sent to him; what was sent there to others goes too. */
  async erase(transaction: Transaction, shopId: string, address: string) {
    const { em } = transaction;
    const [shops, recipients] = [new ShopRepository(em), new NotificationRecipientRepository(em, shopId)];
    await shops.lock(shopId);
    const records = await recipientData.collect(transaction, shopId, address);
    const idsOf = (type: string) => records.filter(({ subjectType }) => subjectType === type).map(({ subjectId }) => subjectId);
    for (const id of idsOf('NotificationRecipient')) await recipients.remove(id);
    await new RecipientDataRepository(em, shopId).removeMessages(idsOf('Notification'));
    const [shop, notifies] = [await shops.find(shopId), await recipients.isAnyoneListening()];
    if (shop.notifies !== notifies) shop.notifies = notifies;
    return records;
  },
};

/** As it is stored; no text at all is nobody's. Refuses (INVALID) what is no address. */
function addressOf(text: string): string {
  return (text.includes('@') ? optionalEmail(text, PATH) : optionalPhone(text, PATH)) ?? '';
}
