import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { newSecret } from '../../src/features/access/api-key-secret.js';
import { HTTP, KEYS, startSmallShop, type SmallShop } from './small-shop-server.js';

let shop: SmallShop;
beforeAll(async () => {
  shop = await startSmallShop();
});
afterAll(() => shop.server.close());

const post = (query: string, headers: Record<string, string> = {}) =>
  shop.server.inject({ method: 'POST', url: '/graphql', headers, payload: { query } });

describe('keys', () => {
  test('without one only guarded fields fail', async () => {
    const response = await post('{ hello }');
    expect(response.json()).toMatchObject({ data: { hello: 'world' } });
    const guarded = await post('{ guarded }');
    expect(guarded.statusCode).toBe(200);
    expect(guarded.json()).toMatchObject({
      data: null,
      errors: [{ path: ['guarded'], extensions: { code: 'UNAUTHENTICATED' } }],
    });
  });

  test('a wrong one is refused whatever is asked', async () => {
    const response = await post('{ hello }', { authorization: 'Bearer sk_wrong_key' });
    expect(response.statusCode).toBe(401);
    expect(response.json()).toMatchObject({ errors: [{ extensions: { code: 'UNAUTHENTICATED' } }] });
  });

  test('a role bounds what may be done', async () => {
    const mutation = 'mutation { itemUpdate { userErrors { code } } }';
    expect((await post('{ guarded }', { authorization: `Bearer ${KEYS.reader}` })).json()).toMatchObject({
      data: { guarded: 'READER' },
    });
    const refused = await post(mutation, { authorization: `Bearer ${KEYS.reader}` });
    expect(refused.json()).toMatchObject({ data: null, errors: [{ extensions: { code: 'FORBIDDEN' } }] });
    expect((await post('{ guarded }', { authorization: `Bearer ${KEYS.device}` })).body).toContain('FORBIDDEN');
    expect((await post(mutation, { authorization: `Bearer ${KEYS.owner}` })).json()).toMatchObject({
      data: { itemUpdate: { userErrors: [] } },
    });
  });
});

describe('request ids', () => {
  test('are kept when they can stand in a log, made otherwise, and are in reply and log', async () => {
    const given = await post('{ hello }', { 'x-request-id': 'till-4.beep_17' });
    expect(given.headers['x-request-id']).toBe('till-4.beep_17');
    expect(shop.logs()).toContain('"requestId":"till-4.beep_17"');
    const forged = await post('{ hello }', { 'x-request-id': 'a"}\n{"level":"fatal"' });
    expect(forged.headers['x-request-id']).toMatch(/^[\da-f-]{36}$/);
    for (const id of [KEYS.owner, `till.${KEYS.owner}-7`]) {
      const key = await post('{ hello }', { 'x-request-id': id });
      expect(key.headers['x-request-id']).toMatch(/^[\da-f-]{36}$/);
    }
  });
});

describe('limits', () => {
  test('a body above the limit, a broken one, and one that is no JSON', async () => {
    const large = await post(`{ hello } # ${'x'.repeat(HTTP.bodyLimitBytes)}`);
    expect(large.statusCode).toBe(413);
    expect(large.json()).toMatchObject({ errors: [{ extensions: { code: 'PAYLOAD_TOO_LARGE' } }] });
    const broken = await shop.server.inject({
      method: 'POST',
      url: '/graphql',
      headers: { 'content-type': 'application/json' },
      body: '{',
    });
    expect(broken.statusCode).toBe(400);
    const form = await shop.server.inject({
      method: 'POST',
      url: '/graphql',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: 'query={hello}',
    });
    expect(form.statusCode).toBe(415);
    const plain = await shop.server.inject({
      method: 'POST',
      url: '/graphql',
      headers: { 'content-type': 'text/plain' },
      body: '{"query":"{hello}"}',
    });
    expect(plain.statusCode).toBe(400);
    expect(plain.body).toContain('CSRF');
  });

  test('a client that stops half way through its body is let go when the time is up', async () => {
    const { server } = await startSmallShop({ http: { ...HTTP, requestTimeoutMs: 200 } });
    const { hostname, port } = new URL((await server.listen()).url);
    const socket = connect(Number(port), hostname);
    socket.write('POST /graphql HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 19\r\n\r\n{"query":');
    expect(await text(socket)).toMatch(/^HTTP\/1\.1 408 /);
    await server.close();
  });

  test('too many tokens', async () => {
    const response = await post(`{ ${'hello '.repeat(16_000)} }`);
    expect(response.body).toContain('GRAPHQL_PARSE_FAILED');
  });

  test('mutations do not go by GET', async () => {
    const url = `/graphql?query=${encodeURIComponent('mutation { itemUpdate { userErrors { code } } }')}`;
    expect((await shop.server.inject({ url, headers: { authorization: `Bearer ${KEYS.owner}` } })).statusCode).toBe(405);
  });
});

