import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { ConfigError, loadConfig } from '../../src/config/config.js';

function lines(env: Record<string, string>): readonly string[] {
  try {
    loadConfig(env);
  } catch (error) {
    if (error instanceof ConfigError) return error.lines;
    throw error;
  }
  return [];
}

const { privateKey } = generateKeyPairSync('ed25519', {
  privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  publicKeyEncoding: { type: 'spki', format: 'pem' },
});
const PEM: string = privateKey;
const KEY = PEM.replaceAll('\n', '\\n');
const MAIL = { MAIL_FROM: 'Stock <stock@example.co.za>' };

describe('how people are reached', () => {
  test('none set: nobody is, and what would be sent is kept', () => {
    const { notifications } = loadConfig({});
    expect(notifications).toMatchObject({
      windowMs: 60_000,
      publicUrl: 'http://127.0.0.1:4000',
      smtp: undefined,
      sms: undefined,
    });
    expect(notifications.reportUrl).toBeUndefined();
  });

  test('a URL names the server, its password percent-encoded', () => {
    const { smtp } = loadConfig({ ...MAIL, SMTP_URL: 'smtp://stock%40shop:p%2Fw@mail.example.co.za' }).notifications;
    expect(smtp).toMatchObject({ host: 'mail.example.co.za', port: 587, secure: false, user: 'stock@shop', password: 'p/w' });
    expect(loadConfig({ ...MAIL, SMTP_URL: 'smtps://[::1]' }).notifications.smtp).toMatchObject({
      host: '::1',
      port: 465,
      secure: true,
    });
  });

  test('so do its parts', () => {
    const env = { ...MAIL, SMTP_HOST: 'mail', SMTP_USER: 'a', SMTP_PASSWORD: 'b', SMTP_SECURE: 'true', SMTP_REQUIRE_TLS: 'true' };
    expect(loadConfig(env).notifications.smtp).toMatchObject({
      host: 'mail',
      port: 465,
      secure: true,
      requireTls: true,
      user: 'a',
    });
    expect(loadConfig({ ...MAIL, SMTP_HOST: 'mail', SMTP_PORT: '2525' }).notifications.smtp?.port).toBe(2525);
  });

  test('a key in one line is a PEM', () => {
    const env = { ...MAIL, SMTP_HOST: 'mail', DKIM_DOMAIN: 'example.co.za', DKIM_SELECTOR: 's', DKIM_PRIVATE_KEY: KEY };
    expect(loadConfig(env).notifications.smtp?.dkim?.privateKey).toBe(PEM);
  });

  test('providers report to an address that ends with the token', () => {
    const env = { PUBLIC_URL: 'https://stock.example/', SMS_REPORT_TOKEN: 'abcdefghijklmnop' };
    expect(loadConfig(env).notifications.reportUrl).toBe('https://stock.example/sms/reports/abcdefghijklmnop');
  });

  test.each([
    ['twilio', { SMS_API_KEY: 'k', SMS_USERNAME: 'AC1', SMS_FROM: '+1' }, 'https://api.twilio.com/2010-04-01'],
    ['clickatell', { SMS_API_KEY: 'k' }, 'https://platform.clickatell.com/v1/message'],
    [
      'africastalking',
      { SMS_API_KEY: 'k', SMS_USERNAME: 'u', SMS_URL: 'https://sandbox.example/x/' },
      'https://sandbox.example/x',
    ],
    ['http', { SMS_URL: 'https://sms.example/?n={{to}}&t={{text}}' }, 'https://sms.example/?n={{to}}&t={{text}}'],
  ])('%s is asked where it is', (provider, env, url) => {
    expect(loadConfig({ SMS_PROVIDER: provider, ...env }).notifications.sms).toMatchObject({ provider, url });
  });

  test('links lead to the machine itself where it listens everywhere', () => {
    expect(loadConfig({ HOST: '0.0.0.0' }).notifications.publicUrl).toBe('http://127.0.0.1:4000');
    expect(loadConfig({ HOST: '::' }).notifications.publicUrl).toBe('http://[::1]:4000');
  });

  test.each([
    [{ SMTP_URL: 'smtp://mail' }, 'MAIL_FROM'],
    [{ SMTP_URL: 'http://mail', ...MAIL }, 'SMTP_URL'],
    [{ SMTP_URL: 'smtp://user:100%secret-key@host:587', ...MAIL }, 'SMTP_URL'],
    [{ SMTP_URL: 'smtp://user:secret-key%0D%0A@host:587', ...MAIL }, 'SMTP_URL'],
    [{ SMTP_URL: 'smtp:mail', ...MAIL }, 'SMTP_URL'],
    [{ SMTP_URL: 'smtp://mail', SMTP_HOST: 'mail', ...MAIL }, 'SMTP_HOST'],
    [{ MAIL_FROM: 'nobody' }, 'MAIL_FROM'],
    [{ DKIM_DOMAIN: 'example.co.za' }, 'DKIM_DOMAIN'],
    [{ DKIM_DOMAIN: 'a.b', DKIM_SELECTOR: 's', DKIM_PRIVATE_KEY: 'secret-key' }, 'DKIM_PRIVATE_KEY'],
    [{ SMS_PROVIDER: 'pigeon' }, 'SMS_PROVIDER'],
    [{ SMS_PROVIDER: 'clickatell' }, 'SMS_API_KEY'],
    [{ SMS_PROVIDER: 'africastalking', SMS_API_KEY: 'k' }, 'SMS_USERNAME'],
    [{ SMS_PROVIDER: 'twilio', SMS_API_KEY: 'k', SMS_USERNAME: 'AC1' }, 'SMS_FROM'],
    [{ SMS_PROVIDER: 'http' }, 'SMS_URL'],
    [{ SMS_PROVIDER: 'http', SMS_URL: 'https://sms.example', SMS_HTTP_BODY: '{{to}}' }, 'SMS_HTTP_BODY'],
    [{ SMS_HTTP_HEADERS: '["a"]' }, 'SMS_HTTP_HEADERS'],
    [{ SMS_HTTP_HEADERS: '{"a":"b\\r\\nc"}' }, 'SMS_HTTP_HEADERS'],
    [{ SMS_REPORT_TOKEN: 'short' }, 'SMS_REPORT_TOKEN'],
    [{ DKIM_DOMAIN: 'a.b', DKIM_SELECTOR: 's', DKIM_PRIVATE_KEY: '-----BEGIN PRIVATE KEY-----secret-key' }, 'DKIM_PRIVATE_KEY'],
    [{ PUBLIC_URL: 'stock.example' }, 'PUBLIC_URL'],
    [{ PUBLIC_URL: 'https://stock.example?a' }, 'PUBLIC_URL'],
    [{ PUBLIC_URL: 'https://user:secret-key@stock.example' }, 'PUBLIC_URL'],
    [{ NOTIFICATION_WINDOW_S: '601' }, 'NOTIFICATION_WINDOW_S'],
  ])('%j: one line about %s, which repeats no secret', (env: Record<string, string>, setting) => {
    const [line, ...others] = lines(env);
    expect(line).toMatch(new RegExp(`^${setting} is not valid: `));
    expect([others, line?.includes('secret-key')]).toEqual([[], false]);
  });
});
