import { DeliveryError, type Handover } from '../../../src/features/notifications/delivery.port.js';
import type { Mail, MailPort } from '../../../src/features/notifications/mail.port.js';
import type { ArrivedMail, MailFar, MailManner } from './mail.contract.js';

/** A mail server that is an array. */
export class FakeMail implements MailPort, MailFar {
  readonly name = 'fake';
  readonly port = this;
  readonly sent: Mail[] = [];
  private manners: readonly MailManner[] = ['TAKES'];

  behave(...manners: readonly [MailManner, ...MailManner[]]): void {
    this.manners = manners;
  }

  send(mail: Mail, signal: AbortSignal): Promise<Handover> {
    if (signal.aborted) return Promise.reject(new DeliveryError('PASSING', 'It was given up.'));
    const [manner, ...next] = this.manners;
    if (next.length > 0) this.manners = next;
    if (manner === 'NOT_NOW') return Promise.reject(new DeliveryError('PASSING', 'Not now.'));
    if (manner === 'NOBODY_THERE') return Promise.reject(new DeliveryError('RECIPIENT_REFUSED', 'Nobody is there.'));
    this.sent.push(mail);
    if (manner === 'TAKES_AND_HANGS_UP') return Promise.reject(new DeliveryError('PASSING', 'It hung up.'));
    return Promise.resolve({ reference: `<${mail.id}@fake>` });
  }

  arrived(): Promise<readonly ArrivedMail[]> {
    const seen = this.sent.map(({ id, to, subject, text, html, unsubscribeUrl }) => ({
      ...{ to: to.address, subject, text, html, messageId: `<${id}@fake>` },
      headers: { 'list-unsubscribe': `<${String(unsubscribeUrl)}>`, 'list-unsubscribe-post': 'List-Unsubscribe=One-Click' },
    }));
    return Promise.resolve(seen);
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}
