import { createServer } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { userAgentOf } from '../../../src/adapters/http/user-agent.js';
import { DeafPort } from '../../support/deaf-port.js';
import {
  answers,
  answersBrokenGzip,
  answersEndlessly,
  answersMegabytes,
  blackhole,
  gzipBomb,
  rateLimits,
  redirects,
  resets,
  resetsMidBody,
  speaksRubbish,
  tricklesBytes,
} from '../../support/misbehaving-server.js';
import { faultOf, leadsTo, openFarSide, openOutbound } from './outbound-fixture.js';

const BYTES_PER_MB = 1_024 * 1_024;
const get = (url: string) => ({ method: 'GET', url }) as const;
const post = (url: string) => ({ method: 'POST', url, json: { a: 1 } }) as const;

test('an answer comes back as it was sent, and the far side learns who asks', async () => {
  const far = await openFarSide();
  far.behave(answers(404, { found: false }, { 'x-kind': 'none' }));
  const { outbound } = openOutbound({}, { userAgent: userAgentOf('https://shop.example') });
  const reply = await outbound.request({ ...get(`${far.url}/a?b=c`), headers: { 'x-sent': 'yes' } });
  expect(reply).toMatchObject({ status: 404, headers: { 'x-kind': 'none' } });
  expect(JSON.parse(reply.body.toString())).toEqual({ found: false });
  expect(far.requests).toMatchObject([{ method: 'GET', url: '/a?b=c', headers: { 'x-sent': 'yes' } }]);
  expect(far.requests[0]?.headers['user-agent']).toMatch(/^Stockroom\/\d+\.\d+\.\d+ \(\+https:\/\/shop\.example\)$/);
});

test('content goes out as JSON, as a form or as it is', async () => {
  const far = await openFarSide();
  const { outbound } = openOutbound();
  await outbound.request({ method: 'POST', url: far.url, json: { name: 'Mealie' } });
  await outbound.request({ method: 'POST', url: far.url, form: { to: '+27 82', text: 'a&b' } });
  await outbound.request({ method: 'PUT', url: far.url, body: Buffer.from([1, 2]), headers: { 'content-type': 'image/png' } });
  await outbound.request({ method: 'POST', url: far.url });
  const seen = far.requests.map(({ headers, body }) => [headers['content-type'], body.toString('latin1')]);
  expect(seen).toEqual([
    ['application/json', '{"name":"Mealie"}'],
    ['application/x-www-form-urlencoded', 'to=%2B27+82&text=a%26b'],
    ['image/png', '\x01\x02'],
    [undefined, ''],
  ]);
});

test.each([408, 429, 500, 502, 503, 504])('after status %i what is safe to repeat is tried again', async (status) => {
  const far = await openFarSide();
  far.behave(answers(status, {}), answers(status, {}), answers(200, { ok: true }));
  const { outbound } = openOutbound();
  expect((await outbound.request(get(far.url))).status).toBe(200);
  expect(far.requestCount).toBe(3);
});

test('a connection that is reset is tried again, a refusal is not', async () => {
  const far = await openFarSide();
  far.behave(resets, resetsMidBody, answers(200, {}));
  const { outbound } = openOutbound();
  expect((await outbound.request(get(far.url))).status).toBe(200);
  expect(far.requestCount).toBe(3);
  far.behave(answers(422, {}));
  expect((await outbound.request(get(far.url))).status).toBe(422);
  expect(far.requestCount).toBe(4);
});

test('a POST is asked once, unless it may be repeated', async () => {
  const far = await openFarSide();
  far.behave(answers(503, {}));
  const { outbound } = openOutbound();
  expect((await outbound.request(post(far.url))).status).toBe(503);
  expect(far.requestCount).toBe(1);
  expect((await outbound.request({ ...post(far.url), mayRepeat: true })).status).toBe(503);
  expect(far.requestCount).toBe(4);
});

test('Retry-After is waited for up to a bound; a longer one is handed to the caller', async () => {
  const far = await openFarSide();
  far.behave(rateLimits(1), answers(200, {}));
  const { outbound } = openOutbound({ timeouts: { totalMs: 60_000 } });
  const startedAt = performance.now();
  expect((await outbound.request(get(far.url))).status).toBe(200);
  expect(performance.now() - startedAt).toBeGreaterThanOrEqual(990);
  far.behave(rateLimits(3));
  expect(await outbound.request(get(far.url))).toMatchObject({ status: 429, retryAfterMs: 3_000 });
  expect(far.requestCount).toBe(3);
});

test('what says nothing is given up, and so is what says one byte a second', async () => {
  const far = await openFarSide();
  const { outbound } = openOutbound({ retries: { maxAttempts: 1 } });
  far.behave(blackhole);
  expect(await faultOf(outbound.request(get(far.url)))).toMatchObject({
    kind: 'TIMEOUT',
    message: 'far took too long (response).',
  });
  far.behave(tricklesBytes);
  expect(await faultOf(outbound.request(get(far.url)))).toMatchObject({
    kind: 'TIMEOUT',
    message: 'far took too long (request).',
  });
  await expect.poll(() => far.openConnections).toBe(0);
});

test('all tries together have a limit', async () => {
  const far = await openFarSide();
  far.behave(blackhole);
  const { outbound } = openOutbound({ timeouts: { responseMs: 60_000, attemptMs: 60_000, totalMs: 200 } });
  expect(await faultOf(outbound.request(get(far.url)))).toMatchObject({ kind: 'TIMEOUT', message: 'far took too long (total).' });
});

test('a repetition that would not end in time is not begun', async () => {
  const far = await openFarSide();
  far.behave(rateLimits(1));
  const { outbound } = openOutbound({ timeouts: { totalMs: 600 } });
  expect(await outbound.request(get(far.url))).toMatchObject({ status: 429, retryAfterMs: 1_000 });
  expect(far.requestCount).toBe(1);
});

