import type { Clock } from '../../kernel/clock.js';
import type { Transaction, UnitOfWork } from '../../platform/unit-of-work.js';
import { ShopRepository, type Shop } from '../access/index.js';
import type { Channel, NoticeKind } from './notification-kinds.js';
import type { NotificationRecipient } from './notification-recipient.entity.js';
import { NotificationRecipientRepository } from './notification-recipient.repository.js';
import type { Notification } from './notification.entity.js';
import { NotificationRepository } from './notification.repository.js';
import { capDayOf, waitOf, type Wait } from './sending-time.js';
import { mailText } from './templates/mail-text.js';
import { smsText } from './templates/sms-text.js';
import type { ToldNotification } from './templates/words.js';
import { unsubscribeToken } from './unsubscribe-token.js';

/** Longer than any way out takes, so that what is in somebody's hands is not sent by a second one besides. */
export const LEASE_MS = 45_000;
/** Of a digest; how many more there are is told. */
const MAX_TOLD_ALERTS = 50;

/** A notification that is to be handed over now: the texts that it has for good, and the address that its person has now. */
export interface Parcel {
  readonly shopId: string;
  readonly id: string;
  readonly recipientId: string;
  readonly channel: Channel;
  readonly closedAt: Date;
  readonly provider: string;
  readonly name: string;
  readonly address: string;
  readonly subject: string;
  readonly text: string;
  readonly html: string;
  readonly unsubscribeUrl: string;
}

interface Opened {
  readonly transaction: Transaction;
  readonly notifications: NotificationRepository;
  readonly notification: Notification;
  readonly recipient: NotificationRecipient;
  readonly now: Date;
}

/** Where notifications are closed, claimed and marked: each act is a transaction that holds the recipient's row and then the notification's. */
export class SendDesk {
  constructor(
    private readonly work: UnitOfWork,
    private readonly clock: Clock,
    /** Where people reach this server, without a slash at its end. */
    private readonly publicUrl: string,
  ) {}

  /**
   * Closes a notification that is due and leases it to the caller alone, also one that was tried before. Says until when to wait, and DONE where there is nothing to
   * hand over: it was sent, its person is not to be told, or there is no way out and it is kept.
   */
  claim(shopId: string, id: string, providerOf: (channel: Channel) => string | undefined): Promise<Parcel | Wait | 'DONE'> {
    return this.opened(shopId, id, async (opened) => {
      const { notification, recipient, now } = opened;
      const isOver = notification.state !== 'QUEUED' && notification.state !== 'FAILED';
      if (isOver) return 'DONE';
      const obstacle = obstacleOf(recipient, notification.channel);
      if (obstacle !== undefined) return this.pause(opened, obstacle);
      const wait = await this.waitOf(opened);
      if (wait) return wait;
      const closedAt = notification.closedAt ?? (await this.close(opened));
      const { leasedUntil } = notification;
      if (leasedUntil && leasedUntil > now) return { until: leasedUntil, why: 'It is being sent.' };
      const provider = providerOf(notification.channel);
      if (provider === undefined) return this.keep(opened);
      notification.address = recipient.addressOf(notification.channel);
      notification.state = 'QUEUED';
      notification.tries += 1;
      notification.provider = provider;
      notification.leasedUntil = new Date(now.getTime() + LEASE_MS);
      return this.parcelOf(opened, provider, closedAt);
    });
  }

  /** A report may have come first: what is known to have arrived stays so. */
  sent(parcel: Parcel, reference: string | undefined): Promise<void> {
    return this.mark(parcel, ({ notification, now }) => {
      notification.providerReference = reference ?? parcel.id;
      notification.sentAt = now;
      if (notification.state === 'QUEUED') notification.state = 'SENT';
      notification.reason = null;
    });
  }

  /** The address will never get anything: nothing is sent there until somebody resumes it. False where the person has another one by now. */
  async refused(parcel: Parcel, reason: string): Promise<boolean> {
    let isHis = true;
    await this.mark(parcel, ({ notification, recipient, now }) => {
      isHis = recipient.addressOf(parcel.channel) === parcel.address;
      if (isHis) {
        recipient.pause(parcel.channel, reason, now);
        fail(notification, reason, now);
      } else {
        notification.reason = reason;
      }
    });
    return isHis;
  }

  failed(parcel: Parcel, reason: string): Promise<void> {
    return this.mark(parcel, ({ notification, now }) => {
      fail(notification, reason, now);
    });
  }

  /** To be tried again. */
  putBack(parcel: Parcel, reason: string): Promise<void> {
    return this.mark(parcel, ({ notification }) => {
      notification.reason = reason;
    });
  }

  private mark(parcel: Parcel, change: (opened: Opened) => void): Promise<void> {
    return this.opened(parcel.shopId, parcel.id, (opened) => {
      change(opened);
      opened.notification.leasedUntil = null;
      return Promise.resolve('DONE' as const);
    }).then(() => undefined);
  }

