import { describe, expect, test } from 'vitest';
import { answers } from '../../support/misbehaving-server.js';
import { faultOf } from '../mail/mail.contract.js';
import { FakeSms } from './fake-sms.js';
import { formReport, jsonReport, providerFar, type ProviderManners } from './provider-far.js';
import { sms, smsContract } from './sms.contract.js';

const SETTINGS = {
  ...{ username: 'shop', apiKey: 'secret-key', from: 'STOCK', headers: {}, body: undefined, refusedText: undefined },
  method: 'POST' as const,
};

function formOf(body: Buffer): Record<string, string> {
  return Object.fromEntries(new URLSearchParams(body.toString()));
}

const atRecipient = (statusCode: number, status: string, messageId: string) => ({
  SMSMessageData: {
    Message: 'Sent to 1/1',
    Recipients: [{ statusCode, number: '+27821234567', status, cost: 'ZAR 0.2', messageId }],
  },
});

const AFRICAS_TALKING: ProviderManners = {
  settings: { ...SETTINGS, provider: 'africastalking', path: '/version1/messaging' },
  takes: answers(201, atRecipient(101, 'Success', 'ATXid_1')),
  numberRefused: answers(201, atRecipient(403, 'InvalidPhoneNumber', 'None')),
  read: ({ body }) => ({ to: formOf(body).to ?? '', text: formOf(body).message ?? '' }),
  report: (id, told) =>
    formReport({
      id,
      status: { DELIVERED: 'Success', FAILED: 'Failed', REFUSED: 'Rejected', ON_ITS_WAY: 'Buffered' }[told],
      ...(told === 'REFUSED' && { failureReason: 'UserInBlackList' }),
      ...(told === 'FAILED' && { failureReason: 'DeliveryFailure' }),
    }),
};

const CLICKATELL: ProviderManners = {
  settings: { ...SETTINGS, provider: 'clickatell', path: '/v1/message' },
  takes: answers(202, { messages: [{ apiMessageId: 'c1', accepted: true, to: '27821234567', error: null }], error: null }),
  numberRefused: answers(207, {
    messages: [{ apiMessageId: null, accepted: false, to: '27821234567', error: { code: 105, description: 'Invalid' } }],
    error: null,
  }),
  read: ({ body }) => {
    const { messages } = JSON.parse(body.toString()) as { messages: { to: string; content: string }[] };
    return { to: `+${messages[0]?.to ?? ''}`, text: messages[0]?.content ?? '' };
  },
  report: (messageId, told) => {
    const status = { DELIVERED: 'DEVICE_ACK', FAILED: 'EXPIRED', REFUSED: 'NUMBER_BLOCKED', ON_ITS_WAY: 'SENT_TO_SUPPLIER' }[
      told
    ];
    return jsonReport({ event: { messageStatusUpdate: [{ messageId, status, channel: 'sms' }] } });
  },
};

const TWILIO: ProviderManners = {
  settings: { ...SETTINGS, provider: 'twilio', username: 'AC1', path: '/2010-04-01' },
  takes: answers(201, { sid: 'SM1', status: 'queued', error_code: null }),
  numberRefused: answers(400, { code: 21610, message: 'unsubscribed', status: 400 }),
  read: ({ body }) => ({ to: formOf(body).To ?? '', text: formOf(body).Body ?? '' }),
  report: (MessageSid, told) =>
    formReport({
      MessageSid,
      MessageStatus: { DELIVERED: 'delivered', FAILED: 'undelivered', REFUSED: 'failed', ON_ITS_WAY: 'sent' }[told],
      ...(told === 'REFUSED' && { ErrorCode: '30005' }),
      ...(told === 'FAILED' && { ErrorCode: '30003' }),
    }),
};

const template = (headers: Record<string, string>, body: string | undefined, path = '/send'): ProviderManners['settings'] => ({
  ...{ ...SETTINGS, provider: 'http', headers, body, path, refusedText: 'bad number' },
});
const OWN: Omit<ProviderManners, 'settings' | 'read'> = {
  takes: answers(200, 'OK'),
  numberRefused: answers(422, 'bad number'),
  report: (id, told) => jsonReport({ id, status: told === 'ON_ITS_WAY' ? 'queued' : told.toLowerCase(), reason: 'because' }),
};

