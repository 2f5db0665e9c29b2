import type { Handover } from './delivery.port.js';

export interface Sms {
  /** The same for every try, for providers that take one. */
  readonly id: string;
  /** E.164. */
  readonly to: string;
  readonly text: string;
}

/** What a provider sends when it knows more of a message. */
export interface ReportRequest {
  readonly contentType: string;
  readonly body: string;
  readonly query: Readonly<Record<string, string>>;
}

/** REFUSED: the number will never get one. */
export interface DeliveryReport {
  /** What the provider calls the message, or the message's own id. */
  readonly reference: string;
  readonly outcome: 'DELIVERED' | 'FAILED' | 'REFUSED';
  readonly reason: string | undefined;
}

/** The way out by SMS. */
export interface SmsPort {
  /** In what is recorded and counted. */
  readonly name: string;
  /** Resolves when the provider has taken it. Throws DeliveryError. */
  send(sms: Sms, signal: AbortSignal): Promise<Handover>;
  /** What a report says for good; none for one that says nothing final. Undefined where it is no report of this provider. */
  readReports(request: ReportRequest): DeliveryReport[] | undefined;
}
