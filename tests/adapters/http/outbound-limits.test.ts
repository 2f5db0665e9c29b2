import { createServer, type LookupFunction } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { answers, blackhole, resets, type Manner } from '../../support/misbehaving-server.js';
import { faultOf, leadsTo, openFarSide, openOutbound } from './outbound-fixture.js';

const get = (url: string) => ({ method: 'GET', url }) as const;
const ONCE = { retries: { maxAttempts: 1 } };
const unwell = answers(500, {});

test('the breaker opens after failures in a row, lets one call through after a while, and closes when that is answered', async () => {
  const far = await openFarSide();
  far.behave(unwell);
  const { outbound, lines } = openOutbound({ ...ONCE, breaker: { consecutiveFailures: 3, openMs: 100, maxOpenMs: 1_000 } });
  for (let request = 1; request <= 3; request += 1) await outbound.request(get(far.url));
  expect(outbound.breakers()).toEqual({ closed: 0, half_open: 0, open: 1 });
  const fault = (await faultOf(outbound.request(get(far.url)))) as { kind: string; retryAfterMs: number; message: string };
  expect(fault).toMatchObject({ kind: 'BREAKER_OPEN', message: 'far failed too often (status 500) and is left alone.' });
  expect(fault.retryAfterMs).toBeGreaterThan(0);
  expect(fault.retryAfterMs).toBeLessThanOrEqual(100);
  expect(far.requestCount).toBe(3);
  await expect
    .poll(() =>
      outbound.request(get(far.url)).then(
        () => far.requestCount,
        () => far.requestCount,
      ),
    )
    .toBe(4);
  expect(outbound.breakers().open).toBe(1);
  // It is left alone for twice as long now.
  expect((await faultOf(outbound.request(get(far.url)))) as { retryAfterMs: number }).toMatchObject({ kind: 'BREAKER_OPEN' });
  far.behave(answers(200, {}));
  await expect.poll(() => outbound.request(get(far.url)).catch(() => undefined)).toMatchObject({ status: 200 });
  expect(outbound.breakers()).toEqual({ closed: 1, half_open: 0, open: 0 });
  const told = lines.filter(({ breaker }) => breaker !== undefined).map(({ breaker, level }) => [breaker, level]);
  expect(told).toEqual([
    ['open', 'warn'],
    ['open', 'warn'],
    ['closed', 'info'],
  ]);
});

test('the breaker opens when too many of the last calls failed, though never in a row', async () => {
  const far = await openFarSide();
  const manners = Array.from({ length: 40 }, (_, n) => (n % 3 === 0 ? answers(200, {}) : unwell));
  far.behave(...(manners as [Manner, ...Manner[]]));
  const breaker = {
    consecutiveFailures: 5,
    failureRatio: 0.5,
    sampledCalls: 10,
    minimumCalls: 6,
    openMs: 60_000,
    maxOpenMs: 60_000,
  };
  const { outbound } = openOutbound({ ...ONCE, breaker });
  for (let request = 1; request <= 6; request += 1) await outbound.request(get(far.url));
  expect(await faultOf(outbound.request(get(far.url)))).toMatchObject({ kind: 'BREAKER_OPEN' });
});

test.each([
  ['refusals', answers(400, {})],
  ['rate limits', answers(429, {}, { 'retry-after': '100' })],
])('%s do not open the breaker', async (_, manner) => {
  const far = await openFarSide();
  far.behave(manner);
  const { outbound } = openOutbound({ ...ONCE, breaker: { consecutiveFailures: 2 } });
  for (let request = 1; request <= 4; request += 1) await outbound.request(get(far.url));
  expect(outbound.breakers().closed).toBe(1);
});

test('a call that is given up neither opens the breaker nor closes one that is being tried', async () => {
  const far = await openFarSide();
  far.behave(blackhole);
  const slow = { timeouts: { responseMs: 5_000, attemptMs: 5_000 } };
  const { outbound } = openOutbound({ ...ONCE, ...slow, breaker: { consecutiveFailures: 1, openMs: 30, maxOpenMs: 30 } });
  const giveUp = async (): Promise<void> => {
    const seen = far.requestCount;
    const giving = new AbortController();
    const fault = faultOf(outbound.request({ ...get(far.url), signal: giving.signal }));
    await expect.poll(() => far.requestCount).toBe(seen + 1);
    giving.abort();
    await fault;
  };
  await giveUp();
  expect(outbound.breakers().closed).toBe(1);
  far.behave(resets, blackhole);
  await faultOf(outbound.request(get(far.url)));
  expect(outbound.breakers().open).toBe(1);
  await new Promise((resolve) => setTimeout(resolve, 40));
  await giveUp();
  await expect.poll(() => outbound.breakers().open).toBe(1);
});

test('so many run at once, so many wait, and the next is refused; who waits is given up in time', async () => {
  const far = await openFarSide();
  far.behave(blackhole);
  const { outbound } = openOutbound({
    ...ONCE,
    bulkhead: { concurrent: 2, queued: 1 },
    timeouts: { responseMs: 2_000, attemptMs: 2_000, totalMs: 300 },
  });
  const faults = Array.from({ length: 4 }, () => faultOf(outbound.request(get(far.url))));
  expect(await faults[3]).toMatchObject({ kind: 'BULKHEAD_FULL' });
  expect(await Promise.all(faults.slice(0, 3))).toMatchObject(Array(3).fill({ kind: 'TIMEOUT' }));
  expect(far.requestCount).toBe(2);
  far.behave(answers(200, {}));
  expect((await outbound.request(get(far.url))).status).toBe(200);
});

