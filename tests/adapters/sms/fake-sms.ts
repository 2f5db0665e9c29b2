import { DeliveryError, type DeliveryFault, type Handover } from '../../../src/features/notifications/delivery.port.js';
import type { DeliveryReport, ReportRequest, Sms, SmsPort } from '../../../src/features/notifications/sms.port.js';
import type { SmsFar, SmsManner } from './sms.contract.js';

const FAULTS: Readonly<Record<Exclude<SmsManner, 'TAKES'>, DeliveryFault>> = {
  NUMBER_REFUSED: 'RECIPIENT_REFUSED',
  NOT_NOW: 'PASSING',
  SLOW_DOWN: 'PASSING',
  KEY_REFUSED: 'OURS',
  HANGS_UP: 'PASSING',
};
const RETRY_AFTER_MS = 7_000;

/** A provider that is an array. */
export class FakeSms implements SmsPort, SmsFar {
  readonly name = 'fake';
  readonly port = this;
  readonly sent: Sms[] = [];
  private manners: readonly SmsManner[] = ['TAKES'];

  behave(...manners: readonly [SmsManner, ...SmsManner[]]): void {
    this.manners = manners;
  }

  send(sms: Sms): Promise<Handover> {
    const [manner = 'TAKES', ...next] = this.manners;
    if (next.length > 0) this.manners = next;
    if (manner !== 'TAKES') {
      return Promise.reject(new DeliveryError(FAULTS[manner], manner, manner === 'SLOW_DOWN' ? RETRY_AFTER_MS : undefined));
    }
    this.sent.push(sms);
    return Promise.resolve({ reference: `fake-${sms.id}` });
  }

  taken(): readonly { to: string; text: string }[] {
    return this.sent.map(({ to, text }) => ({ to, text }));
  }

  report(reference: string, outcome: DeliveryReport['outcome'] | 'ON_ITS_WAY'): ReportRequest {
    return { contentType: 'application/json', body: JSON.stringify({ reference, outcome }), query: {} };
  }

  readReports({ body }: ReportRequest): DeliveryReport[] | undefined {
    try {
      const { reference, outcome } = JSON.parse(body) as {
        reference?: string;
        outcome?: DeliveryReport['outcome'] | 'ON_ITS_WAY';
      };
      if (reference === undefined || outcome === undefined) return undefined;
      return outcome === 'ON_ITS_WAY' ? [] : [{ reference, outcome, reason: outcome === 'DELIVERED' ? undefined : outcome }];
    } catch {
      return undefined;
    }
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}
