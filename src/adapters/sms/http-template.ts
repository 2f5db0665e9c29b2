import { DeliveryError, type Handover } from '../../features/notifications/delivery.port.js';
import type { DeliveryReport, Sms } from '../../features/notifications/sms.port.js';
import type { OutboundRequest, Reply } from '../http/exchange.js';
import { textOf, type ReportFields, type SmsDialect } from './sms-dialect.js';

/** Placeholders {{to}}, {{text}} and {{id}} stand for the number, the text and the message's own id. */
export interface HttpTemplateSettings {
  readonly url: string;
  readonly method: 'GET' | 'POST' | 'PUT';
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | undefined;
  /** A text in the body of a refusal that means that the number will never be reached; undefined: none does. */
  readonly refusedText: string | undefined;
}

const NAME = 'HTTP';
const PLACEHOLDER = /\{\{\s*(to|text|id)\s*\}\}/g;
const FIRST_REFUSAL = 300;
const OUTCOMES: Readonly<Record<string, DeliveryReport['outcome']>> = {
  delivered: 'DELIVERED',
  failed: 'FAILED',
  refused: 'REFUSED',
};

type Encode = (text: string) => string;

/** Any provider that takes an SMS as one HTTP request. What stands for a placeholder is written so that it cannot end what it stands in. */
export class HttpTemplate implements SmsDialect {
  readonly name = NAME;

  constructor(private readonly settings: HttpTemplateSettings) {}

  request(sms: Sms): OutboundRequest {
    const { url, method, headers, body } = this.settings;
    const filledBody = body === undefined ? {} : { body: filled(body, sms, encodingOf(headers)) };
    return { method, url: filled(url, sms, encodeURIComponent), headers, ...filledBody };
  }

  /** The message's own id is what a report names it by. */
  readReply({ status, body }: Reply): Handover {
    if (status < FIRST_REFUSAL) return { reference: undefined };
    const { refusedText } = this.settings;
    const isNumber = refusedText !== undefined && body.toString().includes(refusedText);
    throw new DeliveryError(isNumber ? 'RECIPIENT_REFUSED' : 'REFUSED', `The SMS provider did not take it (${String(status)}).`);
  }

  /** Of the fields `id`, `status` (delivered, failed or refused) and `reason`. */
  readReports({ id, status, reason }: ReportFields): DeliveryReport[] | undefined {
    const [reference, state] = [textOf(id), textOf(status)?.toLowerCase()];
    if (reference === undefined || state === undefined) return undefined;
    const outcome = Object.hasOwn(OUTCOMES, state) ? OUTCOMES[state] : undefined;
    return outcome === undefined ? [] : [{ reference, outcome, reason: textOf(reason) }];
  }
}

function filled(template: string, sms: Sms, encode: Encode): string {
  return template.replace(PLACEHOLDER, (_, name: 'to' | 'text' | 'id') => encode(sms[name]));
}

/** By what the body is said to be: within a JSON string, a form's field, XML; as it is in anything else. */
function encodingOf(headers: Readonly<Record<string, string>>): Encode {
  const [, type = ''] = Object.entries(headers).find(([name]) => name.toLowerCase() === 'content-type') ?? [];
  if (type.includes('json')) return (text) => JSON.stringify(text).slice(1, -1);
  if (type.includes('x-www-form-urlencoded')) return encodeURIComponent;
  return type.includes('xml') ? escapeXml : (text) => text;
}

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

function escapeXml(text: string): string {
  return text.replace(/[&<>"']/g, (sign) => ENTITIES[sign] ?? '');
}
