import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { App } from '../../../src/app.js';
import { loadConfig } from '../../../src/config/config.js';
import { createLogger } from '../../../src/platform/log.js';
import { SmtpFar } from '../../adapters/mail/smtp-far.js';
import { answers, MisbehavingServer } from '../../support/misbehaving-server.js';
import { appClient, createTestApp } from '../../support/app.js';
import { createTestDatabase, type TestDatabase } from '../../support/database.js';
import type { GraphQLClient } from '../../support/graphql-client.js';

const REPORT_TOKEN = 'a-token-of-reports';
const OUTBOX = fileURLToPath(new URL('../../../src/commands/outbox.ts', import.meta.url));

interface Told {
  readonly id: string;
  readonly state: string;
  readonly channel: string;
  readonly reason: string | null;
  readonly tries: number;
  readonly alertCount: number;
  readonly segments: number | null;
  readonly recipient: { emailPausedReason: string | null; smsPausedReason: string | null };
}

let database: TestDatabase;
let smtp: SmtpFar;
let provider: MisbehavingServer;
let app: App;
let client: GraphQLClient;
let secret: string;
const lines: string[] = [];

beforeEach(async () => {
  [database, smtp, provider] = await Promise.all([createTestDatabase(), SmtpFar.open(), MisbehavingServer.open()]);
  provider.behave(answers(200, 'OK'));
  lines.length = 0;
  app = await openApp();
  ({ secret } = await app.services.shops.create({ name: 'Corner <b>', currency: 'ZAR', timeZone: 'Africa/Johannesburg' }));
  client = appClient(app, secret);
});
afterEach(async () => {
  await app.close();
  await Promise.all([smtp.close(), provider.close(), database.drop()]);
});

function openApp(env: Record<string, string> = {}): Promise<App> {
  const config = loadConfig({
    ...{ NODE_ENV: 'test', PORT: '0', OUTBOX: 'off', PUBLIC_URL: 'https://stock.example/', NOTIFICATION_WINDOW_S: '0' },
    ...{ SMTP_URL: `smtp://127.0.0.1:${String(smtp.settings().port)}`, MAIL_FROM: 'Stock <stock@example.co.za>' },
    ...{
      SMS_PROVIDER: 'http',
      SMS_URL: `${provider.url}/send`,
      SMS_HTTP_BODY: '{{to}} {{text}}',
      SMS_REPORT_TOKEN: REPORT_TOKEN,
    },
    ...env,
  });
  const log = createLogger({ level: 'debug', destination: { write: (line: string) => void lines.push(line) } });
  return createTestApp(database, { config, log });
}

/** A person who is told of what is out of stock, by these channels. */
async function listen(...channels: string[]): Promise<string> {
  const input = { name: 'Sipho', email: 'sipho@example.co.za', phone: '0821234567' };
  const made = await client<{ notificationRecipientCreate: { recipient: { id: string } } }>(
    'mutation ($input: NotificationRecipientInput!) { notificationRecipientCreate(input: $input) { recipient { id } } }',
    { input },
  );
  const { id } = made.notificationRecipientCreate.recipient;
  const subscriptions = channels.map((channel) => ({ kind: 'OUT_OF_STOCK', channel }));
  await client(
    `mutation ($id: ID!, $subscriptions: [NotificationSubscriptionInput!]!) {
      notificationSubscriptionsSet(recipient: $id, subscriptions: $subscriptions) { userErrors { message } } }`,
    { id, subscriptions },
  );
  return id;
}

let sold = 0;
/** An item runs out. */
async function runOut(): Promise<void> {
  sold += 1;
  const sku = `SKU-${String(sold)}`;
  await client('mutation ($input: StockItemInput!) { stockItemCreate(input: $input) { userErrors { code } } }', {
    input: { sku, name: '<i>Bread</i>' },
  });
  await client(
    `mutation ($sku: String!, $in: ID!, $out: ID!) {
      stockReceive(input: { key: $in, stockItem: { sku: $sku }, quantity: 1 }) { userErrors { code } }
      stockIssue(input: { key: $out, stockItem: { sku: $sku }, quantity: 1 }) { userErrors { code } }
    }`,
    { sku, in: `in-${sku}`, out: `out-${sku}` },
  );
}

/** Does what is due, and then what that has made due; tries again at once what was put off. */
async function work(rounds = 3): Promise<void> {
  for (let round = 0; round < rounds; round += 1) {
    await database.orm.em
      .fork()
      .execute("update outbox_job set run_at = now() where task like 'notification.%' and claim is null");
    await app.outbox.drain();
  }
}

async function told(): Promise<Told[]> {
  const { notifications } = await client<{ notifications: { nodes: Told[] } }>(
    `{ notifications { nodes { id state channel reason tries alertCount segments recipient { emailPausedReason smsPausedReason } } } }`,
  );
  return notifications.nodes;
}

