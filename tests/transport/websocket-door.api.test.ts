import { get } from 'node:http';
import type { App } from '../../src/app.js';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { appClient, createTestApp } from '../support/app.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { liveClient, until } from '../support/live-client.js';
import { init, openRawSocket, subscribe as ask, type RawSocket, type RawSocketOptions } from './raw-socket.js';

let database: TestDatabase;
let apps: App[] = [];
let urls: string[];
let owner: string;
let device: string;
const sockets: RawSocket[] = [];

beforeAll(async () => {
  database = await createTestDatabase();
  apps = [await createTestApp(database), await createTestApp(database)];
  urls = await Promise.all(apps.map(async (app) => (await app.listen()).url));
  const { secret } = await one().services.shops.create({ name: 'Listening', currency: 'ZAR', timeZone: 'Africa/Johannesburg' });
  owner = secret;
  device = (await newKey('DEVICE')).secret;
});
afterEach(() => {
  for (const { socket } of sockets.splice(0)) socket.terminate();
});
afterAll(async () => {
  await Promise.all(apps.map((app) => app.close()));
  await database.drop();
});

function one(): App {
  const [app] = apps;
  if (!app) throw new Error('no app');
  return app;
}

async function newKey(role: string): Promise<{ secret: string; apiKey: { id: string } }> {
  const { apiKeyCreate } = await appClient(
    one(),
    owner,
  )<{ apiKeyCreate: { secret: string; apiKey: { id: string } } }>(
    `mutation { apiKeyCreate(input: { name: "${role}", role: ${role} }) { secret apiKey { id } } }`,
  );
  return apiKeyCreate;
}

function raw(options: RawSocketOptions = {}): RawSocket {
  const seen = openRawSocket(urls[0] ?? '', options);
  sockets.push(seen);
  return seen;
}

/** fetch would leave the header out. */
function statusOfUpgrade(path: string, protocol: string): Promise<number | undefined> {
  const headers = { connection: 'Upgrade, HTTP2-Settings', upgrade: protocol, 'http2-settings': 'AAMAAABkAAQAAP__' };
  return new Promise((resolve, reject) => {
    const request = get(`${urls[0] ?? ''}${path}`, { headers, agent: false }, (response) => {
      response.resume();
      resolve(response.statusCode);
    });
    request.on('error', reject);
  });
}

const LISTEN = 'subscription { stockMovements { cursor } }';

describe('who is let in', () => {
  test.each([
    ['no key', { type: 'connection_init' }],
    ['a key that is none', init('nobody')],
    ['a key as a number', { type: 'connection_init', payload: { authorization: 7 } }],
  ])('%s: 4403', async (_, message) => {
    const socket = raw();
    socket.send(message);
    await until(() => socket.code !== undefined, 'the end');
    expect(socket.code).toBe(4403);
  });

  test('a page of another site is refused before there is a socket, one of this host is not', async () => {
    const other = raw({ origin: 'https://elsewhere.example' });
    await until(() => other.status !== undefined, 'a reply');
    expect(other.status).toBe(403);
    const own = raw({ origin: urls[0] ?? '' });
    own.send(init(owner));
    await until(() => own.messages.length > 0, 'an answer');
    expect(own.messages[0]?.type).toBe('connection_ack');
  });

  test('nothing is a socket elsewhere, and another upgrade is a request like others', async () => {
    const elsewhere = raw({ path: '/scan' });
    await until(() => elsewhere.status !== undefined, 'a reply');
    expect(elsewhere.status).toBeGreaterThanOrEqual(400);
    expect(await statusOfUpgrade('/livez', 'h2c')).toBe(200);
    expect(await statusOfUpgrade('/graphql?query={__typename}', 'h2c')).toBe(200);
    // A WebSocket at another address is none.
    expect(await statusOfUpgrade('/livez', 'websocket')).toBe(200);
  });

  test('who says nothing for 3 s is shown out', async () => {
    const socket = raw();
    await until(() => socket.code !== undefined, 'the end');
    expect(socket.code).toBe(4408);
  });

  test('a twenty-first socket of one key is one too many', async () => {
    const { secret } = await newKey('READER');
    const all = Array.from({ length: 21 }, () => raw());
    for (const socket of all) socket.send(init(secret));
    await until(() => all.every(({ messages, code }) => messages.length > 0 || code !== undefined), 'an answer for each');
    await until(() => all.some(({ code }) => code !== undefined), 'the end of one');
    expect(all.filter(({ code }) => code === 4429)).toHaveLength(1);
  });
});

