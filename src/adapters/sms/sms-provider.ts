import { DeliveryError, type Handover } from '../../features/notifications/delivery.port.js';
import type { DeliveryReport, ReportRequest, Sms, SmsPort } from '../../features/notifications/sms.port.js';
import type { OutboundRequest, Reply } from '../http/exchange.js';
import { OutboundError, type OutboundErrorKind } from '../http/outbound-error.js';
import { fieldsOf, type SmsDialect } from './sms-dialect.js';

/** What is needed of an Outbound. */
export interface WayOut {
  request(request: OutboundRequest): Promise<Reply>;
}

/** Left alone for so long where the far side does not say for how long. */
const LEFT_ALONE_MS = 30_000;
const TOO_MANY_REQUESTS = 429;
const FIRST_FAILURE = 500;
/** Of who we are and what we have paid: 401, 402, 403. */
const OUR_FAULTS: readonly number[] = [401, 402, 403];
const CAUSED_BY_US: readonly OutboundErrorKind[] = ['TLS', 'REFUSED_ADDRESS'];
const BUSY: readonly OutboundErrorKind[] = ['BREAKER_OPEN', 'BULKHEAD_FULL'];

/** SMS through a provider's HTTP interface. Nothing is repeated here: the outbox does so, under the same id. */
export class SmsProvider implements SmsPort {
  constructor(
    private readonly outbound: WayOut,
    private readonly dialect: SmsDialect,
  ) {}

  get name(): string {
    return this.dialect.name;
  }

  async send(sms: Sms, signal: AbortSignal): Promise<Handover> {
    const reply = await this.asked({ ...this.dialect.request(sms), mayRepeat: false, signal });
    const { status, retryAfterMs } = reply;
    if (status === TOO_MANY_REQUESTS || (status >= FIRST_FAILURE && retryAfterMs !== undefined)) {
      throw new DeliveryError('PASSING', `${this.name} asks for patience (${String(status)}).`, retryAfterMs ?? LEFT_ALONE_MS);
    }
    if (status >= FIRST_FAILURE) throw new DeliveryError('PASSING', `${this.name} failed (${String(status)}).`);
    if (OUR_FAULTS.includes(status)) {
      throw new DeliveryError('OURS', `${this.name} does not let us in (${String(status)}): look at SMS_PROVIDER's settings.`);
    }
    return this.dialect.readReply(reply);
  }

  readReports(request: ReportRequest): DeliveryReport[] | undefined {
    const fields = fieldsOf(request);
    return fields && this.dialect.readReports(fields, request);
  }

  private async asked(request: OutboundRequest): Promise<Reply> {
    try {
      return await this.outbound.request(request);
    } catch (error) {
      if (!(error instanceof OutboundError)) throw error;
      if (CAUSED_BY_US.includes(error.kind)) throw new DeliveryError('OURS', error.message);
      const waitMs = BUSY.includes(error.kind) ? (error.retryAfterMs ?? LEFT_ALONE_MS) : error.retryAfterMs;
      throw new DeliveryError('PASSING', error.message, waitMs);
    }
  }
}
