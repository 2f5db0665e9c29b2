import { createTransport, type Transporter } from 'nodemailer';
import type SMTPPool from 'nodemailer/lib/smtp-pool/index.js';
import type { Handover } from '../../features/notifications/delivery.port.js';
import type { Mail, MailPort } from '../../features/notifications/mail.port.js';
import { smtpFault } from './smtp-fault.js';

export interface DkimSettings {
  readonly domain: string;
  readonly selector: string;
  /** PEM. */
  readonly privateKey: string;
}

export interface SmtpSettings {
  readonly host: string;
  readonly port: number;
  /** True: TLS from the first byte. False: STARTTLS where the server offers it. */
  readonly secure: boolean;
  /** Refuses a server that does not offer STARTTLS. */
  readonly requireTls: boolean;
  readonly user: string | undefined;
  readonly password: string | undefined;
  /** PEM, instead of the authorities that Node.js trusts. */
  readonly certificateAuthority: string | undefined;
  /** As the From header has it: Stockroom <stock@example.co.za>. */
  readonly from: string;
  readonly dkim: DkimSettings | undefined;
}

/** All together shorter than the lease of a notification. */
const CONNECT_MS = 10_000;
const GREETING_MS = 10_000;
const SILENCE_MS = 20_000;
const DNS_MS = 5_000;
const TOTAL_MS = 35_000;
const MAX_CONNECTIONS = 3;
const IDLE_MS = 30_000;

/** RFC 8058, section 4: the signature has to cover both of the headers by which a mail is stopped. */
const SIGNED_HEADERS =
  'from:sender:reply-to:subject:date:message-id:to:cc:mime-version:content-type:content-transfer-encoding:list-unsubscribe:list-unsubscribe-post';

/** E-mail by SMTP, over connections that are kept for a while. Nothing is repeated here: the outbox does so, under the same Message-ID. */
export class SmtpMail implements MailPort {
  readonly name = 'SMTP';
  private readonly transporter: Transporter<SMTPPool.SentMessageInfo>;
  private readonly idDomain: string;

  constructor(private readonly settings: SmtpSettings) {
    const { host, port, secure, requireTls, user, password, certificateAuthority } = settings;
    const options: SMTPPool.Options & { maxRequeues: number; idleTimeout: number } = {
      ...{
        pool: true as const,
        host,
        port,
        secure,
        requireTLS: requireTls,
        maxConnections: MAX_CONNECTIONS,
        idleTimeout: IDLE_MS,
      },
      // A connection that breaks after the text was sent has perhaps delivered it: who tries again is to know of it.
      maxRequeues: 0,
      ...{ connectionTimeout: CONNECT_MS, greetingTimeout: GREETING_MS, socketTimeout: SILENCE_MS, dnsTimeout: DNS_MS },
      ...(user !== undefined && { auth: { user, pass: password ?? '' } }),
      ...(certificateAuthority !== undefined && { tls: { ca: certificateAuthority } }),
      // A text may name a file or a page, but never becomes one.
      ...{ disableFileAccess: true, disableUrlAccess: true },
    };
    this.transporter = createTransport(options);
    this.idDomain = /@([^>\s]+)/.exec(settings.from)?.[1] ?? 'stockroom.invalid';
  }

  async send(mail: Mail, signal: AbortSignal): Promise<Handover> {
    const messageId = `<${mail.id}@${this.idDomain}>`;
    const { dkim, from } = this.settings;
    const message = {
      // Closes the connection of what nobody waits for any more.
      signal: AbortSignal.any([signal, AbortSignal.timeout(TOTAL_MS)]),
      ...{ from, to: mail.to, messageId, subject: mail.subject, text: mail.text, html: mail.html },
      headers: {
        ...(mail.unsubscribeUrl !== undefined && {
          'List-Unsubscribe': { prepared: true, value: `<${mail.unsubscribeUrl}>` },
          'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click',
        }),
        // RFC 3834: no machine is to answer it.
        'Auto-Submitted': 'auto-generated',
      },
      ...(dkim && {
        dkim: {
          domainName: dkim.domain,
          keySelector: dkim.selector,
          privateKey: dkim.privateKey,
          headerFieldNames: SIGNED_HEADERS,
        },
      }),
    };
    try {
      await this.transporter.sendMail(message);
      return { reference: messageId };
    } catch (error) {
      throw smtpFault(error);
    }
  }

  close(): void {
    this.transporter.close();
  }
}