describe('what is answered', () => {
  async function answerTo(query: string, key = owner): Promise<string> {
    const socket = raw();
    socket.send(init(key));
    await until(() => socket.messages.length > 0, 'an ack');
    socket.send(ask(query));
    await until(() => socket.messages.length > 1, 'an answer');
    return JSON.stringify(socket.messages[1]);
  }

  test('queries and mutations go over HTTP', async () => {
    expect(await answerTo('{ shop { name } }')).toContain('send queries and mutations over HTTP');
  });

  test('a device may not listen', async () => {
    expect(await answerTo(LISTEN, device)).toContain('FORBIDDEN');
  });

  test('a misspelt name gets no suggestion', async () => {
    const answer = await answerTo('subscription { stockMovement { cursor } }');
    expect(answer).toContain('Cannot query field');
    expect(answer).not.toContain('Did you mean');
  });

  test('the limits of HTTP hold here', async () => {
    const deep = `subscription { stockMovements { movement { ${'reverses { '.repeat(60)} id ${'} '.repeat(60)} } } }`;
    expect(await answerTo(deep)).toContain('"type":"error"');
  });

  test('a cursor of another list is refused, not masked', async () => {
    expect(await answerTo('subscription { stockMovements(after: "x") { cursor } }')).toContain('BAD_USER_INPUT');
  });

  test('a socket has 20 subscriptions, and ends with one more', async () => {
    const socket = raw();
    socket.send(init(owner));
    await until(() => socket.messages.length > 0, 'an ack');
    for (let count = 1; count <= 20; count += 1) socket.send(ask(LISTEN, String(count)));
    socket.send({ type: 'complete', id: '1' });
    socket.send(ask(LISTEN, 'in its place'));
    socket.send({ type: 'ping' });
    await until(() => socket.messages.some(({ type }) => type === 'pong'), 'a pong');
    expect([socket.code, socket.messages.filter(({ type }) => type === 'error')]).toEqual([undefined, []]);
    socket.send(ask(LISTEN, '21'));
    await until(() => socket.code !== undefined, 'the end');
    expect(socket.code).toBe(4429);
  });

  test('a message beyond 64 KiB ends the socket', async () => {
    const socket = raw();
    socket.send(init(owner));
    await until(() => socket.messages.length > 0, 'an ack');
    socket.send(ask(`${LISTEN} # ${'x'.repeat(70_000)}`));
    await until(() => socket.code !== undefined, 'the end');
    expect(socket.code).toBe(1009);
  });
});

test('a key that is revoked loses its sockets at both servers, and is refused there', async () => {
  const { secret, apiKey } = await newKey('READER');
  const codes: number[] = [];
  const clients = urls.map((url) => liveClient(url, secret, { onClosed: (code) => codes.push(code) }));
  const closed = clients.map(
    (client) =>
      new Promise<void>((resolve) => {
        client.subscribe(
          { query: LISTEN },
          {
            next: () => undefined,
            error: () => {
              resolve();
            },
            complete: resolve,
          },
        );
      }),
  );
  const statusOf = async (url: string): Promise<number> => {
    const response = await fetch(`${url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${secret}` },
      body: '{"query":"{ shop { name } }"}',
    });
    await response.text();
    return response.status;
  };
  expect(await Promise.all(urls.map(statusOf))).toEqual([200, 200]);
  const start = performance.now();
  await appClient(one(), owner)('mutation ($id: ID!) { apiKeyRevoke(id: $id) { userErrors { code } } }', { id: apiKey.id });
  expect(await Promise.all(urls.map(statusOf))).toEqual([401, 401]);
  await Promise.all(closed);
  await until(() => codes.length === 2, 'the end of both');
  expect(codes).toEqual([4403, 4403]);
  // 1 s on a calm machine: `npm run check:revocation` says how long it takes.
  expect(performance.now() - start).toBeLessThan(5_000);
  for (const client of clients) await client.dispose();
});

test('a server that stops lets go of its listeners', async () => {
  const app = await createTestApp(database);
  const { url } = await app.listen();
  const codes: number[] = [];
  const client = liveClient(url, owner, { onClosed: (code) => codes.push(code) });
  client.subscribe({ query: LISTEN }, { next: () => undefined, error: () => undefined, complete: () => undefined });
  await new Promise<void>((resolve) => {
    client.on('connected', () => {
      resolve();
    });
  });
  await app.close();
  await until(() => codes.length === 1, 'the end');
  expect(codes).toEqual([1001]);
});

test('an alert is told when it opens', async () => {
  const client = liveClient(urls[0] ?? '', owner);
  const heard: unknown[] = [];
  client.subscribe(
    { query: 'subscription { stockAlerts { kind } }' },
    { next: ({ data }) => heard.push(data), error: (error) => heard.push(error), complete: () => undefined },
  );
  await new Promise<void>((resolve) => {
    client.on('connected', () => {
      resolve();
    });
  });
  await new Promise((resolve) => {
    setTimeout(resolve, 500);
  });
  const run = appClient(one(), owner);
  const { stockItemCreate } = await run<{ stockItemCreate: { stockItem: { id: string } } }>(
    'mutation { stockItemCreate(input: { sku: "LOW", name: "Low" }) { stockItem { id } } }',
  );
  const { locations } = await run<{ locations: { id: string }[] }>('{ locations { id } }');
  const rule = { stockItem: stockItemCreate.stockItem.id, location: locations[0]?.id, reorderPoint: 10, reorderQuantity: 10 };
  await run('mutation ($rule: ReorderRuleInput!) { reorderRuleSet(input: $rule) { userErrors { code } } }', { rule });
  await until(() => heard.length > 0, 'an alert');
  expect(heard[0]).toEqual({ stockAlerts: { kind: expect.stringMatching(/STOCK$/) as string } });
  await client.dispose();
});
