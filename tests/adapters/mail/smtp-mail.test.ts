import { generateKeyPairSync } from 'node:crypto';
import { afterEach, describe, expect, test } from 'vitest';
import { SmtpMail } from '../../../src/adapters/mail/smtp-mail.js';
import { selfSigned } from '../../support/self-signed.js';
import { FakeMail } from './fake-mail.js';
import { faultOf, mail, mailContract } from './mail.contract.js';
import { SmtpFar } from './smtp-far.js';

mailContract('SMTP', () => SmtpFar.open());
mailContract('the fake', () => Promise.resolve(new FakeMail()));

const ON = (): AbortSignal => new AbortController().signal;
let far: SmtpFar | undefined;
afterEach(async () => {
  await far?.close();
  far = undefined;
});

describe('whose fault a refusal is', () => {
  test.each([
    ['RCPT', 550, 'no such user', 'RECIPIENT_REFUSED'],
    ['RCPT', 550, '5.1.1 no such user', 'RECIPIENT_REFUSED'],
    ['RCPT', 550, '5.2.1 mailbox disabled', 'RECIPIENT_REFUSED'],
    ['RCPT', 556, '5.1.10 takes no mail', 'RECIPIENT_REFUSED'],
    ['DATA', 550, 'no such user', 'RECIPIENT_REFUSED'],
    ['RCPT', 552, '5.2.2 mailbox full', 'PASSING'],
    ['RCPT', 450, '4.2.0 greylisted', 'PASSING'],
    ['DATA', 451, 'local error', 'PASSING'],
    ['RCPT', 550, '5.7.1 relay access denied', 'OURS'],
    ['RCPT', 554, 'relay access denied', 'OURS'],
    ['MAIL', 550, '5.1.8 sender unknown', 'OURS'],
    ['MAIL', 530, '5.7.0 authentication required', 'OURS'],
    ['DATA', 554, '5.7.1 looks like spam', 'REFUSED'],
    ['DATA', 550, '5.7.26 not authenticated', 'REFUSED'],
  ] as const)('%s %d %s: %s', async (at, code, text, fault) => {
    far = await SmtpFar.open();
    far.behave({ at, code, text });
    expect((await faultOf(far.port.send(mail(), ON()))).fault).toBe(fault);
  });

  test('a wrong password is ours', async () => {
    far = await SmtpFar.open(
      { user: 'stock', password: 'wrong' },
      {
        disabledCommands: ['STARTTLS'],
        allowInsecureAuth: true,
        onAuth: (_auth, _session, done) => {
          done(Object.assign(new Error('5.7.8 bad credentials'), { responseCode: 535 }));
        },
      },
    );
    const { fault, message } = await faultOf(far.port.send(mail(), ON()));
    expect([fault, message.includes('535'), message.includes('wrong')]).toEqual(['OURS', true, false]);
  });

  test('nobody at the port may be there later', async () => {
    far = await SmtpFar.open();
    const lost = new SmtpMail(far.settings());
    await far.close();
    expect((await faultOf(lost.send(mail(), ON()))).fault).toBe('PASSING');
    lost.close();
    far = undefined;
  });
});

describe('TLS', () => {
  test.each([
    ['from the first byte', true],
    ['by STARTTLS', false],
  ])('%s, with a server that proves who it is', async (_, secure) => {
    const pair = selfSigned();
    far = await SmtpFar.open(
      { secure, requireTls: !secure, certificateAuthority: pair.cert },
      { ...pair, secure, disabledCommands: ['AUTH'] },
    );
    await far.port.send(mail(), ON());
    expect(far.raw).toHaveLength(1);
  });

  test('one that does not is not spoken to, and that is ours to mend', async () => {
    const pair = selfSigned();
    far = await SmtpFar.open({ secure: true }, { ...pair, secure: true, disabledCommands: ['AUTH'] });
    expect((await faultOf(far.port.send(mail(), ON()))).fault).toBe('OURS');
    expect(far.raw).toEqual([]);
  });

  test('one that offers none where it is asked for is not either', async () => {
    far = await SmtpFar.open({ requireTls: true });
    expect((await faultOf(far.port.send(mail(), ON()))).fault).toBe('OURS');
    expect(far.raw).toEqual([]);
  });
});

test('a signature covers the headers by which a mail is stopped', async () => {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2_048 });
  const pem = privateKey.export({ type: 'pkcs8', format: 'pem' });
  far = await SmtpFar.open({ dkim: { domain: 'example.co.za', selector: 's1', privateKey: pem } });
  await far.port.send(mail(), ON());
  const [arrived] = await far.arrived();
  const signature = arrived?.headers['dkim-signature'] ?? '';
  const signed = /[;\s]h=([^;]+);/.exec(signature)?.[1]?.replace(/\s/g, '').toLowerCase().split(':');
  expect(signature).toMatch(/d=example\.co\.za;.*s=s1;/);
  expect(signed).toEqual(
    expect.arrayContaining(['from', 'to', 'subject', 'message-id', 'list-unsubscribe', 'list-unsubscribe-post']),
  );
});

test('no name ends a header', async () => {
  far = await SmtpFar.open();
  const hostile = 'Sipho\r\nBcc: all@example.com\r\n\r\n<b>';
  await far.port.send(mail({ to: { name: hostile, address: 'sipho@example.co.za' }, subject: hostile }), ON());
  const [arrived] = await far.arrived();
  expect(arrived?.to).toBe('sipho@example.co.za');
  expect(arrived?.headers.bcc).toBeUndefined();
});
