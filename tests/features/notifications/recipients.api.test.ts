import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { App } from '../../../src/app.js';
import { MAX_SUBSCRIPTIONS } from '../../../src/features/notifications/notification-recipient.service.js';
import { appClient, createTestApp } from '../../support/app.js';
import { createTestDatabase, type TestDatabase } from '../../support/database.js';
import type { GraphQLClient } from '../../support/graphql-client.js';

interface Payload {
  readonly recipient: Record<string, unknown> | null;
  readonly userErrors: { code: string; path: string[] }[];
}

const FIELDS = `recipient { id name language email phone quietFrom quietTo dailyCap enabled emailPausedReason smsPausedReason
  subscriptions { kind channel location { code } } } userErrors { code path }`;

let database: TestDatabase;
let app: App;
let client: GraphQLClient;

beforeAll(async () => {
  database = await createTestDatabase();
  app = await createTestApp(database);
  const { secret } = await app.services.shops.create({ name: 'Told', currency: 'ZAR', timeZone: 'Africa/Johannesburg' });
  client = appClient(app, secret);
});
afterAll(async () => {
  await app.close();
  await database.drop();
});

async function create(input: Record<string, unknown>): Promise<Payload> {
  const act = `mutation ($input: NotificationRecipientInput!) { act: notificationRecipientCreate(input: $input) { ${FIELDS} } }`;
  return (await client<{ act: Payload }>(act, { input })).act;
}

async function update(id: unknown, patch: Record<string, unknown>): Promise<Payload> {
  const act = `mutation ($id: ID!, $patch: NotificationRecipientPatch!) { act: notificationRecipientUpdate(id: $id, patch: $patch) { ${FIELDS} } }`;
  return (await client<{ act: Payload }>(act, { id, patch })).act;
}

async function subscribe(id: unknown, subscriptions: object[]): Promise<Payload> {
  const act = `mutation ($id: ID!, $subscriptions: [NotificationSubscriptionInput!]!) {
    act: notificationSubscriptionsSet(recipient: $id, subscriptions: $subscriptions) { ${FIELDS} } }`;
  return (await client<{ act: Payload }>(act, { id, subscriptions })).act;
}

test('a person is written down, changed, and forgotten', async () => {
  const { recipient, userErrors } = await create({
    name: ' Sipho ',
    phone: '082 123 4567',
    quietFrom: '21:00',
    quietTo: '06:00',
  });
  expect([recipient, userErrors]).toMatchObject([
    {
      name: 'Sipho',
      language: 'EN',
      email: null,
      phone: '+27821234567',
      quietFrom: '21:00',
      quietTo: '06:00',
      dailyCap: 20,
      enabled: true,
    },
    [],
  ]);
  const patch = { language: 'AF', email: 'S@Example.co.za', quietFrom: null, quietTo: null, dailyCap: null, enabled: false };
  expect((await update(recipient?.id, patch)).recipient).toMatchObject({ ...patch, email: 'S@example.co.za' });
  const gone = await client(`mutation ($id: ID!) { notificationRecipientDelete(id: $id) { deletedId userErrors { code } } }`, {
    id: recipient?.id,
  });
  expect(gone).toEqual({ notificationRecipientDelete: { deletedId: recipient?.id, userErrors: [] } });
  expect((await update(recipient?.id, {})).userErrors).toEqual([{ code: 'NOT_FOUND', path: ['id'] }]);
});

describe('what is refused', () => {
  test.each([
    [{ name: 'x', phone: '12' }, 'phone'],
    [{ name: 'x', phone: '011 555 1234' }, 'phone'],
    [{ name: 'x', email: 'nobody' }, 'email'],
    [{ name: 'x' }, 'email'],
    [{ name: '', email: 'a@b.de' }, 'name'],
    [{ name: 'x', email: 'a@b.de', quietFrom: '21:00' }, 'quietTo'],
    [{ name: 'x', email: 'a@b.de', quietFrom: '25:00', quietTo: '06:00' }, 'quietFrom'],
    [{ name: 'x', email: 'a@b.de', dailyCap: 0 }, 'dailyCap'],
    [{ name: 'x', email: 'a@b.de', dailyCap: 1_001 }, 'dailyCap'],
  ])('%j', async (input, field) => {
    expect((await create(input)).userErrors).toEqual([{ code: 'INVALID', path: [field] }]);
  });

  test('a channel without an address, a place that is none, and too much of it', async () => {
    const { recipient } = await create({ name: 'x', email: 'a@b.de' });
    const one = { kind: 'LOW_STOCK', channel: 'EMAIL' };
    expect((await subscribe(recipient?.id, [one, { ...one, channel: 'SMS' }])).userErrors).toEqual([
      { code: 'INVALID', path: ['subscriptions', '1', 'channel'] },
    ]);
    expect((await subscribe(recipient?.id, [{ ...one, location: recipient?.id }])).userErrors).toEqual([
      { code: 'NOT_FOUND', path: ['subscriptions', '0', 'location'] },
    ]);
    const many = Array<object>(MAX_SUBSCRIPTIONS + 1).fill(one);
    expect((await subscribe(recipient?.id, many)).userErrors).toEqual([{ code: 'INVALID', path: ['subscriptions'] }]);
    expect((await update(recipient?.id, { email: null })).userErrors).toEqual([{ code: 'INVALID', path: ['email'] }]);
  });
});

test('subscriptions are these and no others, each once; a new address is not paused', async () => {
  const { recipient } = await create({ name: 'x', email: 'a@b.de', phone: '0821234567' });
  const { locations } = await client<{ locations: { id: string; code: string }[] }>('{ locations { id code } }');
  const low = { kind: 'LOW_STOCK', channel: 'SMS', location: locations[0]?.id };
  await subscribe(recipient?.id, [{ kind: 'NEGATIVE_STOCK', channel: 'EMAIL' }]);
  const set = await subscribe(recipient?.id, [low, low, { kind: 'LOW_STOCK', channel: 'EMAIL' }]);
  expect(set.recipient?.subscriptions).toEqual([
    { kind: 'LOW_STOCK', channel: 'EMAIL', location: null },
    { kind: 'LOW_STOCK', channel: 'SMS', location: { code: locations[0]?.code } },
  ]);
  await database.orm.em
    .fork()
    .execute(
      "update notification_recipient set email_paused_at = now(), email_paused_reason = 'gone', sms_paused_at = now(), sms_paused_reason = 'gone'",
    );
  const changed = await update(recipient?.id, { email: 'c@d.de' });
  expect(changed.recipient).toMatchObject({ emailPausedReason: null, smsPausedReason: 'gone' });
  const resumed = await client<{ act: Payload }>(
    `mutation ($id: ID!) { act: notificationAddressResume(recipient: $id, channel: SMS) { ${FIELDS} } }`,
    { id: recipient?.id },
  );
  expect(resumed.act.recipient).toMatchObject({ emailPausedReason: null, smsPausedReason: null });
});