const HTTP_JSON: ProviderManners = {
  ...OWN,
  settings: template({ 'content-type': 'application/json' }, '{"n":"{{to}}","t":"{{text}}","ref":"{{id}}"}'),
  read: ({ body }) => {
    const { n, t } = JSON.parse(body.toString()) as { n: string; t: string };
    return { to: n, text: t };
  },
};
const HTTP_FORM: ProviderManners = {
  ...OWN,
  settings: template({ 'Content-Type': 'application/x-www-form-urlencoded' }, 'n={{ to }}&t={{ text }}'),
  read: ({ body }) => ({ to: formOf(body).n ?? '', text: formOf(body).t ?? '' }),
};
const HTTP_GET: ProviderManners = {
  ...OWN,
  settings: { ...template({}, undefined, '/send?n={{to}}&t={{text}}'), method: 'GET' },
  read: ({ url }) => {
    const { searchParams } = new URL(url, 'http://x');
    return { to: searchParams.get('n') ?? '', text: searchParams.get('t') ?? '' };
  },
};

const PROVIDERS = { "Africa's Talking": AFRICAS_TALKING, Clickatell: CLICKATELL, Twilio: TWILIO };
const TEMPLATES = { 'HTTP with JSON': HTTP_JSON, 'HTTP with a form': HTTP_FORM, 'HTTP with a query': HTTP_GET };
for (const [name, manners] of Object.entries({ ...PROVIDERS, ...TEMPLATES })) smsContract(name, () => providerFar(manners));
smsContract('the fake', () => Promise.resolve(new FakeSms()));

describe('what each provider is told', () => {
  test.each([
    [AFRICAS_TALKING, { apikey: 'secret-key' }, /username=shop.*from=STOCK/],
    [CLICKATELL, { authorization: 'secret-key' }, /"clientMessageId":"[0-9a-f-]{36}"/],
    [TWILIO, { authorization: `Basic ${btoa('AC1:secret-key')}` }, /From=STOCK.*StatusCallback=https/],
  ])('%#', async (manners, headers, body) => {
    const far = await providerFar(manners);
    await far.port.send(sms(), new AbortController().signal);
    const [request] = far.server.requests;
    await far.close();
    expect(request?.headers).toMatchObject(headers);
    expect(request?.body.toString()).toMatch(body);
  });

  test('the sid of a messaging service is one', async () => {
    const far = await providerFar({ ...TWILIO, settings: { ...TWILIO.settings, from: 'MG1' } });
    await far.port.send(sms(), new AbortController().signal);
    const [request] = far.server.requests;
    await far.close();
    expect([request?.url, formOf(request?.body ?? Buffer.of()).MessagingServiceSid]).toEqual([
      '/2010-04-01/Accounts/AC1/Messages.json',
      'MG1',
    ]);
  });
});

describe('whose fault a refusal is', () => {
  test.each([
    [AFRICAS_TALKING, answers(201, atRecipient(405, 'InsufficientBalance', 'None')), 'OURS'],
    [AFRICAS_TALKING, answers(201, atRecipient(501, 'GatewayError', 'None')), 'PASSING'],
    [AFRICAS_TALKING, answers(201, { SMSMessageData: { Message: 'InvalidSenderId', Recipients: [] } }), 'OURS'],
    [AFRICAS_TALKING, answers(400, 'no'), 'REFUSED'],
    [CLICKATELL, answers(400, { messages: [], error: { code: 301, description: 'No credit' } }), 'OURS'],
    [CLICKATELL, answers(400, {}), 'REFUSED'],
    [TWILIO, answers(400, { code: 21606, message: 'From is not yours' }), 'OURS'],
    [TWILIO, answers(400, { code: 21617, message: 'too long' }), 'REFUSED'],
    [TWILIO, answers(201, 'not JSON'), 'REFUSED'],
    [HTTP_JSON, answers(400, 'no'), 'REFUSED'],
    [HTTP_JSON, answers(402, 'pay first'), 'OURS'],
  ] as const)('%#: %o', async (manners, answer, fault) => {
    const far = await providerFar({ ...manners, takes: answer });
    const error = await faultOf(far.port.send(sms(), new AbortController().signal));
    await far.close();
    expect(error.fault).toBe(fault);
  });
});
