import type { Clock } from '../../kernel/clock.js';
import type { Transaction, UnitOfWork } from '../../platform/unit-of-work.js';
import { ShopRepository } from '../access/index.js';
import type { Language } from './notification-kinds.js';
import type { NotificationRecipient } from './notification-recipient.entity.js';
import { NotificationRecipientRepository } from './notification-recipient.repository.js';
import { isSigned, ownerOf } from './unsubscribe-token.js';

const UNSUBSCRIBED = 'Unsubscribed by the link in an e-mail.';

/** Whose e-mails a link stops, as its page says it. */
export interface LinkPage {
  readonly shop: string;
  readonly language: Language;
}

/** What the link in an e-mail does. The token alone lets in, to this and to nothing else. */
export class UnsubscribeService {
  constructor(
    private readonly work: UnitOfWork,
    private readonly clock: Clock,
  ) {}

  /** Changes nothing: programs follow links. Undefined for what is no link of ours, or no more. */
  show(token: string): Promise<LinkPage | undefined> {
    return this.withOwner(token, async (recipient, transaction) => pageOf(recipient, transaction));
  }

  /** From now on this person gets no e-mail, until somebody resumes the address. Undefined for what is no link of ours. */
  stop(token: string): Promise<LinkPage | undefined> {
    return this.withOwner(token, async ({ id, shopId }, transaction) => {
      const recipient = await new NotificationRecipientRepository(transaction.em, shopId).findForUpdate(id);
      recipient?.pause('EMAIL', UNSUBSCRIBED, this.clock.now());
      return recipient && pageOf(recipient, transaction);
    });
  }

  private withOwner<T>(
    token: string,
    act: (recipient: NotificationRecipient, transaction: Transaction) => Promise<T>,
  ): Promise<T | undefined> {
    const owner = ownerOf(token);
    if (!owner) return Promise.resolve(undefined);
    return this.work.run(owner, async (transaction) => {
      const recipient = await new NotificationRecipientRepository(transaction.em, owner.shopId).find(owner.recipientId);
      return recipient && isSigned(token, recipient.linkSecret) ? act(recipient, transaction) : undefined;
    });
  }
}

async function pageOf({ shopId, language }: NotificationRecipient, { em }: Transaction): Promise<LinkPage> {
  return { shop: (await new ShopRepository(em).find(shopId)).name, language };
}
