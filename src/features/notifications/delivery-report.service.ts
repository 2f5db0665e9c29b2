import { setTimeout as sleep } from 'node:timers/promises';
import type { Clock } from '../../kernel/clock.js';
import { EVERY_SHOP } from '../../platform/tenancy.js';
import type { Transaction, UnitOfWork } from '../../platform/unit-of-work.js';
import { NotificationRecipientRepository } from './notification-recipient.repository.js';
import { findReported, NotificationRepository } from './notification.repository.js';
import type { DeliveryReport, ReportRequest, SmsPort } from './sms.port.js';

/** A report may overtake the mark of what was sent: it is looked for again. */
const FIND_TRIES = 5;
const FIND_PAUSE_MS = 200;
const MAX_REASON = 500;

/** What providers say of messages that they took. */
export class DeliveryReportService {
  constructor(
    private readonly work: UnitOfWork,
    private readonly clock: Clock,
    private readonly sms: SmsPort | undefined,
  ) {}

  /** Records what is final. Undefined where it is no report; else how many messages it was about, which it may be none of. */
  async take(request: ReportRequest): Promise<number | undefined> {
    const reports = this.sms?.readReports(request);
    if (!this.sms || !reports) return undefined;
    let recorded = 0;
    for (const report of reports) if (await this.record(this.sms.name, report)) recorded += 1;
    return recorded;
  }

  private async record(provider: string, report: DeliveryReport): Promise<boolean> {
    for (let tries = 1; ; tries += 1) {
      if (await this.work.run(EVERY_SHOP, (transaction) => this.recordIn(transaction, provider, report))) return true;
      if (tries >= FIND_TRIES) return false;
      await sleep(FIND_PAUSE_MS);
    }
  }

  private async recordIn({ em }: Transaction, provider: string, report: DeliveryReport): Promise<boolean> {
    const found = await findReported(em, provider, report.reference);
    if (!found) return false;
    const recipient = await new NotificationRecipientRepository(em, found.shopId).findForUpdate(found.recipientId);
    const notification = recipient && (await new NotificationRepository(em, found.shopId).findForUpdate(found.id));
    if (!notification) return false;
    const now = this.clock.now();
    // What has arrived cannot fail any more: reports come in any order, and more than once.
    if (notification.state === 'DELIVERED') return true;
    if (report.outcome === 'DELIVERED') {
      notification.state = 'DELIVERED';
      notification.deliveredAt = now;
      notification.reason = null;
      return true;
    }
    const reason = (report.reason ?? 'The provider does not say why.').slice(0, MAX_REASON);
    notification.state = 'FAILED';
    notification.reason = reason;
    notification.failedAt = now;
    // It says nothing of the number that he has by now.
    const isHis = notification.address === recipient.addressOf('SMS');
    if (report.outcome === 'REFUSED' && isHis) recipient.pause('SMS', reason, now);
    return true;
  }
}
