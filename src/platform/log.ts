import { pino, type DestinationStream, type LogFn, type Logger } from 'pino';
import { loggedMessage, serializeError } from './logged-error.js';

export type { Logger } from 'pino';

export interface LogOptions {
  readonly level: string;
  /** Where lines go; standard output when left out. */
  readonly destination?: DestinationStream;
}

const HIDDEN = '[hidden]';
/** Fields that carry a secret wherever they turn up, at the top or one or two objects down. */
const SECRET_FIELDS = ['authorization', 'cookie', 'password', 'secret', 'token', 'apiKey', 'deviceKey', 'adminKey'];
const SECRET_PATHS = [
  ...SECRET_FIELDS.flatMap((field) => [field, `*.${field}`, `*.*.${field}`]),
  ...['["set-cookie"]', '*["set-cookie"]', '*.*["set-cookie"]'],
];

/** An API key, a session's token, and what is mailed to people have this shape wherever it turns up; what stands right before and after it is no reason to show it. */
const API_KEY = /sr[sip]?_[0-9a-z]{39}/g;
/** So has a secret that webhooks are signed with. */
const WEBHOOK_SECRET = /whsec_[\w+/=-]+/g;

/** A token of an identity provider: its head and what it says are JSON objects. */
const JWT = /eyJ[\w-]{8,}\.eyJ[\w-]{8,}\.[\w-]*/g;

/** A device that cannot send headers carries its key in the path: /scan/{deviceKey}. The key must not reach a log. */
export function redactUrl(url: string): string {
  return url
    .replace(API_KEY, HIDDEN)
    .replace(WEBHOOK_SECRET, HIDDEN)
    .replace(JWT, HIDDEN)
    .replace(/(\/(?:scan|unsubscribe|sms\/reports)\/)[^/?#\s"\\]+/gi, `$1${HIDDEN}`)
    .replace(/([?&](?:key|token|password|signature|X-Amz-Signature)=)[^&#\s"\\]*/gi, `$1${HIDDEN}`);
}

/** Any text, which may quote a key, a scan URL or a connection string: the key or the password in it is hidden. */
export function redactText(text: string): string {
  return redactUrl(text).replace(/(\b[a-z][a-z\d+.-]*:\/\/[^\s:/@"\\]*:)[^\s@/"\\]+@/gi, `$1${HIDDEN}@`);
}

/**
 * A logger that writes one JSON object a line (time in RFC 3339) and hides keys, passwords, the keys in scan URLs, and what errors of the database
 * quote of people's rows.
 */
export function createLogger({ level, destination }: LogOptions): Logger {
  const options = {
    level,
    base: { service: 'stockroom' },
    timestamp: () => `,"time":"${new Date().toISOString()}"`,
    formatters: { level: (label: string) => ({ level: label }) },
    redact: { paths: SECRET_PATHS, censor: HIDDEN },
    serializers: { req: serializeRequest, res: serializeReply, err: serializeError },
    // By name where a field has one, and in every finished line: messages and stacks quote URLs too.
    hooks: { streamWrite: redactText, logMethod: withOwnMessage },
  };
  return destination ? pino(options, destination) : pino(options);
}

/** Where an error has no text beside it, its message is the line's: without what it quotes. */
function withOwnMessage(this: Logger, args: Parameters<LogFn>, method: LogFn): void {
  const [first, text] = args as unknown[];
  const error = first instanceof Error ? first : (first as { err?: unknown } | null | undefined)?.err;
  if (text === undefined && error instanceof Error) {
    method.apply(this, [first instanceof Error ? { err: first } : first, loggedMessage(error)]);
  } else {
    method.apply(this, args);
  }
}

function serializeReply({ statusCode }: { statusCode?: number }): object {
  return { statusCode };
}

interface LoggedRequest {
  readonly id?: unknown;
  readonly method?: string;
  readonly url?: string;
  readonly ip?: string;
}

/** Of a request only what finds it again: headers and body stay out of the log. */
function serializeRequest({ id, method, url, ip }: LoggedRequest): object {
  return { id, method, url, ip };
}
