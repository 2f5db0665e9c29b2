import { createPrivateKey } from 'node:crypto';
import { z } from 'zod';
import { oneOf, wholeNumber } from './setting-rules.js';

const MAX_PORT = 65_535;
const SMTPS_PORT = 465;
const SUBMISSION_PORT = 587;
const MAX_WINDOW_S = 600;
const MS_PER_S = 1_000;
const HTTP_METHODS = ['GET', 'POST', 'PUT'] as const;
const PROVIDERS = ['africastalking', 'clickatell', 'twilio', 'http'] as const;
type ProviderName = (typeof PROVIDERS)[number];

/** Where each provider is asked, unless SMS_URL says otherwise. */
const PROVIDER_URLS: Readonly<Record<Exclude<ProviderName, 'http'>, string>> = {
  africastalking: 'https://api.africastalking.com/version1/messaging',
  clickatell: 'https://platform.clickatell.com/v1/message',
  twilio: 'https://api.twilio.com/2010-04-01',
};

const isUrlOf = (...protocols: string[]) => {
  return (text: string): boolean => URL.canParse(text) && protocols.includes(new URL(text).protocol);
};
const text = () => z.string().regex(/^[^\0\r\n]{1,1000}$/, 'write one line of text');
const FORBIDDEN_IN_SMTP = /[\0\r\n]/;
/** The parts that are sent must be readable, whatever signs they hold. */
function isSmtpUrl(value: string): boolean {
  if (!isUrlOf('smtp:', 'smtps:')(value)) return false;
  const { hostname, username, password } = new URL(value);
  try {
    return hostname !== '' && !FORBIDDEN_IN_SMTP.test(decodeURIComponent(username) + decodeURIComponent(password));
  } catch {
    return false;
  }
}

