import { simpleParser } from 'mailparser';
import { once } from 'node:events';
import type { AddressInfo, Socket } from 'node:net';
import { SMTPServer, type SMTPServerOptions } from 'smtp-server';
import { SmtpMail, type SmtpSettings } from '../../../src/adapters/mail/smtp-mail.js';
import type { ArrivedMail, MailFar, MailManner } from './mail.contract.js';

/** What a server says instead of taking a mail: at RCPT TO, or after the text. */
export interface Refusal {
  readonly at: 'MAIL' | 'RCPT' | 'DATA';
  readonly code: number;
  readonly text: string;
}

type Manner = MailManner | Refusal;

const NOT_NOW: Refusal = { at: 'RCPT', code: 451, text: '4.3.0 Try again later' };
const NOBODY_THERE: Refusal = { at: 'RCPT', code: 550, text: '5.1.1 <sipho@example.co.za>: no such user' };

/** How long a client that holds on may do so. */
const CLOSE_MS = 50;

/** A real mail server on a port of its own, and a way out that leads to it. */
export class SmtpFar implements MailFar {
  port!: SmtpMail;
  /** Texts as they arrived. */
  readonly raw: Buffer[] = [];
  private manners: readonly Manner[] = ['TAKES'];
  private readonly sockets = new Set<Socket>();

  private constructor(readonly server: SMTPServer) {}

  static async open(settings: Partial<SmtpSettings> = {}, options: SMTPServerOptions = {}): Promise<SmtpFar> {
    const self: { far?: SmtpFar } = {};
    const server = new SMTPServer({
      disabledCommands: ['AUTH', 'STARTTLS'],
      disableReverseLookup: true,
      closeTimeout: CLOSE_MS,
      onMailFrom: (_address, _session, done) => {
        done(self.far?.refusalAt('MAIL'));
      },
      onRcptTo: (_address, _session, done) => {
        done(self.far?.refusalAt('RCPT'));
      },
      onData: (stream, _session, done) => {
        const chunks: Buffer[] = [];
        stream.on('data', (chunk: Buffer) => chunks.push(chunk));
        stream.on('end', () => self.far?.take(Buffer.concat(chunks), done));
      },
      ...options,
    });
    const far = new SmtpFar(server);
    self.far = far;
    server.on('error', () => undefined);
    server.server.on('connection', (socket: Socket) => {
      far.sockets.add(socket);
      socket.on('error', () => undefined);
      socket.on('close', () => far.sockets.delete(socket));
    });
    server.listen(0, '127.0.0.1');
    await once(server.server, 'listening');
    far.port = new SmtpMail(far.settings(settings));
    return far;
  }

  settings(changes: Partial<SmtpSettings> = {}): SmtpSettings {
    const { port } = this.server.server.address() as AddressInfo;
    return {
      ...{ host: '127.0.0.1', port, secure: false, requireTls: false, user: undefined, password: undefined },
      ...{ certificateAuthority: undefined, from: 'Stockroom <stock@example.co.za>', dkim: undefined },
      ...changes,
    };
  }

  behave(...manners: readonly [Manner, ...Manner[]]): void {
    this.manners = manners;
  }

  async arrived(): Promise<readonly ArrivedMail[]> {
    return Promise.all(
      this.raw.map(async (raw) => {
        const parsed = await simpleParser(raw);
        const to = Array.isArray(parsed.to) ? parsed.to[0] : parsed.to;
        const lines = parsed.headerLines.map(({ key, line }) => [
          key,
          line
            .slice(line.indexOf(':') + 1)
            .replace(/\s+/g, ' ')
            .trim(),
        ]);
        return {
          to: to?.value[0]?.address ?? '',
          ...{ subject: parsed.subject ?? '', text: parsed.text ?? '', messageId: parsed.messageId ?? '' },
          html: typeof parsed.html === 'string' ? parsed.html : '',
          headers: Object.fromEntries(lines) as Record<string, string>,
        };
      }),
    );
  }

  async close(): Promise<void> {
    this.port.close();
    const { promise, resolve } = Promise.withResolvers<undefined>();
    this.server.close(() => {
      resolve(undefined);
    });
    await promise;
  }

  private get manner(): Manner {
    return this.manners[0] ?? 'TAKES';
  }

  private next(): void {
    if (this.manners.length > 1) this.manners = this.manners.slice(1);
  }

  private refusalAt(at: Refusal['at']): Error | null {
    const { manner } = this;
    const refusal = manner === 'NOT_NOW' ? NOT_NOW : manner === 'NOBODY_THERE' ? NOBODY_THERE : manner;
    if (typeof refusal === 'string' || refusal.at !== at) return null;
    this.next();
    return Object.assign(new Error(refusal.text), { responseCode: refusal.code });
  }

  private take(raw: Buffer, done: (error?: Error | null) => void): void {
    const refusal = this.refusalAt('DATA');
    if (refusal) {
      done(refusal);
      return;
    }
    this.raw.push(raw);
    const hangsUp = this.manner === 'TAKES_AND_HANGS_UP';
    this.next();
    if (hangsUp) for (const socket of this.sockets) socket.destroy();
    else done();
  }
}
