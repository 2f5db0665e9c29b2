import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { loadConfig } from '../../src/config/config.js';
import { SESSION_COOKIE } from '../../src/transport/session-cookie.js';
import { KEYS, startSmallShop, type SmallShop } from './small-shop-server.js';

const TILL = 'https://till.example.com';
const EVIL = 'https://evil.example.com';
const MUTATION = { query: 'mutation { itemUpdate { userErrors { code } } }' };

const opened: SmallShop[] = [];
async function open(env: Record<string, string> = {}): Promise<SmallShop['server']> {
  const shop = await startSmallShop({ crossSite: loadConfig(env).arrival });
  opened.push(shop);
  return shop.server;
}
afterAll(async () => {
  for (const { server } of opened) await server.close();
});

const post = (server: SmallShop['server'], headers: Record<string, string>) =>
  server.inject({
    method: 'POST',
    url: '/graphql',
    headers: { authorization: `Bearer ${KEYS.owner}`, ...headers },
    payload: MUTATION,
  });

describe('pages of other origins', () => {
  let server: SmallShop['server'];
  beforeAll(async () => {
    server = await open({ CORS_ORIGINS: TILL });
  });
  const preflight = (origin: string, at = server) =>
    at.inject({
      method: 'OPTIONS',
      url: '/graphql',
      headers: {
        origin,
        'access-control-request-method': 'POST',
        'access-control-request-headers': 'authorization,content-type',
      },
    });

  test('one that is named is let in by its preflight, and reads the reply', async () => {
    const asked = await preflight(TILL);
    expect([asked.statusCode, asked.headers['access-control-allow-origin']]).toEqual([204, TILL]);
    expect(asked.headers['access-control-allow-headers']).toContain('authorization');
    expect((await post(server, { origin: TILL })).headers).toMatchObject({
      'access-control-allow-origin': TILL,
      'access-control-expose-headers': 'x-request-id, retry-after',
    });
  });

  test.each([EVIL, 'null', `${TILL}.evil.example.com`, 'https://xtill.example.com', 'http://till.example.com'])(
    '%s reads nothing',
    async (origin) => {
      const { headers } = await preflight(origin);
      expect(headers['access-control-allow-origin']).not.toBe(origin);
      expect((await post(server, { origin })).headers['access-control-allow-origin']).not.toBe(origin);
    },
  );

  test('nobody is sent cookies along', async () => {
    expect((await preflight(TILL)).headers['access-control-allow-credentials']).toBeUndefined();
  });

  test('none is let in where none is named', async () => {
    const closed = await open();
    const { statusCode, headers } = await preflight(TILL, closed);
    expect([statusCode, headers['access-control-allow-origin']]).toEqual([405, undefined]);
  });
});

describe('a request that brings a cookie', () => {
  let server: SmallShop['server'];
  beforeAll(async () => {
    server = await open();
  });

  test.each([
    ['of another origin', { origin: EVIL }],
    ['of no origin that it would name', { origin: 'null' }],
    ['of another port of this machine', { origin: 'http://localhost:9999', host: 'localhost:4000' }],
    ['of its own name over https, where it is asked over http', { origin: 'https://localhost:4000', host: 'localhost:4000' }],
    ['that the browser says is from another site', { 'sec-fetch-site': 'cross-site' }],
    ['that the browser says is from another origin of this site', { 'sec-fetch-site': 'same-site' }],
  ])('%s is refused, whatever else it brings', async (_, headers) => {
    const response = await post(server, { cookie: 'a=b', ...headers });
    expect([response.statusCode, response.json()]).toMatchObject([403, { errors: [{ extensions: { code: 'FORBIDDEN' } }] }]);
  });

  test.each([
    ['of its own page', { origin: 'http://localhost:4000', host: 'localhost:4000', 'sec-fetch-site': 'same-origin' }],
    // TLS ends at a proxy that nobody told the server of: the browser has compared.
    ['of its own page by https', { origin: 'https://localhost', host: 'localhost', 'sec-fetch-site': 'same-origin' }],
    ['of no browser', {}],
  ])('%s is heard', async (_, headers) => {
    expect((await post(server, { cookie: 'a=b', ...headers })).statusCode).toBe(200);
  });

  test.each(['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x'])(
    'as a form of any page can send it (%s) is refused, with and without a cookie',
    async (type) => {
      for (const cookie of [{}, { cookie: 'a=b' }]) {
        const response = await server.inject({
          method: 'POST',
          url: '/graphql',
          headers: { 'content-type': type, ...cookie },
          payload: JSON.stringify(MUTATION),
        });
        expect([400, 415]).toContain(response.statusCode);
      }
    },
  );
});

test('where GET needs a key, the cookie of a session is as good, to a page of this server alone', async () => {
  const { server } = await startSmallShop({ getsNeedKeys: true });
  const statusOf = async (site: string, headers: Record<string, string>): Promise<number> => {
    const asked = { host: 'localhost', 'sec-fetch-site': site, ...headers };
    return (await server.inject({ url: '/graphql?query={hello}', headers: asked })).statusCode;
  };
  const brought = { cookie: `${SESSION_COOKIE}=srs_0` };
  expect(await statusOf('same-origin', {})).toBe(400);
  expect(await statusOf('same-origin', brought)).toBe(200);
  expect(await statusOf('same-site', brought)).toBe(400);
  await server.close();
});

describe('names that lead to this server', () => {
  const page = (server: SmallShop['server'], host: string) =>
    server.inject({ url: '/graphql', headers: { host, accept: 'text/html' } });

  test.each(['localhost:4000', '127.0.0.1:4000', '[::1]:4000', 'LOCALHOST'])('%s is its own', async (host) => {
    expect((await page(await open({ HOST: '127.0.0.1' }), host)).statusCode).toBe(200);
  });

  test.each(['evil.example.com', 'localhost.evil.example.com:4000', '127.0.0.1.nip.example'])(
    'for its own machine alone it does not answer to %s',
    async (host) => {
      const response = await page(await open({ HOST: '127.0.0.1' }), host);
      expect(response.statusCode).toBe(421);
      expect(response.body).toContain('ALLOWED_HOSTS');
    },
  );

  test('in production, or for others, it answers to any, unless it is told which', async () => {
    const hosts: Record<string, string>[] = [{ NODE_ENV: 'production', HOST: '127.0.0.1' }, { HOST: '0.0.0.0' }];
    for (const env of hosts) expect((await page(await open(env), 'stock.example.com')).statusCode).toBe(200);
    const told = await open({ HOST: '0.0.0.0', ALLOWED_HOSTS: 'stock.example.com' });
    expect((await page(told, 'stock.example.com:443')).statusCode).toBe(200);
    expect((await page(told, 'other.example.com')).statusCode).toBe(421);
  });
});

test('every reply says what a browser may not do with it', async () => {
  const server = await open();
  for (const response of [
    await post(server, {}),
    await server.inject({ url: '/graphql', headers: { accept: 'text/html' } }),
    await server.inject('/nothing'),
    await server.inject('/livez'),
  ]) {
    expect(response.headers).toMatchObject({
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'SAMEORIGIN',
      'referrer-policy': 'no-referrer',
      'permissions-policy': expect.stringContaining('camera=()') as string,
      'content-security-policy': expect.stringContaining("default-src 'none'") as string,
      'strict-transport-security': expect.stringContaining('max-age=') as string,
      'cross-origin-opener-policy': 'same-origin',
    });
    expect(response.headers['x-powered-by']).toBeUndefined();
  }
  expect((await post(server, {})).headers['cache-control']).toBe('no-store');
});
