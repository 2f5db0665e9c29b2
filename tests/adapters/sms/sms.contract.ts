import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { DeliveryReport, ReportRequest, Sms, SmsPort } from '../../../src/features/notifications/sms.port.js';
import { newId } from '../../../src/kernel/ids.js';
import { faultOf } from '../mail/mail.contract.js';

/** What a provider does with the next messages; the last manner stays. */
export type SmsManner = 'TAKES' | 'NUMBER_REFUSED' | 'NOT_NOW' | 'SLOW_DOWN' | 'KEY_REFUSED' | 'HANGS_UP';

export interface SmsFar {
  readonly port: SmsPort;
  behave(...manners: readonly [SmsManner, ...SmsManner[]]): void;
  /** Number and text of what was handed in, as the provider understands it. */
  taken(): readonly { to: string; text: string }[];
  /** What it sends once it knows what became of the message that it calls so. */
  report(reference: string, outcome: DeliveryReport['outcome'] | 'ON_ITS_WAY'): ReportRequest;
  close(): Promise<void>;
}

const ON = (): AbortSignal => new AbortController().signal;
const HOSTILE = '"Bread" & <b>50%</b>\\n €10 + {{to}} =?';

export function sms(changes: Partial<Sms> = {}): Sms {
  return { id: newId(), to: '+27821234567', text: HOSTILE, ...changes };
}

/** What every way out by SMS does. */
export function smsContract(name: string, open: () => Promise<SmsFar>): void {
  describe(`SMS by ${name}`, () => {
    let far: SmsFar;
    beforeEach(async () => {
      far = await open();
    });
    afterEach(() => far.close());

    test('arrives letter by letter', async () => {
      await far.port.send(sms(), ON());
      expect(far.taken()).toEqual([{ to: '+27821234567', text: HOSTILE }]);
    });

    test.each([
      ['NUMBER_REFUSED', 'RECIPIENT_REFUSED'],
      ['NOT_NOW', 'PASSING'],
      ['KEY_REFUSED', 'OURS'],
      ['HANGS_UP', 'PASSING'],
    ] as const)('%s is %s, told without the number, and not tried again here', async (manner, expected) => {
      far.behave(manner, 'TAKES');
      const { fault, message } = await faultOf(far.port.send(sms(), ON()));
      expect([fault, message.includes('7821234567'), far.taken()]).toEqual([expected, false, []]);
    });

    test('one that asks for patience says for how long', async () => {
      far.behave('SLOW_DOWN');
      const { fault, retryAfterMs } = await faultOf(far.port.send(sms(), ON()));
      expect([fault, retryAfterMs]).toEqual(['PASSING', 7_000]);
    });

    test.each(['DELIVERED', 'FAILED', 'REFUSED'] as const)('a report says by its name that it is %s', async (outcome) => {
      const sent = sms();
      const { reference = sent.id } = await far.port.send(sent, ON());
      const [report, ...others] = far.port.readReports(far.report(reference, outcome)) ?? [];
      expect([report?.reference, report?.outcome, others]).toEqual([reference, outcome, []]);
      expect(outcome === 'DELIVERED' || report?.reason !== undefined).toBe(true);
    });

    test('a report that says nothing final says nothing', () => {
      expect(far.port.readReports(far.report('a-message', 'ON_ITS_WAY'))).toEqual([]);
    });

    test.each([
      ['application/json', '{'],
      ['application/json', '[]'],
      ['application/json', '{"status":{}}'],
      ['text/plain', 'hello'],
      ['application/x-www-form-urlencoded', ''],
    ])('what is no report (%s %s) is none', (contentType, body) => {
      expect(far.port.readReports({ contentType, body, query: {} })).toBeUndefined();
    });
  });
}
