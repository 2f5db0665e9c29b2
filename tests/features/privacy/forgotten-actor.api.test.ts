import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openPeopleApp, PASSWORD, type PeopleApp } from '../people/people-app.js';

const OWNER = 'owner@example.co.za';
/** From where the one who is forgotten comes. */
const ADDRESS = '203.0.113.77';

/** What a receiver of webhooks was told. */
const told: string[] = [];
let receiver: Server;
let world: PeopleApp;
let made = 0;
beforeAll(async () => {
  receiver = createServer((request, response) => {
    request.on('data', (chunk: Buffer) => told.push(chunk.toString()));
    request.on('end', () => response.writeHead(204).end());
  });
  await new Promise<void>((resolve) => void receiver.listen(0, '127.0.0.1', resolve));
  world = await openPeopleApp({ env: { WEBHOOK_ALLOW_HOSTS: `127.0.0.1:${String(portOf(receiver))}` } });
}, 60_000);
afterAll(async () => {
  await world.close();
  receiver.close();
});

const portOf = (server: Server): number => (server.address() as AddressInfo).port;
const sql = <Row extends object>(text: string, parameters: unknown[] = []) =>
  world.database.orm.em.fork().execute<Row[]>(text, parameters);

async function ask<T>(query: string, token: string, variables: Record<string, unknown> = {}, address = '192.0.2.1'): Promise<T> {
  const { data, errors } = await world.ask(query, { token, variables, address });
  expect(errors).toBeUndefined();
  expect(JSON.stringify(data)).not.toMatch(/"userErrors":\[\{/);
  return data as T;
}

/** Tables in which any row, of whichever shop, holds the text. */
async function tablesWith(text: string): Promise<string[]> {
  const tables = await sql<{ name: string }>(
    "select table_name as name from information_schema.tables where table_schema = 'public' and table_type = 'BASE TABLE' order by 1",
  );
  const found: string[] = [];
  for (const { name } of tables) {
    const rows = await sql(`select 1 from "${name}" t where position(lower(?) in lower(t::text)) > 0 limit 1`, [text]);
    if (rows.length > 0) found.push(name);
  }
  return found;
}

interface Acted {
  readonly key: string;
  readonly token: string;
  readonly email: string;
  readonly name: string;
  readonly shopId: string;
}

const INVITE = 'mutation ($email: String!) { memberInvite(input: { email: $email, role: OWNER }) { userErrors { code } } }';
const ACCEPT =
  'mutation ($secret: String!, $name: String!, $password: String!) { invitationAccept(secret: $secret, name: $name, password: $password) { token userErrors { code } } }';
const SET_UP = `mutation ($url: String!, $email: String!, $name: String!) {
  webhookEndpointCreate(input: { url: $url, kinds: [MOVEMENT, ALERT, ITEM] }) { endpoint { id } userErrors { code } }
  notificationRecipientCreate(input: { name: $name, email: $email }) { recipient { id } userErrors { code } }
}`;
const SUBSCRIBE = `mutation ($id: ID!) { notificationSubscriptionsSet(recipient: $id, subscriptions: [{ kind: OUT_OF_STOCK, channel: EMAIL }]) { userErrors { code } } }`;
const RECEIVE = `mutation ($sku: String!, $key: ID!) {
  stockItemCreate(input: { sku: $sku, name: "Bread" }) { stockItem { id } userErrors { code } }
  stockReceive(input: { stockItem: { sku: $sku }, quantity: 5, key: $key }) { level { id } userErrors { code } }
}`;
const SELL = `mutation ($sku: String!, $key: ID!, $webhook: ID!) {
  stockIssue(input: { stockItem: { sku: $sku }, quantity: 5, key: $key }) { level { alerts { id } } userErrors { code } }
  webhookEndpointTest(id: $webhook) { delivery { id } userErrors { code } }
}`;

/** An export tells what the audit log says that he did, from where, and when he signed in. */
function expectActs(data: string): void {
  const [{ auditLog: [{ acts } = { acts: [] }] } = { auditLog: [] }] = (
    JSON.parse(data) as { shops: { auditLog: { acts: object[] }[] }[] }
  ).shops;
  for (const [operation, action] of [
    ['signIn', 'SIGNED_IN'],
    ['stockItemCreate', 'CREATED'],
    ['memberInvite', 'CREATED'],
  ])
    expect(acts).toContainEqual(expect.objectContaining({ operation, action, address: ADDRESS }));
}

/** A member who joined, was told of an alert, and did whatever leaves something of him: all of it by mutations. */
async function openActed(): Promise<Acted> {
  made += 1;
  const [email, name] = [`nomvula${String(made)}@example.co.za`, `Nomvula Dlamini ${String(made)}`];
  const { id: shopId, key } = await world.openShop(`${String(made)}${OWNER}`);
  await ask(INVITE, key, { email });
  await world.app.outbox.drain();
  const joined = await world.ask(ACCEPT, {
    address: ADDRESS,
    variables: { secret: world.mailedSecret(), name, password: PASSWORD },
  });
  expect(joined.errors).toBeUndefined();
  const token = (await world.signIn(email, PASSWORD, ADDRESS)) ?? '';
  const url = `http://127.0.0.1:${String(portOf(receiver))}/`;
  const by = <T>(query: string, variables: Record<string, unknown> = {}): Promise<T> => ask<T>(query, token, variables, ADDRESS);
  const setUp = await by<Record<string, Record<string, { id: string }>>>(SET_UP, { url, email, name });
  await by(SUBSCRIBE, { id: setUp.notificationRecipientCreate?.recipient?.id });
  const sku = `BREAD-${String(made)}`;
  await by(RECEIVE, { sku, key: `in-${sku}` });
  const sold = await by<{ stockIssue: { level: { alerts: { id: string }[] } } }>(SELL, {
    ...{ sku, key: `out-${sku}`, webhook: setUp.webhookEndpointCreate?.endpoint?.id },
  });
  const alert = sold.stockIssue.level.alerts[0]?.id;
  await by('mutation ($id: ID!) { stockAlertAcknowledge(id: $id) { userErrors { code } } }', { id: alert });
  await by(INVITE, { email: `friend-of-${String(made)}@example.co.za` });
  await by('mutation { apiKeyCreate(input: { name: "Till", role: CLERK }) { userErrors { code } } }');
  await world.app.outbox.drain();
  // As if it had been sent: it would be collected for a minute.
  const sent = await sql(
    "update notification set state = 'SENT', form = 'SINGLE', closed_at = now(), sent_at = now(), address = ?, subject = 'Out', text = 'Bread' where shop_id = ? returning id",
    [email, shopId],
  );
  expect(sent).toHaveLength(1);
  const { myDataExport } = await by<{ myDataExport: { data: string } }>('mutation { myDataExport { data userErrors { code } } }');
  expectActs(myDataExport.data);
  expect(await world.signIn(email, 'wrong horse battery', ADDRESS)).toBeUndefined();
  await world.app.services.people.signIn.noteNow();
  // A mail that waits: nobody drains the outbox any more.
  const reset = 'mutation ($email: String!) { passwordResetRequest(email: $email) { userErrors { code } } }';
  await world.ask(reset, { address: ADDRESS, variables: { email } });
  return { key, token, email, name, shopId };
}

const WITH_EMAIL = ['invitation', 'notification', 'notification_recipient', 'outbox_job', 'person'];
const WITH_NAME = ['notification_recipient', 'person', 'principal', 'webhook_delivery'];

async function expectForgotten({ email, name }: Acted): Promise<void> {
  for (const text of [email, name, ADDRESS]) expect([text, await tablesWith(text)]).toEqual([text, []]);
}

const ERASE = 'mutation ($of: String!) { personalDataErase(address: $of) { erased userErrors { code } } }';
const ERASE_OWN = 'mutation ($of: String!) { myDataErase(email: $of) { erased userErrors { code } } }';

const WAYS = ['by the shop', 'by himself', 'by himself, as an owner of the shop'];

test.each(WAYS)(
  'of a member who acted nothing is left when he is forgotten %s',
  async (by) => {
    const acted = await openActed();
    const { key, token, email, name, shopId } = acted;
    expect(await tablesWith(email)).toEqual(WITH_EMAIL);
    expect(await tablesWith(name)).toEqual(WITH_NAME);
    expect(await tablesWith(ADDRESS)).toEqual(['audit_entry']);
    expect(told.join()).toContain(name);
    told.length = 0;
    if (by === 'by himself') await ask(ERASE_OWN, token, { of: email }, ADDRESS);
    else if (by === 'by the shop') await ask(ERASE, key, { of: email.toUpperCase() });
    else await ask(ERASE, token, { of: email }, ADDRESS);
    await expectForgotten(acted);
    const { auditEntries } = await ask<{ auditEntries: { nodes: object[] } }>(
      '{ auditEntries(first: 10) { nodes { action subjectType fields } } }',
      key,
    );
    expect(auditEntries.nodes).toContainEqual({ action: 'UPDATED', subjectType: 'Invitation', fields: ['revokedAt'] });
    // What is told once more is told under the other name.
    const { webhookDeliveries } = await ask<{ webhookDeliveries: { nodes: { id: string }[] } }>(
      '{ webhookDeliveries(first: 50) { nodes { id } } }',
      key,
    );
    for (const { id } of webhookDeliveries.nodes) {
      await ask('mutation ($id: ID!) { webhookDeliveryReplay(id: $id) { userErrors { code } } }', key, { id });
    }
    await world.app.outbox.drain();
    expect(told.join()).toContain('(forgotten)');
    expect(told.join()).not.toContain(name);
    await expectForgotten(acted);
    expect(await sql('select 1 from stock_movement where shop_id = ?', [shopId])).toHaveLength(2);
  },
  60_000,
);
