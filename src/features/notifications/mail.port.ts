import type { Handover } from './delivery.port.js';

export interface Mail {
  /** The same for every try: the Message-ID is made of it. */
  readonly id: string;
  readonly to: { readonly name: string; readonly address: string };
  readonly subject: string;
  readonly text: string;
  readonly html: string;
  /** Where a person, or a mail program in his name, stops these mails (RFC 8058); left out of what is about his own account. */
  readonly unsubscribeUrl?: string | undefined;
}

/** The way out by e-mail. */
export interface MailPort {
  /** In what is recorded and counted. */
  readonly name: string;
  /** Resolves when the far side has taken it. Throws DeliveryError. */
  send(mail: Mail, signal: AbortSignal): Promise<Handover>;
}
