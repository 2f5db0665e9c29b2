import type { Clock } from '../../kernel/clock.js';
import { doubling, GiveUp, NotNow, type RunningJob, type Task } from '../../platform/outbox/task.js';
import { DeliveryError, type Handover } from './delivery.port.js';
import { jobFields } from './job-fields.js';
import type { MailPort } from './mail.port.js';
import { SEND_TASKS } from './notification-jobs.js';
import { CHANNELS } from './notification-kinds.js';
import type { Parcel, SendDesk } from './send-desk.service.js';
import type { SmsPort } from './sms.port.js';

/** Of each channel. */
const CONCURRENCY = 8;
const FIRST_RETRY_MS = 2_000;
const MAX_RETRY_MS = 1_800_000;
/** About a day: a shop without a connection for a night still tells what it had to tell. */
const TRIES = 60;
/** Nobody wants to be told of what ran out the day before. */
const MAX_AGE_MS = 24 * 3_600_000;
/** Somebody may change the hours, the cap or the clock meanwhile, and a far side may ask for a year: it is looked at again. */
const MAX_NAP_MS = 900_000;

/** Undefined: what would go there is kept, and can be read. */
export interface Ways {
  readonly EMAIL: MailPort | undefined;
  readonly SMS: SmsPort | undefined;
}

/** Sends notifications: claims, hands over, marks. Whoever dies between the last two hands over once more, under the same id. */
export class SendService {
  constructor(
    private readonly desk: SendDesk,
    private readonly ways: Ways,
    private readonly clock: Clock,
  ) {}

  tasks(): readonly Task[] {
    return CHANNELS.map((channel) => ({
      name: SEND_TASKS[channel],
      concurrency: CONCURRENCY,
      retryInMs: doubling(FIRST_RETRY_MS, TRIES, MAX_RETRY_MS),
      run: (job, signal) => this.send(job, signal),
    }));
  }

  async send(job: RunningJob, signal: AbortSignal): Promise<void> {
    const { shopId, id } = jobFields(job, 'notification');
    const claim = await this.desk.claim(shopId, id, (channel) => this.ways[channel]?.name);
    if (claim === 'DONE') return;
    if ('until' in claim) {
      throw new NotNow(claim.why, Math.min(MAX_NAP_MS, Math.max(0, claim.until.getTime() - this.clock.now().getTime())));
    }
    let handover: Handover;
    try {
      handover = await this.handOver(claim, signal);
    } catch (error) {
      return this.failed(claim, job, error);
    }
    await this.desk.sent(claim, handover.reference);
  }

  private handOver(parcel: Parcel, signal: AbortSignal): Promise<Handover> {
    const { EMAIL, SMS } = this.ways;
    const { id, text, name, address, unsubscribeUrl } = parcel;
    if (parcel.channel === 'SMS' && SMS) return SMS.send({ id, to: address, text }, signal);
    if (parcel.channel === 'EMAIL' && EMAIL) {
      const { subject, html } = parcel;
      return EMAIL.send({ id, to: { name, address }, subject, text, html, unsubscribeUrl }, signal);
    }
    throw new DeliveryError('OURS', `Nothing is set up for ${parcel.channel} any more.`);
  }

  /** Marks it, and throws what the outbox is to make of it. */
  private async failed(parcel: Parcel, { attempt }: RunningJob, error: unknown): Promise<void> {
    const fault = error instanceof DeliveryError ? error.fault : 'PASSING';
    const reason = error instanceof DeliveryError ? error.message : 'It was interrupted.';
    if (fault === 'RECIPIENT_REFUSED') {
      if (await this.desk.refused(parcel, reason)) return;
      // It was refused at an address that is his no more: the next try goes to the new one.
      throw error;
    }
    const isOld = this.clock.now().getTime() - parcel.closedAt.getTime() >= MAX_AGE_MS;
    if (fault === 'REFUSED' || attempt >= TRIES || isOld) {
      await this.desk.failed(parcel, reason);
      throw new GiveUp(reason);
    }
    await this.desk.putBack(parcel, reason);
    if (error instanceof DeliveryError && error.retryAfterMs !== undefined) {
      throw new NotNow(reason, Math.min(MAX_NAP_MS, error.retryAfterMs));
    }
    throw error;
  }
}
