import { DeliveryError, type DeliveryFault, type Handover } from '../../features/notifications/delivery.port.js';
import type { DeliveryReport, Sms } from '../../features/notifications/sms.port.js';
import type { OutboundRequest, Reply } from '../http/exchange.js';
import { jsonObject, objectOf, objectsOf, textOf, type ReportFields, type SmsDialect } from './sms-dialect.js';

export interface ClickatellSettings {
  readonly url: string;
  readonly apiKey: string;
  readonly from: string | undefined;
}

const NAME = 'Clickatell';
/** Codes of the platform's errors: of the number (invalid destination, opted out, blocked). */
const NUMBER_REFUSED: readonly string[] = ['105', '121', '122', '128'];
/** Of the account: key, credit, sender. */
const OURS: readonly string[] = ['1', '2', '3', '108', '301', '302'];
const DELIVERED: readonly string[] = ['RECEIVED_BY_RECIPIENT', 'DELIVERED_TO_RECIPIENT', 'DEVICE_ACK', 'DELIVERED', 'READ'];
const FAILED: readonly string[] = [
  'DELIVERY_FAILURE',
  'ERROR_DELIVERING',
  'ERROR_WITH_MESSAGE',
  'EXPIRED',
  'FAILED',
  'MESSAGE_EXPIRED',
  'ROUTING_ERROR',
  'UNDELIVERED',
];
const REFUSED: readonly string[] = ['INVALID_DESTINATION', 'NUMBER_BLOCKED', 'OPTED_OUT', 'USER_OPTED_OUT'];

/** The One API of Clickatell's platform; clientMessageId is ours, and comes back with the report. */
export class Clickatell implements SmsDialect {
  readonly name = NAME;

  constructor(private readonly settings: ClickatellSettings) {}

  request({ id, to, text }: Sms): OutboundRequest {
    const { url, apiKey, from } = this.settings;
    const message = {
      channel: 'sms',
      to: to.replace('+', ''),
      content: text,
      clientMessageId: id,
      ...(from !== undefined && { from }),
    };
    return {
      method: 'POST',
      url,
      headers: { authorization: apiKey, accept: 'application/json' },
      json: { messages: [message] },
    };
  }

  readReply({ status, body }: Reply): Handover {
    const reply = jsonObject(body.toString());
    const [message] = objectsOf(reply?.messages);
    if (message?.accepted === true) return { reference: textOf(message.apiMessageId) };
    const error = objectOf(message?.error) ?? objectOf(reply?.error);
    const code = textOf(error?.code) ?? textOf(message?.errorCode) ?? '';
    throw new DeliveryError(faultOf(code), `${NAME} did not take it (${code === '' ? String(status) : code}).`);
  }

  readReports(fields: ReportFields): DeliveryReport[] | undefined {
    const updates = objectsOf(objectOf(fields.event)?.messageStatusUpdate);
    const found = (updates.length > 0 ? updates : [fields]).map(reportOf);
    return found.every((one) => one !== undefined) ? found.flat() : undefined;
  }
}

/** Undefined for what names no message. */
function reportOf(update: ReportFields): DeliveryReport[] | undefined {
  const reference = textOf(update.apiMessageId) ?? textOf(update.messageId);
  const status = textOf(update.status)?.toUpperCase();
  if (reference === undefined || status === undefined) return undefined;
  if (DELIVERED.includes(status)) return [{ reference, outcome: 'DELIVERED', reason: undefined }];
  const reason = `${NAME}: ${status}.`;
  if (REFUSED.includes(status)) return [{ reference, outcome: 'REFUSED', reason }];
  return FAILED.includes(status) ? [{ reference, outcome: 'FAILED', reason }] : [];
}

function faultOf(code: string): DeliveryFault {
  if (NUMBER_REFUSED.includes(code)) return 'RECIPIENT_REFUSED';
  return OURS.includes(code) ? 'OURS' : 'REFUSED';
}
