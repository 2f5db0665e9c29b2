import { DeliveryError, type DeliveryFault, type Handover } from '../../features/notifications/delivery.port.js';
import type { DeliveryReport, Sms } from '../../features/notifications/sms.port.js';
import type { OutboundRequest, Reply } from '../http/exchange.js';
import { jsonObject, textOf, type ReportFields, type SmsDialect } from './sms-dialect.js';

export interface TwilioSettings {
  /** Up to the version, such as https://api.twilio.com/2010-04-01. */
  readonly url: string;
  readonly accountSid: string;
  readonly authToken: string;
  /** A number, a name, or the sid of a messaging service (MG…). */
  readonly from: string;
  /** Where it reports to; undefined: it does not. */
  readonly reportUrl: string | undefined;
}

const NAME = 'Twilio';
/** https://www.twilio.com/docs/api/errors: no valid number, opted out by STOP, no mobile number, cannot be reached by SMS. */
const NUMBER_REFUSED: readonly string[] = ['21211', '21217', '21610', '21614', '21624'];
/** Sender, region, trial and balance. */
const OURS: readonly string[] = [
  '20003',
  '21212',
  '21408',
  '21603',
  '21606',
  '21608',
  '21611',
  '21612',
  '21659',
  '30002',
  '63038',
];
/** Of a report: blocked, unknown number, landline, opted out. */
const LASTING: readonly string[] = ['21610', '30004', '30005', '30006'];

/** Messages of Twilio's REST interface. It takes no id of ours, so a message that was lost on its way back is sent twice. */
export class Twilio implements SmsDialect {
  readonly name = NAME;

  constructor(private readonly settings: TwilioSettings) {}

  request({ to, text }: Sms): OutboundRequest {
    const { url, accountSid, authToken, from, reportUrl } = this.settings;
    const sender: Record<string, string> = from.startsWith('MG') ? { MessagingServiceSid: from } : { From: from };
    return {
      method: 'POST',
      url: `${url}/Accounts/${encodeURIComponent(accountSid)}/Messages.json`,
      headers: { authorization: `Basic ${Buffer.from(`${accountSid}:${authToken}`).toString('base64')}` },
      form: { To: to, ...sender, Body: text, ...(reportUrl !== undefined && { StatusCallback: reportUrl }) },
    };
  }

  readReply({ status, body }: Reply): Handover {
    const reply = jsonObject(body.toString());
    const reference = textOf(reply?.sid);
    const isTaken = status < 300 && reference !== undefined;
    const code = textOf(reply?.code) ?? textOf(reply?.error_code) ?? '';
    if (isTaken && code === '') return { reference };
    throw new DeliveryError(faultOf(code), `${NAME} did not take it (${code === '' ? String(status) : code}).`);
  }

  readReports({ MessageSid, MessageStatus, ErrorCode }: ReportFields): DeliveryReport[] | undefined {
    const [reference, status] = [textOf(MessageSid), textOf(MessageStatus)];
    if (reference === undefined || status === undefined) return undefined;
    if (status === 'delivered' || status === 'read') return [{ reference, outcome: 'DELIVERED', reason: undefined }];
    if (status !== 'failed' && status !== 'undelivered') return [];
    const code = textOf(ErrorCode);
    const outcome = code !== undefined && LASTING.includes(code) ? 'REFUSED' : 'FAILED';
    return [{ reference, outcome, reason: `${NAME}: ${status}${code === undefined ? '' : ` (${code})`}.` }];
  }
}

function faultOf(code: string): DeliveryFault {
  if (NUMBER_REFUSED.includes(code)) return 'RECIPIENT_REFUSED';
  return OURS.includes(code) ? 'OURS' : 'REFUSED';
}