/** What stands before every path that is given out, so nothing may follow it. */
function isOrigin(value: string): boolean {
  if (!isUrlOf('http:', 'https:')(value)) return false;
  const { search, hash, username, password } = new URL(value);
  return search + hash + username + password === '' && !/[?#]/.test(value);
}

function isPrivateKey(value: string): boolean {
  try {
    createPrivateKey(value);
    return true;
  } catch {
    return false;
  }
}

/** Of a PEM in one line, as many tools want it, \n stands for a line's end. */
const pem = (hint: string, isRight = (value: string): boolean => value.includes('-----BEGIN ')) =>
  z
    .string()
    .transform((value) => value.replaceAll('\\n', '\n'))
    .refine(isRight, hint)
    .optional();

function headersOf(value: string): Readonly<Record<string, string>> | undefined {
  try {
    const parsed = z.record(z.string().regex(/^[\w-]+$/), z.string().regex(/^[^\r\n\0]*$/)).safeParse(JSON.parse(value));
    return parsed.data;
  } catch {
    return undefined;
  }
}

/** How people are reached. SMTP_URL, SMTP_PASSWORD, SMS_API_KEY, DKIM_PRIVATE_KEY and SMS_REPORT_TOKEN are secrets, and SMS_HTTP_* may hold one. */
export const notificationSettings = {
  PUBLIC_URL: z
    .string()
    .refine(isOrigin, 'write where people reach this server, such as https://stock.example.co.za')
    .transform((value) => value.replace(/\/+$/, ''))
    .optional(),
  NOTIFICATION_WINDOW_S: wholeNumber(0, MAX_WINDOW_S, 60),
  SMTP_URL: z
    .string()
    .refine(
      isSmtpUrl,
      'write smtp://user:password@host:587 or smtps://…, with % and other signs that mean something percent-encoded',
    )
    .optional(),
  SMTP_HOST: z
    .string()
    .regex(/^[\w.:-]+$/, 'write the name or the address of a mail server')
    .optional(),
  SMTP_PORT: wholeNumber(0, MAX_PORT, 0),
  SMTP_USER: text().optional(),
  SMTP_PASSWORD: text().optional(),
  SMTP_SECURE: oneOf(['true', 'false']).default('false'),
  SMTP_REQUIRE_TLS: oneOf(['true', 'false']).default('false'),
  SMTP_CA: pem('write the PEM of a certificate, with \\n for the ends of its lines'),
  MAIL_FROM: z
    .string()
    .regex(/^[^\0\r\n<>]*<[^@\s<>]+@[^@\s<>]+>$|^[^@\s<>]+@[^@\s<>]+$/, 'write Stockroom <stock@example.co.za>')
    .optional(),
  DKIM_DOMAIN: z
    .string()
    .regex(/^[\w.-]+$/, 'write the domain that signs, such as example.co.za')
    .optional(),
  DKIM_SELECTOR: z
    .string()
    .regex(/^[\w.-]+$/, 'write the selector of the key in the DNS')
    .optional(),
  DKIM_PRIVATE_KEY: pem('write the PEM of a private key, with \\n for the ends of its lines', isPrivateKey),
  SMS_PROVIDER: oneOf(PROVIDERS).optional(),
  SMS_USERNAME: text().optional(),
  SMS_API_KEY: text().optional(),
  SMS_FROM: text().optional(),
  SMS_URL: z.string().refine(isUrlOf('http:', 'https:'), 'write an address that begins with https://').optional(),
  SMS_HTTP_METHOD: oneOf(HTTP_METHODS).default('POST'),
  SMS_HTTP_HEADERS: z
    .string()
    .transform((value, refusals) => {
      const headers = headersOf(value);
      if (!headers) refusals.addIssue('write a JSON object of texts, such as {"content-type": "application/json"}');
      return headers ?? {};
    })
    .optional(),
  SMS_HTTP_BODY: z.string().max(10_000, 'write at most 10000 characters').optional(),
  SMS_HTTP_REFUSED_TEXT: text().optional(),
  SMS_REPORT_TOKEN: z
    .string()
    .regex(/^[\w-]{16,128}$/, 'write 16 to 128 letters, digits, - and _')
    .optional(),
};

type Values = z.output<z.ZodObject<typeof notificationSettings>>;

/** What does not fit together, by the setting at fault. */
export function notificationFaults(value: Values): { path: [string]; message: string }[] {
  const missing: (readonly [isMissing: boolean, setting: string, message: string])[] = [
    [
      hasSmtp(value) && value.MAIL_FROM === undefined,
      'MAIL_FROM',
      'write from whom mails come, such as Stockroom <stock@example.co.za>',
    ],
    [value.SMTP_URL !== undefined && value.SMTP_HOST !== undefined, 'SMTP_HOST', 'leave it out where SMTP_URL is set'],
    [isHalfDkim(value), 'DKIM_DOMAIN', 'set DKIM_DOMAIN, DKIM_SELECTOR and DKIM_PRIVATE_KEY, or none of them'],
    ...smsFaults(value),
  ];
  return missing.flatMap(([isMissing, setting, message]) => (isMissing ? [{ path: [setting], message }] : []));
}

function smsFaults(value: Values): (readonly [boolean, string, string])[] {
  const { SMS_PROVIDER: provider } = value;
  const hasKey = provider !== undefined && provider !== 'http';
  const hasUser = provider === 'africastalking' || provider === 'twilio';
  const places = `${value.SMS_URL ?? ''} ${value.SMS_HTTP_BODY ?? ''}`;
  const isTemplate = /\{\{\s*to\s*\}\}/.test(decodeBraces(places)) && /\{\{\s*text\s*\}\}/.test(decodeBraces(places));
  return [
    [hasKey && value.SMS_API_KEY === undefined, 'SMS_API_KEY', `write the key or token of ${String(provider)}`],
    [hasUser && value.SMS_USERNAME === undefined, 'SMS_USERNAME', 'write the user name, or the account SID of Twilio'],
    [provider === 'twilio' && value.SMS_FROM === undefined, 'SMS_FROM', 'write the number, or the SID of the messaging service'],
    [provider === 'http' && value.SMS_URL === undefined, 'SMS_URL', 'write where an SMS is handed in'],
    [
      provider === 'http' && value.SMS_URL !== undefined && !isTemplate,
      'SMS_HTTP_BODY',
      'name {{to}} and {{text}} in it or in SMS_URL',
    ],
  ];
}

function decodeBraces(template: string): string {
  return template.replace(/%7B/gi, '{').replace(/%7D/gi, '}');
}

function hasSmtp({ SMTP_URL, SMTP_HOST }: Values): boolean {
  return SMTP_URL !== undefined || SMTP_HOST !== undefined;
}

function isHalfDkim({ DKIM_DOMAIN, DKIM_SELECTOR, DKIM_PRIVATE_KEY }: Values): boolean {
  const given = [DKIM_DOMAIN, DKIM_SELECTOR, DKIM_PRIVATE_KEY].filter((one) => one !== undefined);
  return given.length > 0 && given.length < 3;
}

export type NotificationConfig = ReturnType<typeof notificationsOf>;

/** The group of settings as the adapters take it. smtp, sms undefined: what would be sent is kept, and can be read. */
export function notificationsOf(value: Values & { readonly HOST: string; readonly PORT: number }) {
  const publicUrl = value.PUBLIC_URL ?? `http://${ownHost(value.HOST)}:${String(value.PORT)}`;
  const { SMS_REPORT_TOKEN: reportToken } = value;
  return {
    windowMs: value.NOTIFICATION_WINDOW_S * MS_PER_S,
    publicUrl,
    smtp: smtpOf(value),
    sms: smsOf(value),
    reportToken,
    /** Where providers report to; undefined: nowhere. */
    reportUrl: reportToken === undefined ? undefined : `${publicUrl}/sms/reports/${reportToken}`,
  };
}

/** Who listens everywhere is reached at himself at least. */
function ownHost(host: string): string {
  if (host === '0.0.0.0') return '127.0.0.1';
  return host.includes(':') ? `[${host === '::' ? '::1' : host}]` : host;
}

function smtpOf(value: Values) {
  if (!hasSmtp(value)) return undefined;
  const url = value.SMTP_URL === undefined ? undefined : new URL(value.SMTP_URL);
  const secure = url ? url.protocol === 'smtps:' : value.SMTP_SECURE === 'true';
  const port = url ? Number(url.port) : value.SMTP_PORT;
  const credentials = url
    ? { user: given(decodeURIComponent(url.username)), password: given(decodeURIComponent(url.password)) }
    : { user: value.SMTP_USER, password: value.SMTP_PASSWORD };
  const { DKIM_DOMAIN: domain, DKIM_SELECTOR: selector, DKIM_PRIVATE_KEY: privateKey } = value;
  const isSigned = domain !== undefined && selector !== undefined && privateKey !== undefined;
  return {
    host: url ? url.hostname.replace(/^\[|\]$/g, '') : (value.SMTP_HOST ?? ''),
    port: port === 0 ? (secure ? SMTPS_PORT : SUBMISSION_PORT) : port,
    secure,
    requireTls: value.SMTP_REQUIRE_TLS === 'true',
    ...credentials,
    certificateAuthority: value.SMTP_CA,
    from: value.MAIL_FROM ?? '',
    dkim: isSigned ? { domain, selector, privateKey } : undefined,
  };
}

function given(part: string): string | undefined {
  return part === '' ? undefined : part;
}

function smsOf(value: Values) {
  const { SMS_PROVIDER: provider } = value;
  if (provider === undefined) return undefined;
  return {
    provider,
    url: provider === 'http' ? decodeBraces(value.SMS_URL ?? '') : (value.SMS_URL ?? PROVIDER_URLS[provider]).replace(/\/+$/, ''),
    username: value.SMS_USERNAME ?? '',
    apiKey: value.SMS_API_KEY ?? '',
    from: value.SMS_FROM,
    method: value.SMS_HTTP_METHOD,
    headers: value.SMS_HTTP_HEADERS ?? {},
    body: value.SMS_HTTP_BODY,
    refusedText: value.SMS_HTTP_REFUSED_TEXT,
  };
}
