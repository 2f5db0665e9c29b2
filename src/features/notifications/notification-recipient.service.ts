import { randomBytes } from 'node:crypto';
import type { Clock } from '../../kernel/clock.js';
import { InvalidError, NotFoundError } from '../../kernel/errors.js';
import { newId } from '../../kernel/ids.js';
import type { Transaction, UnitOfWork } from '../../platform/unit-of-work.js';
import { LocationRepository, requireLine, ShopRepository, type Actor, type RowRef } from '../access/index.js';
import { optionalEmail, optionalPhone, quietSpan } from './contact-rules.js';
import type { Channel, Language, NoticeKind } from './notification-kinds.js';
import type { NotificationRecipient } from './notification-recipient.entity.js';
import { NotificationRecipientRepository, type SubscriptionRow } from './notification-recipient.repository.js';
import { LINK_SECRET_BYTES } from './unsubscribe-token.js';

export const MAX_RECIPIENTS = 200;
export const MAX_SUBSCRIPTIONS = 200;
export const MAX_DAILY_CAP = 1_000;
export const DEFAULT_DAILY_CAP = 20;

/** Absent: unchanged, or the default of a new one. Null: none. Times are of the shop's clock, such as 21:30. */
export interface RecipientChanges {
  readonly name?: string | null | undefined;
  readonly language?: Language | null | undefined;
  readonly email?: string | null | undefined;
  readonly phone?: string | null | undefined;
  readonly quietFrom?: string | null | undefined;
  readonly quietTo?: string | null | undefined;
  readonly dailyCap?: number | null | undefined;
  readonly enabled?: boolean | null | undefined;
}

export interface SubscriptionDraft {
  readonly kind: NoticeKind;
  readonly channel: Channel;
  /** Null or absent: anywhere. */
  readonly location?: RowRef | null | undefined;
}

/** Who is told of alerts. Each act is a transaction of its own. */
export class NotificationRecipientService {
  constructor(
    private readonly work: UnitOfWork,
    private readonly clock: Clock,
  ) {}

  /** Refuses (INVALID) what `update` refuses, and one more than MAX_RECIPIENTS. */
  create(actor: Actor, draft: RecipientChanges): Promise<NotificationRecipient> {
    const fields = checked({ ...draft, name: draft.name ?? null });
    const quiet = quietSpan(draft.quietFrom, draft.quietTo);
    refuseUnreachable(fields.email ?? null, fields.phone ?? null);
    return this.work.run(actor, async ({ em }) => {
      const recipients = new NotificationRecipientRepository(em, actor.shopId);
      await new ShopRepository(em).lock(actor.shopId);
      if ((await recipients.count()) >= MAX_RECIPIENTS) {
        throw new InvalidError(`A shop tells at most ${String(MAX_RECIPIENTS)} people.`);
      }
      const now = this.clock.now();
      return recipients.add({
        shopId: actor.shopId,
        id: newId(),
        name: fields.name ?? '',
        language: fields.language ?? 'EN',
        email: fields.email ?? null,
        phone: fields.phone ?? null,
        quietFrom: quiet?.from ?? null,
        quietTo: quiet?.to ?? null,
        dailyCap: fields.dailyCap === undefined ? DEFAULT_DAILY_CAP : fields.dailyCap,
        enabled: fields.enabled ?? true,
        linkSecret: randomBytes(LINK_SECRET_BYTES),
        createdAt: now,
        updatedAt: now,
      });
    });
  }

  /**
   * A new address is not paused, whatever the old one was. Refuses (INVALID) an empty name, what is no e-mail address or no mobile number, a person
   * with neither, half a span of quiet hours, a cap below 1 or above MAX_DAILY_CAP; NOT_FOUND.
   */
  update(actor: Actor, ref: RowRef, changes: RecipientChanges): Promise<NotificationRecipient> {
    const fields = checked(changes);
    const changesQuiet = changes.quietFrom !== undefined || changes.quietTo !== undefined;
    const quiet = changesQuiet ? quietSpan(changes.quietFrom, changes.quietTo) : undefined;
    return this.onOne(actor, ref, (recipient, _recipients, now) => {
      const email = fields.email === undefined ? recipient.email : fields.email;
      const phone = fields.phone === undefined ? recipient.phone : fields.phone;
      refuseUnreachable(email, phone);
      if (email !== recipient.email) recipient.resume('EMAIL', now);
      if (phone !== recipient.phone) recipient.resume('SMS', now);
      [recipient.email, recipient.phone] = [email, phone];
      recipient.name = fields.name ?? recipient.name;
      recipient.language = fields.language ?? recipient.language;
      recipient.enabled = fields.enabled ?? recipient.enabled;
      if (fields.dailyCap !== undefined) recipient.dailyCap = fields.dailyCap;
      if (quiet !== undefined) [recipient.quietFrom, recipient.quietTo] = [quiet?.from ?? null, quiet?.to ?? null];
      recipient.updatedAt = now;
    });
  }