test('who does not complete a connection, or the look-up of a name, or the greeting of TLS is given up', async (context) => {
  const once = { retries: { maxAttempts: 1 } };
  const silentNames = openOutbound(once, { dnsLookup: () => undefined });
  expect(await faultOf(silentNames.outbound.request(get('http://far.example')))).toMatchObject({
    kind: 'TIMEOUT',
    message: 'far took too long (lookup).',
  });
  const mute = createServer().listen(0, '127.0.0.1');
  onTestFinished(() => void mute.close());
  await new Promise((listening) => mute.once('listening', listening));
  const { port } = mute.address() as { port: number };
  const { outbound } = openOutbound(once);
  expect(await faultOf(outbound.request(get(`https://127.0.0.1:${String(port)}`)))).toMatchObject({
    kind: 'TIMEOUT',
    message: 'far took too long (secureConnect).',
  });
  const deaf = await DeafPort.open();
  if (!deaf) return context.skip('This system completes connections that nobody takes.');
  onTestFinished(() => deaf.close());
  expect(await faultOf(outbound.request(get(`http://127.0.0.1:${String(deaf.port)}`)))).toMatchObject({
    kind: 'TIMEOUT',
    message: 'far took too long (connect).',
  });
});

test.each([
  ['50 MB', answersMegabytes(50)],
  ['50 MB that are announced', answersMegabytes(50, true)],
  ['chunks without an end', answersEndlessly],
  ['a gzip bomb', gzipBomb(50)],
])('%s are cut off at the limit', async (_, manner) => {
  const far = await openFarSide();
  far.behave(manner);
  const { outbound } = openOutbound({ maxResponseBytes: BYTES_PER_MB, timeouts: { attemptMs: 5_000, responseMs: 5_000 } });
  expect(await faultOf(outbound.request(get(far.url)))).toMatchObject({ kind: 'TOO_LARGE' });
  expect(far.requestCount).toBe(1);
  await expect.poll(() => far.openConnections).toBe(0);
});

test('an answer of just the limit is let through', async () => {
  const far = await openFarSide();
  far.behave(answersMegabytes(1));
  const { outbound } = openOutbound({ maxResponseBytes: BYTES_PER_MB });
  expect((await outbound.request(get(far.url))).body).toHaveLength(BYTES_PER_MB);
});

test.each([
  ['a broken compression', answersBrokenGzip],
  ['half an answer', resetsMidBody],
  ['something else than HTTP', speaksRubbish],
])('%s is a fault of the network', async (_, manner) => {
  const far = await openFarSide();
  far.behave(manner);
  const { outbound } = openOutbound();
  expect(await faultOf(outbound.request(get(far.url)))).toMatchObject({ kind: 'NETWORK' });
  expect(far.requestCount).toBe(3);
});

test('redirects are answers, not followed', async () => {
  const far = await openFarSide();
  far.behave(redirects(`${far.url}/elsewhere`));
  const { outbound } = openOutbound();
  expect(await outbound.request(get(far.url))).toMatchObject({ status: 302, headers: { location: `${far.url}/elsewhere` } });
  expect(far.requestCount).toBe(1);
});

test('a certificate that nobody vouches for is refused at once, whatever the environment says', async () => {
  const far = await openFarSide({ tls: true });
  process.env.NODE_TLS_REJECT_UNAUTHORIZED = '0';
  onTestFinished(() => {
    delete process.env.NODE_TLS_REJECT_UNAUTHORIZED;
  });
  const { outbound } = openOutbound();
  expect(await faultOf(outbound.request(get(far.url)))).toMatchObject({ kind: 'TLS' });
  expect(far.requestCount).toBe(0);
  const trusting = openOutbound({}, { certificateAuthorities: [far.certificate ?? ''] });
  expect((await trusting.outbound.request(get(far.url))).status).toBe(200);
  const otherName = far.url.replace('127.0.0.1', 'other.example');
  const misled = openOutbound({}, { certificateAuthorities: [far.certificate ?? ''], dnsLookup: leadsTo('127.0.0.1') });
  expect(await faultOf(misled.outbound.request(get(otherName)))).toMatchObject({ kind: 'TLS' });
});

test('a caller who gives up gets his own reason, and the connection is closed', async () => {
  const far = await openFarSide();
  far.behave(blackhole);
  const { outbound, lines } = openOutbound({ timeouts: { responseMs: 10_000, attemptMs: 10_000, totalMs: 10_000 } });
  const giving = new AbortController();
  const fault = faultOf(outbound.request({ ...get(far.url), signal: giving.signal }));
  await expect.poll(() => far.requestCount).toBe(1);
  giving.abort(new Error('enough'));
  expect(await fault).toMatchObject({ message: 'enough' });
  await expect.poll(() => far.openConnections).toBe(0);
  expect(lines.at(-1)).toMatchObject({ outcome: 'aborted', level: 'debug' });
});

test('connections are kept for the next request, and none is left after close', async () => {
  const far = await openFarSide();
  const { outbound } = openOutbound();
  for (let request = 1; request <= 3; request += 1) await outbound.request(get(far.url));
  expect(far.openConnections).toBe(1);
  far.behave(blackhole);
  const fault = faultOf(outbound.request(get(far.url)));
  await expect.poll(() => far.requestCount).toBe(4);
  outbound.close();
  expect(await fault).toMatchObject({ kind: 'NETWORK' });
  await expect.poll(() => far.openConnections).toBe(0);
});

test('only http and https lead out', async () => {
  const { outbound } = openOutbound();
  await expect(outbound.request(get('file:///etc/passwd'))).rejects.toThrow(TypeError);
});
