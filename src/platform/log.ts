import { pino, stdSerializers, type DestinationStream, type Logger } from 'pino';

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
  '*.headers["set-cookie"]',
  'headers["set-cookie"]',
];

/** A device that cannot send headers carries its key in the path: /scan/{deviceKey}. The key must not reach a log. */
export function redactUrl(url: string): string {
  return url.replace(/(\/scan\/)[^/?#]+/i, `$1${HIDDEN}`).replace(/([?&](?:key|token|password)=)[^&#]*/gi, `$1${HIDDEN}`);
}

/** Text that may quote a connection string: the password in it is hidden. */
export function redactText(text: string): string {
  return redactUrl(text).replace(/(\b[a-z][a-z\d+.-]*:\/\/[^\s:/@]*:)[^\s@/]+@/gi, `$1${HIDDEN}@`);
}

function serializeError(error: Error): object {
  const plain = stdSerializers.err(error);
  return { ...plain, message: redactText(plain.message), stack: redactText(plain.stack) };
}

/** A logger that writes one JSON object a line (time in RFC 3339) and hides keys, passwords and the keys in scan URLs. */
export function createLogger({ level, destination }: LogOptions): Logger {
  const options = {
    level,
    base: { service: 'stockroom' },
    timestamp: () => `,"time":"${new Date().toISOString()}"`,
    formatters: { level: (label: string) => ({ level: label }) },
    redact: { paths: SECRET_PATHS, censor: HIDDEN },
    serializers: { err: serializeError, error: serializeError, url: redactUrl, req: serializeRequest },
  };
  return destination ? pino(options, destination) : pino(options);
}

interface LoggedRequest {
  readonly id?: unknown;
  readonly method?: string;
  readonly url?: string;
  readonly ip?: string;
}

/** Of a request only what finds it again: headers and body stay out of the log. */
function serializeRequest({ id, method, url, ip }: LoggedRequest): object {
  return { id, method, url: url === undefined ? undefined : redactUrl(url), ip };
}
