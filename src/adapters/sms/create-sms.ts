import type { SmsPort } from '../../features/notifications/sms.port.js';
import { AfricasTalking } from './africas-talking.js';
import { Clickatell } from './clickatell.js';
import { HttpTemplate, type HttpTemplateSettings } from './http-template.js';
import type { SmsDialect } from './sms-dialect.js';
import { SmsProvider, type WayOut } from './sms-provider.js';
import { Twilio } from './twilio.js';

export interface SmsSettings extends HttpTemplateSettings {
  readonly provider: 'africastalking' | 'clickatell' | 'twilio' | 'http';
  readonly username: string;
  readonly apiKey: string;
  readonly from: string | undefined;
}

/** reportUrl: where the provider may say what became of a message, for those that are told with each. */
export function createSms(outbound: WayOut, settings: SmsSettings, reportUrl: string | undefined): SmsPort {
  return new SmsProvider(outbound, dialectOf(settings, reportUrl));
}

function dialectOf(settings: SmsSettings, reportUrl: string | undefined): SmsDialect {
  const { provider, url, username, apiKey, from } = settings;
  switch (provider) {
    case 'africastalking':
      return new AfricasTalking({ url, username, apiKey, from });
    case 'clickatell':
      return new Clickatell({ url, apiKey, from });
    case 'twilio':
      return new Twilio({ url, accountSid: username, authToken: apiKey, from: from ?? '', reportUrl });
    case 'http':
      return new HttpTemplate(settings);
  }
}