describe('an item that runs out', () => {
  test('a server that does not take the mail now and then does gets one', async () => {
    await listen('EMAIL');
    smtp.behave('NOT_NOW', 'TAKES');
    await runOut();
    await work();
    expect(await told()).toMatchObject([{ state: 'SENT', tries: 2, reason: null, alertCount: 1 }]);
    const [mail, ...others] = await smtp.arrived();
    expect(others).toEqual([]);
    expect(mail?.html).toContain('&lt;i&gt;Bread&lt;/i&gt;');
    expect(mail?.html).not.toContain('<i>');
  });

  test('nobody at the address: it is paused with the reason, and shown', async () => {
    await listen('EMAIL');
    smtp.behave('NOBODY_THERE', 'TAKES');
    await runOut();
    await work();
    await runOut();
    await work();
    const [first, ...others] = await told();
    const reason = first?.reason ?? '';
    expect(reason).toContain('550 5.1.1');
    expect([first?.state, first?.recipient.emailPausedReason, others]).toEqual(['FAILED', reason, []]);
    expect(smtp.raw).toEqual([]);
  });

  test('an SMS goes by the provider, whose report says what became of it', async () => {
    await listen('SMS');
    await runOut();
    await work();
    const [sent] = await told();
    expect(sent).toMatchObject({ state: 'SENT', channel: 'SMS', segments: 1 });
    expect(provider.requests[0]?.body.toString()).toContain('+27821234567 Corner <b>: Out of stock: <i>Bread</i>');
    const rows = await database.orm.em.fork().execute<{ id: string }[]>('select id from notification');
    const id = rows[0]?.id;
    const report = (token: string, status: string) =>
      app.inject({ method: 'POST', url: `/sms/reports/${token}`, payload: { id, status, reason: 'The number is blocked.' } });
    expect((await report('b-token-of-reports', 'refused')).statusCode).toBe(401);
    expect(await told()).toMatchObject([{ state: 'SENT' }]);
    expect((await report(REPORT_TOKEN, 'refused')).json()).toEqual({ recorded: 1 });
    const reason = 'The number is blocked.';
    expect(await told()).toMatchObject([{ state: 'FAILED', reason, recipient: { smsPausedReason: reason } }]);
    expect((await app.inject({ method: 'POST', url: `/sms/reports/${REPORT_TOKEN}`, payload: 'what' })).statusCode).toBe(400);
  });

  test('no line of the log has an address, a number, a text or a link', async () => {
    await listen('EMAIL', 'SMS');
    smtp.behave('NOBODY_THERE');
    provider.behave(answers(422, 'no'));
    await runOut();
    await work();
    expect(lines.length).toBeGreaterThan(0);
    expect(lines.join('\n')).not.toMatch(/sipho|2782|Bread|unsubscribe\/[\w-]{10}|a-token/i);
  });
});

describe('the link in a mail', () => {
  async function link(): Promise<string> {
    await runOut();
    await work();
    const mail = (await smtp.arrived()).at(-1);
    return new URL(/<([^>]+)>/.exec(mail?.headers['list-unsubscribe'] ?? '')?.[1] ?? '').pathname;
  }

  test('asks when it is opened, and stops them when its button is pressed; nobody has to log in', async () => {
    await listen('EMAIL');
    const url = await link();
    const asked = await app.inject({ method: 'GET', url });
    expect([asked.statusCode, asked.headers['content-type']]).toEqual([200, 'text/html; charset=utf-8']);
    expect(asked.body).toContain('<form method="post"><button');
    expect(asked.body).toContain('Corner &lt;b&gt;');
    expect(asked.headers['content-security-policy']).toMatch(/default-src 'none'.*form-action 'self'/);
    expect((await told())[0]?.recipient.emailPausedReason).toBeNull();
    const form = { 'content-type': 'application/x-www-form-urlencoded' };
    const done = await app.inject({ method: 'POST', url, headers: form, payload: 'confirm=yes' });
    expect([done.statusCode, done.body.includes('<form')]).toEqual([200, false]);
    expect((await told())[0]?.recipient.emailPausedReason).toContain('Unsubscribed');
  });

  test.each(['application/x-www-form-urlencoded', 'multipart/form-data; boundary=x'])(
    'a mail program stops them in one click (%s)',
    async (contentType) => {
      await listen('EMAIL');
      const headers = { 'content-type': contentType };
      const { statusCode } = await app.inject({
        method: 'POST',
        url: await link(),
        headers,
        payload: 'List-Unsubscribe=One-Click',
      });
      expect(statusCode).toBe(200);
      await runOut();
      await work();
      expect(await told()).toMatchObject([{ state: 'SENT' }]);
      expect(smtp.raw).toHaveLength(1);
    },
  );

  test('one that somebody changed, or made up, is none', async () => {
    await listen('EMAIL');
    const url = await link();
    const flipped = `${url.slice(0, -2)}${url.at(-2) === 'A' ? 'B' : 'A'}${url.slice(-1)}`;
    for (const wrong of [flipped, '/unsubscribe/x', `/unsubscribe/${'A'.repeat(64)}`, `/unsubscribe/${'%00'.repeat(20)}`]) {
      expect((await app.inject({ method: 'POST', url: wrong })).statusCode).toBe(404);
      expect((await app.inject({ method: 'GET', url: wrong })).statusCode).toBe(404);
    }
    expect((await told())[0]?.recipient.emailPausedReason).toBeNull();
    expect((await app.inject({ method: 'DELETE', url })).statusCode).toBe(405);
  });
});

test('without any way out it is kept, and the outbox command prints it', async () => {
  await app.close();
  app = await openApp({ SMTP_URL: '', SMS_PROVIDER: '', MAIL_FROM: '' });
  client = appClient(app, secret);
  await listen('EMAIL', 'SMS');
  await runOut();
  await work();
  expect((await told()).map(({ state }) => state)).toEqual(['KEPT', 'KEPT']);
  const env = { ...process.env, DATABASE_URL: database.url, LOG_LEVEL: 'silent' };
  const child = spawn(process.execPath, ['--import', 'tsx', OUTBOX], { env, stdio: ['ignore', 'pipe', 'inherit'] });
  let out = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (out += text));
  const [code] = (await once(child, 'close')) as [number];
  expect(code).toBe(0);
  expect(out).toMatch(/SMS {2}KEPT {2}to Sipho <\+27821234567> {2}from Corner <b> {2}\(alerts: 1, 1 segment\)/);
  expect(out).toMatch(/EMAIL {2}KEPT {2}to Sipho <sipho@example\.co\.za>/);
  expect(out).toContain('Subject: Out of stock: <i>Bread</i>');
});