describe('health and the rest', () => {
  test('livez and readyz', async () => {
    expect((await shop.server.inject('/livez')).statusCode).toBe(200);
    expect((await shop.server.inject('/readyz')).json()).toEqual({ status: 'ok' });
  });

  test('however many ask whether it is ready, the database is asked once at a time', async () => {
    let asked = 0;
    let answer: (() => void) | undefined;
    const ready = () =>
      new Promise<boolean>((resolve) => {
        asked += 1;
        answer = () => {
          resolve(true);
        };
      });
    const { server } = await startSmallShop({ ready });
    const many = Array.from({ length: 20 }, () => server.inject('/readyz'));
    await expect.poll(() => answer !== undefined).toBe(true);
    answer?.();
    expect(new Set((await Promise.all(many)).map(({ statusCode }) => statusCode))).toEqual(new Set([200]));
    expect(asked).toBe(1);
    const next = server.inject('/readyz');
    await expect.poll(() => asked).toBe(2);
    answer?.();
    expect((await next).statusCode).toBe(200);
    await server.close();
  });

  test.each([
    ['fails', () => Promise.reject(new Error('down'))],
    ['says no', () => Promise.resolve(false)],
    ['hangs', () => new Promise<boolean>(() => undefined)],
  ])('readyz is 503 when the database %s', async (_, ready) => {
    const { server } = await startSmallShop({ ready });
    expect((await server.inject('/readyz')).statusCode).toBe(503);
    expect((await server.inject('/livez')).statusCode).toBe(200);
    await server.close();
  });

  test('an unknown address, and one that cannot be read', async () => {
    expect((await shop.server.inject('/nothing')).json()).toMatchObject({ errors: [{ extensions: { code: 'NOT_FOUND' } }] });
    expect((await shop.server.inject('/%ff%zz')).statusCode).toBe(400);
  });

  test.each(['PUT', 'PATCH', 'DELETE', 'OPTIONS'] as const)(
    '%s at GraphQL is told what is allowed, whatever it sends',
    async (method) => {
      const headers = { 'content-type': 'text/csv' };
      const response = await shop.server.inject({ method, url: '/graphql', headers, body: 'x' });
      expect([response.statusCode, response.headers.allow]).toEqual([405, 'GET, POST']);
      expect(response.json()).toMatchObject({
        errors: [{ message: 'GraphQL is sent with POST, a query also with GET', extensions: { code: 'METHOD_NOT_ALLOWED' } }],
      });
    },
  );

  test('pages are not framed, and API replies run nothing', async () => {
    expect((await post('{ hello }')).headers['content-security-policy']).toBe("default-src 'none';frame-ancestors 'none'");
  });
});

describe('shutting down', () => {
  test('a request in flight is finished', async () => {
    const [arrived, mayGoOn] = [Promise.withResolvers<true>(), Promise.withResolvers<true>()];
    const slow = await startSmallShop({
      contextFor: async ({ requestId, log }) => {
        arrived.resolve(true);
        await mayGoOn.promise;
        return { requestId, log };
      },
    });
    const { url } = await slow.server.listen();
    const answer = fetch(`${url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{"query":"{hello}"}',
    });
    await arrived.promise;
    const closed = slow.server.close();
    await vi.waitFor(() => expect(fetch(`${url}/livez`)).rejects.toThrow());
    mayGoOn.resolve(true);
    await closed;
    expect(await (await answer).json()).toMatchObject({ data: { hello: 'world' } });
  });
});

test('no key is ever logged', async () => {
  const wrong = newSecret();
  await post('{ guarded }', { authorization: `Bearer ${KEYS.owner}` });
  await post('{ hello }', { authorization: `Bearer ${wrong}` });
  await post('{ guarded }', { 'x-request-id': KEYS.reader });
  for (const url of [
    `/scan/${KEYS.device}`,
    `/scan/${wrong}`,
    `/%73can/${KEYS.device}`,
    `/scan/${KEYS.device}/more`,
    `/scans/${KEYS.device}`,
  ]) {
    await shop.server.inject({ method: 'POST', url, body: 'boom', headers: { 'content-type': 'text/plain' } });
    await shop.server.inject({ method: 'GET', url });
  }
  await shop.server.inject({ method: 'POST', url: `/scan/${KEYS.device}%zz`, body: 'x' });
  await shop.server.inject({ method: 'POST', url: `/scan/${KEYS.device}${'x'.repeat(500)}`, body: 'x' });
  expect(shop.logs()).toMatch(/"method":"POST","route":"\/scan\/[^"]+","status":500/);
  for (const secret of [...Object.values(KEYS), wrong]) expect(shop.logs()).not.toContain(secret);
});