test('with lanes of their own one that is down or slow does not keep the others from being reached', async () => {
  const dead = await openFarSide();
  const well = await openFarSide();
  dead.behave(unwell);
  const { outbound, metrics } = openOutbound({
    ...ONCE,
    lanes: 'REQUEST',
    bulkhead: { concurrent: 1, queued: 0 },
    breaker: { consecutiveFailures: 1, openMs: 60_000, maxOpenMs: 60_000 },
  });
  await outbound.request({ ...get(dead.url), lane: 'dead' });
  expect(await faultOf(outbound.request({ ...get(dead.url), lane: 'dead' }))).toMatchObject({ kind: 'BREAKER_OPEN' });
  expect((await outbound.request({ ...get(well.url), lane: 'well' })).status).toBe(200);
  await expect(outbound.request(get(well.url))).rejects.toThrow('must name its lane');
  expect(outbound.breakers()).toEqual({ closed: 1, half_open: 0, open: 1 });
  expect(await metrics()).toContain('stockroom_outbound_breakers{name="far",state="open"} 1');
});

test('however many lanes are named, no more than so many are remembered', async () => {
  const dnsLookup: LookupFunction = (_, __, callback) => {
    callback(Object.assign(new Error('Nobody has that name.'), { code: 'ENOTFOUND' }), '', 0);
  };
  const { outbound } = openOutbound({ ...ONCE, lanes: 'REQUEST' }, { dnsLookup });
  const lanes = Array.from({ length: 1_100 }, (_, n) => `endpoint ${String(n)}`);
  await Promise.all(lanes.map((lane) => faultOf(outbound.request({ ...get('http://far.example'), lane }))));
  expect(outbound.breakers()).toEqual({ closed: 1_000, half_open: 0, open: 0 });
});

test('an address that may not be asked is refused, however it is named, before a byte is sent', async () => {
  const received: Buffer[] = [];
  const server = createServer((socket) =>
    socket.on('data', (chunk: Buffer) => received.push(chunk)).on('error', () => undefined),
  );
  server.listen(0, '127.0.0.1');
  await new Promise((listening) => server.once('listening', listening));
  onTestFinished(() => void server.close());
  const { port } = server.address() as { port: number };
  const allowsAddress = (address: string): boolean => !address.startsWith('127.');
  const refused = async (host: string, scheme: string, tools: object): Promise<void> => {
    const { outbound } = openOutbound(ONCE, { allowsAddress, ...tools });
    const fault = await faultOf(outbound.request(get(`${scheme}://${host}:${String(port)}`)));
    expect([host, scheme, fault]).toMatchObject([host, scheme, { kind: 'REFUSED_ADDRESS' }]);
    expect(outbound.breakers().closed).toBe(1);
  };
  await refused('127.0.0.1', 'http', {});
  await refused('2130706433', 'http', {});
  await refused('inside.example', 'http', { dnsLookup: leadsTo('127.0.0.1') });
  // A rule that changes its mind stands for a look-up that was got around: what counts in the end is who was reached.
  for (const scheme of ['http', 'https']) {
    let asked = 0;
    const once = (): boolean => (asked += 1) <= 1;
    await refused('127.0.0.1', scheme, { allowsAddress: once });
  }
  expect(Buffer.concat(received)).toHaveLength(0);
});

test('of the addresses of a name those that are allowed are asked', async () => {
  const far = await openFarSide();
  const allowsAddress = (address: string): boolean => address === '127.0.0.1';
  const { outbound } = openOutbound(ONCE, { allowsAddress, dnsLookup: leadsTo('::1', '10.0.0.1', '127.0.0.1') });
  expect((await outbound.request(get(`http://far.example:${String(far.port)}`))).status).toBe(200);
  expect(far.requests[0]?.headers.host).toBe(`far.example:${String(far.port)}`);
});

test('log and metrics tell what became of a request, and nothing of its URL, headers or content', async () => {
  const far = await openFarSide();
  far.behave(answers(200, 'said-back'), answers(500, 'said-back'), answers(500, 'said-back'), resets);
  const { outbound, lines, metrics } = openOutbound();
  const request = {
    method: 'POST',
    url: `${far.url}/of-somebody?key=hidden-query`,
    headers: { authorization: 'Bearer hidden-token' },
    json: { phone: 'hidden-phone' },
  } as const;
  await outbound.request(request);
  await outbound.request({ ...request, method: 'PUT' });
  await faultOf(outbound.request({ ...request, mayRepeat: true }));
  const text = JSON.stringify(lines);
  for (const hidden of ['hidden', 'of-somebody', 'said-back', '127.0.0.1', String(far.port)]) expect(text).not.toContain(hidden);
  expect(lines).toMatchObject([
    { level: 'debug', destination: 'far', method: 'POST', status: 200, outcome: 'ok' },
    { level: 'warn', destination: 'far', method: 'PUT', status: 500, outcome: 'failed' },
    {
      level: 'warn',
      destination: 'far',
      method: 'POST',
      outcome: 'network',
      fault: expect.stringContaining('ECONNRESET') as string,
    },
  ]);
  expect(lines.every(({ durationMs }) => typeof durationMs === 'number')).toBe(true);
  const counted = await metrics();
  expect(counted).toContain('stockroom_outbound_requests_total{name="far",outcome="ok"} 1');
  expect(counted).toContain('stockroom_outbound_requests_total{name="far",outcome="failed"} 1');
  expect(counted).toContain('stockroom_outbound_requests_total{name="far",outcome="network"} 1');
  expect(counted).toContain('stockroom_outbound_repetitions_total{name="far"} 2');
  expect(counted).toContain('stockroom_outbound_duration_seconds_count{name="far"} 3');
  expect(counted).toContain('stockroom_outbound_breakers{name="far",state="closed"} 1');
});
