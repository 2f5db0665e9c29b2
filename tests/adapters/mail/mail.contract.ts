import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { DeliveryError } from '../../../src/features/notifications/delivery.port.js';
import type { Mail, MailPort } from '../../../src/features/notifications/mail.port.js';
import { newId } from '../../../src/kernel/ids.js';

/** How a mail server takes the next mails; the last manner stays. */
export type MailManner = 'TAKES' | 'NOT_NOW' | 'NOBODY_THERE' | 'TAKES_AND_HANGS_UP';

/** A mail as it arrived. */
export interface ArrivedMail {
  readonly to: string;
  readonly subject: string;
  readonly text: string;
  readonly html: string;
  readonly messageId: string;
  readonly headers: Readonly<Record<string, string>>;
}

export interface MailFar {
  readonly port: MailPort;
  behave(...manners: readonly [MailManner, ...MailManner[]]): void;
  arrived(): Promise<readonly ArrivedMail[]>;
  close(): Promise<void>;
}

export function mail(changes: Partial<Mail> = {}): Mail {
  return {
    id: newId(),
    to: { name: 'Sipho', address: 'sipho@example.co.za' },
    subject: 'Low stock: Maize meal',
    text: 'Maize meal: 3 left\n',
    html: '<p>Maize meal: 3 left</p>',
    unsubscribeUrl: `https://stock.example/unsubscribe/${'a'.repeat(64)}`,
    ...changes,
  };
}

const ON = (): AbortSignal => new AbortController().signal;

export async function faultOf(sending: Promise<unknown>): Promise<DeliveryError> {
  const error: unknown = await sending.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(DeliveryError);
  return error as DeliveryError;
}

/** What every way out by mail does. */
export function mailContract(name: string, open: () => Promise<MailFar>): void {
  describe(`mail by ${name}`, () => {
    let far: MailFar;
    beforeEach(async () => {
      far = await open();
    });
    afterEach(() => far.close());

    test('arrives as it was written, with its id and the way to stop it', async () => {
      const sent = mail();
      const handover = await far.port.send(sent, ON());
      const [arrived, ...others] = await far.arrived();
      expect(others).toEqual([]);
      expect(arrived).toMatchObject({ to: 'sipho@example.co.za', subject: sent.subject });
      expect(arrived?.html).toContain(sent.html);
      expect(arrived?.text.trim()).toBe(sent.text.trim());
      expect(arrived?.messageId).toContain(sent.id);
      expect(handover.reference).toBe(arrived?.messageId);
      expect(arrived?.headers).toMatchObject({
        'list-unsubscribe': `<${String(sent.unsubscribeUrl)}>`,
        'list-unsubscribe-post': 'List-Unsubscribe=One-Click',
      });
    });

    test('whose address nobody has is the address’s fault, and the reason names no address', async () => {
      far.behave('NOBODY_THERE');
      const { fault, message } = await faultOf(far.port.send(mail(), ON()));
      expect([fault, message.includes('@'), message.includes('sipho')]).toEqual(['RECIPIENT_REFUSED', false, false]);
      expect(await far.arrived()).toEqual([]);
    });

    test('that is not taken now is taken later', async () => {
      far.behave('NOT_NOW', 'TAKES');
      const sent = mail();
      expect((await faultOf(far.port.send(sent, ON()))).fault).toBe('PASSING');
      await far.port.send(sent, ON());
      expect(await far.arrived()).toHaveLength(1);
    });

    test('of which nobody knows whether it was taken has the same id when it is sent again', async () => {
      far.behave('TAKES_AND_HANGS_UP', 'TAKES');
      const sent = mail();
      expect((await faultOf(far.port.send(sent, ON()))).fault).toBe('PASSING');
      await far.port.send(sent, ON());
      const ids = (await far.arrived()).map(({ messageId }) => messageId);
      expect([ids.length, new Set(ids).size]).toEqual([2, 1]);
    });

    test('that nobody waits for any more is given up', async () => {
      expect((await faultOf(far.port.send(mail(), AbortSignal.abort()))).fault).toBe('PASSING');
      expect(await far.arrived()).toEqual([]);
    });
  });
}
