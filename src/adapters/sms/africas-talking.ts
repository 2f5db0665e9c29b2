import { DeliveryError, type DeliveryFault, type Handover } from '../../features/notifications/delivery.port.js';
import type { DeliveryReport, Sms } from '../../features/notifications/sms.port.js';
import type { OutboundRequest, Reply } from '../http/exchange.js';
import { jsonObject, objectOf, objectsOf, textOf, type ReportFields, type SmsDialect } from './sms-dialect.js';

export interface AfricasTalkingSettings {
  readonly url: string;
  readonly username: string;
  readonly apiKey: string;
  /** A short code or a name that is registered there; theirs where there is none. */
  readonly from: string | undefined;
}

const NAME = "Africa's Talking";
/** Processed, sent, queued (https://developers.africastalking.com/docs/sms/sending/bulk). */
const TAKEN: readonly string[] = ['100', '101', '102'];
/** Invalid number, unsupported kind of number, blacklisted, does not want to be disturbed. */
const NUMBER_REFUSED: readonly string[] = ['403', '404', '406', '409'];
/** Held for its risk, invalid sender, insufficient balance. */
const OURS: readonly string[] = ['401', '402', '405'];
/** Internal error, gateway error, rejected by the gateway, no route. */
const PASSING: readonly string[] = ['407', '500', '501', '502'];
/** Reasons of a report that no later message will change. */
const LASTING: readonly string[] = [
  'UserInBlackList',
  'UserInBlacklist',
  'UserAccountSuspended',
  'NotNetworkSubscriber',
  'UserDoesNotExist',
  'DoNotDisturbRejection',
];
const FAILED: readonly string[] = ['Failed', 'Rejected', 'Expired', 'AbsentSubscriber'];

/** The bulk interface of Africa's Talking. It takes no id of ours, so a message that was lost on its way back is sent twice. */
export class AfricasTalking implements SmsDialect {
  readonly name = NAME;

  constructor(private readonly settings: AfricasTalkingSettings) {}

  request({ to, text }: Sms): OutboundRequest {
    const { url, username, apiKey, from } = this.settings;
    return {
      method: 'POST',
      url,
      headers: { apiKey, accept: 'application/json' },
      form: { username, to, message: text, ...(from !== undefined && { from }) },
    };
  }

  readReply({ status, body }: Reply): Handover {
    const data = objectOf(jsonObject(body.toString())?.SMSMessageData);
    const [recipient] = objectsOf(data?.Recipients);
    if (!recipient) {
      // One that is refused as a whole has no recipients, and says why in words.
      const isSender = textOf(data?.Message) === 'InvalidSenderId';
      throw new DeliveryError(isSender ? 'OURS' : 'REFUSED', `${NAME} did not take it (${String(status)}).`);
    }
    const code = textOf(recipient.statusCode) ?? '';
    if (TAKEN.includes(code)) return { reference: textOf(recipient.messageId) };
    throw new DeliveryError(faultOf(code), `${NAME} refused it: ${textOf(recipient.status) ?? 'for no reason'} (${code}).`);
  }

  readReports({ id, status, failureReason }: ReportFields): DeliveryReport[] | undefined {
    const [reference, state] = [textOf(id), textOf(status)];
    if (reference === undefined || state === undefined) return undefined;
    if (state === 'Success') return [{ reference, outcome: 'DELIVERED', reason: undefined }];
    if (!FAILED.includes(state)) return [];
    const reason = textOf(failureReason);
    const outcome = reason !== undefined && LASTING.includes(reason) ? 'REFUSED' : 'FAILED';
    return [{ reference, outcome, reason: `${NAME}: ${state}${reason === undefined ? '' : ` (${reason})`}.` }];
  }
}

function faultOf(code: string): DeliveryFault {
  if (NUMBER_REFUSED.includes(code)) return 'RECIPIENT_REFUSED';
  if (OURS.includes(code)) return 'OURS';
  return PASSING.includes(code) ? 'PASSING' : 'REFUSED';
}
