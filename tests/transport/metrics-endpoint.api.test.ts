import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createCacheMetrics } from '../../src/platform/cache/cache-metrics.js';
import { createMetrics } from '../../src/platform/metrics.js';
import { KEYS, startSmallShop, type SmallShop } from './small-shop-server.js';

const TOKEN = 'only-for-this-test-4711';

describe('GET /metrics with a token set', () => {
  let shop: SmallShop;
  beforeAll(async () => {
    const metrics = createMetrics();
    createCacheMetrics(metrics.registry).read('levels', 'hit', 3);
    shop = await startSmallShop({ metrics: { token: TOKEN, ...metrics } });
  });
  afterAll(() => shop.server.close());

  const read = (headers: Record<string, string> = {}) => shop.server.inject({ method: 'GET', url: '/metrics', headers });

  test.each([`Bearer ${TOKEN}`, `bearer  ${TOKEN} `])(
    '%s: all that is counted, and what Node.js knows of the process',
    async (authorization) => {
      const response = await read({ authorization });
      expect(response.statusCode).toBe(200);
      expect(response.headers['content-type']).toBe('text/plain; version=0.0.4; charset=utf-8');
      expect(response.body).toContain('\nstockroom_cache_reads_total{region="levels",result="hit"} 3\n');
      expect(response.body).toMatch(/\nprocess_resident_memory_bytes \d+\n/);
    },
  );

  test.each([
    ['none', {}],
    ['another', { authorization: `Bearer ${TOKEN.replace('1', '2')}` }],
    ['the beginning of it', { authorization: `Bearer ${TOKEN.slice(0, -1)}` }],
    ['more than it', { authorization: `Bearer ${TOKEN}1` }],
    ['an empty one', { authorization: 'Bearer ' }],
    ['it by another scheme', { authorization: `Basic ${TOKEN}` }],
    ['it twice', { authorization: `Bearer ${TOKEN} ${TOKEN}` }],
    ["an owner's key", { authorization: `Bearer ${KEYS.owner}` }],
  ])('%s: refused, and told what to send', async (_, headers) => {
    const response = await read(headers);
    expect(response.statusCode).toBe(401);
    expect(response.headers['www-authenticate']).toBe('Bearer realm="metrics"');
    expect(response.json()).toMatchObject({ errors: [{ extensions: { code: 'UNAUTHENTICATED' } }] });
    expect(response.body).not.toContain('stockroom_cache');
  });

  test('nothing but GET and HEAD', async () => {
    const headers = { authorization: `Bearer ${TOKEN}` };
    expect((await shop.server.inject({ method: 'HEAD', url: '/metrics', headers })).statusCode).toBe(200);
    expect((await shop.server.inject({ method: 'HEAD', url: '/metrics' })).statusCode).toBe(401);
    const posted = await shop.server.inject({ method: 'POST', url: '/metrics', headers });
    expect([posted.statusCode, posted.headers.allow]).toEqual([405, 'GET']);
  });

  test('the token is not logged', async () => {
    await read({ authorization: `Bearer ${TOKEN}` });
    expect(shop.logs()).toContain('"route":"/metrics"');
    expect(shop.logs()).not.toContain(TOKEN);
  });
});

test('GET /metrics with none set: there is nothing', async () => {
  const { server } = await startSmallShop();
  const response = await server.inject({ method: 'GET', url: '/metrics', headers: { authorization: `Bearer ${TOKEN}` } });
  expect(response.statusCode).toBe(404);
  expect(response.json()).toMatchObject({ errors: [{ extensions: { code: 'NOT_FOUND' } }] });
  await server.close();
});