  /** DONE where the notification is gone with its person. */
  private opened<T>(shopId: string, id: string, act: (opened: Opened) => Promise<T>): Promise<T | 'DONE'> {
    return this.work.run({ shopId }, async (transaction) => {
      const { em } = transaction;
      const notifications = new NotificationRepository(em, shopId);
      const seen = await notifications.find(id);
      if (!seen) return 'DONE';
      const recipient = await new NotificationRecipientRepository(em, shopId).findForUpdate(seen.recipient.id);
      const notification = recipient && (await notifications.findForUpdate(id));
      if (!notification) return 'DONE';
      return act({ transaction, notifications, notification, recipient, now: this.clock.now() });
    });
  }

  private async waitOf({ transaction, notifications, notification, recipient, now }: Opened): Promise<Wait | undefined> {
    const isOpen = notification.closedAt === null;
    if (isOpen && notification.dueAt > now) return { until: notification.dueAt, why: 'It collects what else comes.' };
    const { timeZone } = await shopOf(transaction, notification.shopId);
    const { quietFrom, quietTo, dailyCap } = recipient;
    const quiet = quietFrom === null || quietTo === null ? undefined : { from: quietFrom, to: quietTo };
    // What is closed has been counted already; what it failed at does not give it the night.
    const sentToday = isOpen ? await notifications.countSince(recipient.id, capDayOf(now, timeZone)) : 0;
    const wait = waitOf(now, sentToday, { timeZone, quiet, dailyCap: isOpen ? dailyCap : null });
    if (!wait) return undefined;
    // What it waits for may be taken away meanwhile, so dueAt stays: it is what is looked at next that says when.
    if (notification.state === 'QUEUED') notification.reason = wait.why;
    return wait;
  }

  /** Nothing is added to it from here on, and it has its text. Gives since when. */
  private async close(opened: Opened): Promise<Date> {
    const { notification, recipient, now } = opened;
    const told = await this.told(opened);
    notification.closedAt = now;
    notification.form = told.total === 1 ? 'SINGLE' : 'DIGEST';
    notification.reason = null;
    notification.address = recipient.addressOf(notification.channel);
    if (notification.channel === 'EMAIL') {
      Object.assign(notification, mailText(told));
    } else {
      Object.assign(notification, smsText(told));
    }
    return now;
  }

  private async told({ transaction, notifications, notification, recipient }: Opened): Promise<ToldNotification> {
    const rows = await notifications.alertsOf(notification.id, MAX_TOLD_ALERTS);
    const { name: shop } = await shopOf(transaction, notification.shopId);
    return {
      language: recipient.language,
      shop,
      recipient: recipient.name,
      total: await notifications.countAlerts(notification.id),
      alerts: rows.map(({ kind, resolvedAt, ...row }) => ({ ...row, kind: kind as NoticeKind, isResolved: resolvedAt !== null })),
      unsubscribeUrl: this.unsubscribeUrl(recipient),
    };
  }

  private unsubscribeUrl({ shopId, id: recipientId, linkSecret }: NotificationRecipient): string {
    return `${this.publicUrl}/unsubscribe/${unsubscribeToken({ shopId, recipientId }, linkSecret)}`;
  }

  private pause({ notification, now }: Opened, reason: string): 'DONE' {
    notification.state = 'PAUSED';
    notification.reason = reason;
    notification.closedAt ??= now;
    notification.leasedUntil = null;
    return 'DONE';
  }

  private keep({ notification }: Opened): 'DONE' {
    notification.state = 'KEPT';
    notification.reason = `Nothing is set up to send it by ${notification.channel === 'EMAIL' ? 'e-mail' : 'SMS'}: read it here.`;
    return 'DONE';
  }

  private parcelOf({ notification, recipient }: Opened, provider: string, closedAt: Date): Parcel {
    const { shopId, id, channel, address, subject, text, html } = notification;
    return {
      ...{ shopId, id, channel, closedAt, provider, recipientId: recipient.id, name: recipient.name },
      ...{ address: address ?? '', subject: subject ?? '', text: text ?? '', html: html ?? '' },
      unsubscribeUrl: this.unsubscribeUrl(recipient),
    };
  }
}

function shopOf({ em }: Transaction, shopId: string): Promise<Shop> {
  return new ShopRepository(em).find(shopId);
}

/** Why a person is not to be told by this channel; undefined where he is. */
function obstacleOf(recipient: NotificationRecipient, channel: Channel): string | undefined {
  if (!recipient.enabled) return 'This person is not to be told.';
  if (recipient.addressOf(channel) === null) return 'This person has no such address any more.';
  return recipient.pausedReason(channel);
}

function fail(notification: Notification, reason: string, now: Date): void {
  notification.state = 'FAILED';
  notification.reason = reason;
  notification.failedAt = now;
}