  /** Forgets the person with all that was sent to him. Refuses NOT_FOUND. */
  async remove(actor: Actor, ref: RowRef): Promise<string> {
    return this.inTurn(actor, async (recipients, transaction) => {
      const { id } = await found(recipients, ref);
      await recipients.remove(id);
      transaction.note({ shopId: actor.shopId, action: 'DELETED', subjectType: 'NotificationRecipient', subjectId: id });
      return id;
    });
  }

  /** What was there before is replaced. Refuses (INVALID) more than MAX_SUBSCRIPTIONS, and a channel that the person has no address for; NOT_FOUND. */
  subscribe(actor: Actor, ref: RowRef, drafts: readonly SubscriptionDraft[]): Promise<NotificationRecipient> {
    if (drafts.length > MAX_SUBSCRIPTIONS) {
      throw new InvalidError(`A person has at most ${String(MAX_SUBSCRIPTIONS)} subscriptions.`, ['subscriptions']);
    }
    return this.onOne(actor, ref, async (recipient, recipients, now, transaction) => {
      const rows = new Map<string, SubscriptionRow>();
      const locations = new LocationRepository(transaction.em);
      for (const [index, { kind, channel, location }] of drafts.entries()) {
        const path = ['subscriptions', String(index)];
        if (recipient.addressOf(channel) === null) {
          const what = channel === 'EMAIL' ? 'e-mail address' : 'mobile number';
          throw new InvalidError(`This person has no ${what}: write one down first.`, [...path, 'channel']);
        }
        const place = location?.id === undefined ? undefined : await locations.find(actor.shopId, location.id);
        if (location && !place) throw new NotFoundError('The shop has no such location.', [...path, 'location']);
        const locationId = place?.id ?? null;
        rows.set(`${kind} ${channel} ${String(locationId)}`, { kind, channel, locationId });
      }
      await recipients.setSubscriptions(recipient.id, [...rows.values()]);
      const { shopId } = actor;
      const subject = { subjectType: 'NotificationRecipient', subjectId: recipient.id };
      transaction.note({ shopId, action: 'UPDATED', ...subject, fields: ['subscriptions'] });
      recipient.updatedAt = now;
    });
  }

  /** Sends there again; one that is not paused stays as it is. Refuses NOT_FOUND. */
  resume(actor: Actor, ref: RowRef, channel: Channel): Promise<NotificationRecipient> {
    return this.onOne(actor, ref, (recipient, _recipients, now) => {
      recipient.resume(channel, now);
    });
  }

  private onOne(
    actor: Actor,
    ref: RowRef,
    act: (
      recipient: NotificationRecipient,
      recipients: NotificationRecipientRepository,
      now: Date,
      transaction: Transaction,
    ) => Promise<void> | void,
  ): Promise<NotificationRecipient> {
    return this.inTurn(actor, async (recipients, transaction) => {
      const recipient = await found(recipients, ref);
      await act(recipient, recipients, this.clock.now(), transaction);
      return recipient;
    });
  }

  /** What changes who listens, one after the other in a shop, whose row says afterwards whether anybody does. */
  private inTurn<T>(
    { shopId }: Actor,
    act: (recipients: NotificationRecipientRepository, transaction: Transaction) => Promise<T>,
  ): Promise<T> {
    return this.work.run({ shopId }, async (transaction) => {
      const [shops, recipients] = [
        new ShopRepository(transaction.em),
        new NotificationRecipientRepository(transaction.em, shopId),
      ];
      await shops.lock(shopId);
      const result = await act(recipients, transaction);
      await transaction.flush();
      const [shop, notifies] = [await shops.find(shopId), await recipients.isAnyoneListening()];
      if (shop.notifies !== notifies) shop.notifies = notifies;
      return result;
    });
  }
}

async function found(recipients: NotificationRecipientRepository, ref: RowRef): Promise<NotificationRecipient> {
  const recipient = ref.id === undefined ? undefined : await recipients.findForUpdate(ref.id);
  if (!recipient) throw new NotFoundError('The shop has no such person to tell.', ['id']);
  return recipient;
}

function refuseUnreachable(email: string | null, phone: string | null): void {
  if (email === null && phone === null) throw new InvalidError('A person needs an e-mail address or a mobile number.', ['email']);
}

/** What was given of the fields, as it is stored. */
function checked({ name, language, email, phone, dailyCap, enabled }: RecipientChanges) {
  const isCap = dailyCap == null || (Number.isInteger(dailyCap) && dailyCap >= 1 && dailyCap <= MAX_DAILY_CAP);
  if (!isCap) throw new InvalidError(`Write a number from 1 to ${String(MAX_DAILY_CAP)}, or none at all.`, ['dailyCap']);
  return {
    name: name === undefined ? undefined : requireLine(name, ['name']),
    language: language ?? undefined,
    email: email === undefined ? undefined : optionalEmail(email, ['email']),
    phone: phone === undefined ? undefined : optionalPhone(phone, ['phone']),
    dailyCap,
    enabled: enabled ?? undefined,
  };
}
