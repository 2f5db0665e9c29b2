import { DeliveryError, type DeliveryFault } from '../../features/notifications/delivery.port.js';

/** What nodemailer says of a failure. */
interface SmtpError {
  readonly code?: string;
  /** Of the socket, where code says only that it was one. */
  readonly originalCode?: string;
  readonly command?: string;
  readonly responseCode?: number;
  readonly response?: string;
}

const FIRST_PERMANENT = 500;
/** RFC 5321, section 4.2.3 and RFC 7504: mailbox unavailable, not here, name not allowed, the host or its domain takes no mail. */
const MAILBOX_CODES: readonly number[] = [550, 551, 553, 521, 556];
/** RFC 3463, section 3: addressing status, and mailboxes that are disabled; but not of the sender's address (7, 8). */
const MAILBOX_STATUS = /^5\.(1\.(?![78]\b)\d+|2\.1)$/;
/** The mailbox is full: it may be emptied. */
const FULL_STATUS = /^5\.2\.2$/;
const ENHANCED = /^\d{3}[ -](\d\.\d{1,3}\.\d{1,3})\b/;
/** Where a server speaks of the person that the mail is for. */
const ABOUT_RECIPIENT: readonly (string | undefined)[] = ['RCPT TO', 'DATA'];
/** What we have set up: who we are, how we connect safely, which name does not lead anywhere. */
const OURS: readonly (string | undefined)[] = ['EAUTH', 'ENOAUTH', 'EOAUTH2', 'ETLS', 'EREQUIRETLS', 'ECONFIG'];
/** A server that cannot prove who it is. */
const UNPROVEN = /^(ERR_TLS_|ERR_SSL_|CERT_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_|INVALID_CA|HOSTNAME_MISMATCH)/;
const AUTH_CODES: readonly number[] = [530, 534, 535, 538];

/** What a failure means. The reply's text is left out of the reason, since it quotes addresses; its codes are not. */
export function smtpFault(error: unknown): DeliveryError {
  const { code, originalCode, command, responseCode, response } = (error instanceof Error ? error : {}) as SmtpError;
  const status = ENHANCED.exec(response ?? '')?.[1];
  const said = [responseCode, status].filter((part) => part !== undefined).join(' ');
  const shown = said === '' ? (originalCode ?? code ?? 'no reason') : said;
  const fault = faultOf({ code, originalCode, command, responseCode }, status);
  return new DeliveryError(fault, `${SENTENCES[fault]} (${shown}${command === undefined ? '' : `, ${command}`}).`);
}

const SENTENCES: Readonly<Record<DeliveryFault, string>> = {
  RECIPIENT_REFUSED: 'The mail server says that this address takes no mail',
  REFUSED: 'The mail server refused this message',
  OURS: 'The mail server does not accept us: look at the settings of SMTP and at MAIL_FROM',
  PASSING: 'The mail server did not take it this time',
};

function faultOf({ code, originalCode = '', command, responseCode }: SmtpError, status: string | undefined): DeliveryFault {
  if (OURS.includes(code) || UNPROVEN.test(originalCode)) return 'OURS';
  if (responseCode !== undefined && AUTH_CODES.includes(responseCode)) return 'OURS';
  if (responseCode === undefined || responseCode < FIRST_PERMANENT)
    return code === 'EENVELOPE' && !command ? 'REFUSED' : 'PASSING';
  if (!ABOUT_RECIPIENT.includes(command)) return 'OURS';
  if (status === undefined) return MAILBOX_CODES.includes(responseCode) ? 'RECIPIENT_REFUSED' : refusalAt(command);
  if (FULL_STATUS.test(status)) return 'PASSING';
  return MAILBOX_STATUS.test(status) ? 'RECIPIENT_REFUSED' : refusalAt(command);
}

/** Before the text it is we who may not send there; after it, it is the text. */
function refusalAt(command: string | undefined): DeliveryFault {
  return command === 'DATA' ? 'REFUSED' : 'OURS';
}
