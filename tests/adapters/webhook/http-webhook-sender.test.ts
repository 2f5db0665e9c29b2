import { describe, expect, onTestFinished, test } from 'vitest';
import {
  answers,
  answersMegabytes,
  blackhole,
  MisbehavingServer,
  rateLimits,
  resets,
  resetsMidBody,
  speaksRubbish,
  tricklesBytes,
  type Manner,
} from '../../support/misbehaving-server.js';
import { openSender, post } from './sender-fixture.js';

async function openFar(options: { tls?: boolean } = {}): Promise<MisbehavingServer> {
  const far = await MisbehavingServer.open(options);
  onTestFinished(() => far.close());
  return far;
}

const allow = (...fars: readonly MisbehavingServer[]) => fars.map(({ port }) => `127.0.0.1:${String(port)}`);

test('what is sent arrives as it is, once', async () => {
  const far = await openFar();
  far.behave(answers(204, ''));
  const sender = openSender({ allowed: allow(far) });
  expect(await post(sender, `${far.url}/hooks?shop=1`)).toEqual({ kind: 'ANSWERED', status: 204 });
  expect(far.requests).toHaveLength(1);
  const [request] = far.requests;
  expect([request?.method, request?.url, request?.body.toString()]).toEqual(['POST', '/hooks?shop=1', '{"a":1}']);
  expect(request?.headers).toMatchObject({
    'content-type': 'application/json',
    'webhook-id': 'x',
    'user-agent': expect.stringMatching(/^Stockroom\//) as string,
  });
});

describe('an answer is an answer, whatever follows its status', () => {
  const cases: readonly (readonly [string, Manner, object])[] = [
    ['5xx', answers(503, 'down'), { status: 503 }],
    ['4xx', answers(404, 'no'), { status: 404 }],
    ['gone', answers(410, ''), { status: 410 }],
    ['429 with seconds', rateLimits(120), { status: 429, retryAfterMs: 120_000 }],
    ['503 with a date', answers(503, '', { 'retry-after': new Date(Date.now() + 3_600_000).toUTCString() }), { status: 503 }],
    ['50 MB', answersMegabytes(50), { status: 200 }],
    ['50 MB, announced', answersMegabytes(50, true), { status: 200 }],
    ['one byte a second', tricklesBytes, { status: 200 }],
    ['half an answer', resetsMidBody, { status: 200 }],
  ];
  test.each(cases)('%s', async (_, manner, expected) => {
    const far = await openFar();
    far.behave(manner);
    const outcome = await post(openSender({ allowed: allow(far) }), far.url);
    expect(outcome).toMatchObject({ kind: 'ANSWERED', ...expected });
    expect(far.requestCount).toBe(1);
  });
});

describe('no answer', () => {
  const cases: readonly (readonly [string, Manner, string])[] = [
    ['nothing at all', blackhole, 'The receiver took too long.'],
    ['a reset', resets, 'The receiver could not be reached, or broke off.'],
    ['no HTTP', speaksRubbish, 'The receiver could not be reached, or broke off.'],
  ];
  test.each(cases)('%s', async (_, manner, reason) => {
    const far = await openFar();
    far.behave(manner);
    expect(await post(openSender({ allowed: allow(far) }), far.url)).toEqual({ kind: 'FAILED', reason });
    expect(far.requestCount).toBe(1);
  });

  test('nobody there', async () => {
    const far = await MisbehavingServer.open();
    const [sender, { url }] = [openSender({ allowed: allow(far) }), far];
    await far.close();
    expect(await post(sender, url)).toEqual({ kind: 'FAILED', reason: 'The receiver could not be reached, or broke off.' });
  });

  test('a certificate that does not verify: nothing is sent', async () => {
    const far = await openFar({ tls: true });
    const outcome = await post(openSender({ allowed: allow(far) }), far.url);
    expect(outcome).toEqual({
      kind: 'FAILED',
      reason: 'The receiver could not prove who it is: its certificate does not verify.',
    });
    expect(far.requestCount).toBe(0);
  });
});

describe('one receiver does not stop others', () => {
  test('one that fails too often is left alone for a while, and the others are not', async () => {
    const [dead, well] = [await openFar(), await openFar()];
    dead.behave(answers(500, ''));
    const sender = openSender({ allowed: allow(dead, well) });
    const outcomes = [];
    for (let n = 0; n < 7; n += 1) outcomes.push((await post(sender, dead.url)).kind);
    expect(outcomes).toEqual(['ANSWERED', 'ANSWERED', 'ANSWERED', 'ANSWERED', 'ANSWERED', 'HELD', 'HELD']);
    expect(dead.requestCount).toBe(5);
    expect(await post(sender, dead.url)).toMatchObject({ delayMs: expect.any(Number) as number });
    expect(await post(sender, well.url)).toEqual({ kind: 'ANSWERED', status: 200 });
  });

  test('of one that does not answer only a few requests wait at once', async () => {
    const [deaf, well] = [await openFar(), await openFar()];
    deaf.behave(blackhole);
    const sender = openSender({ allowed: allow(deaf, well) });
    const waiting = Array.from({ length: 10 }, () => post(sender, deaf.url));
    expect(await post(sender, well.url)).toEqual({ kind: 'ANSWERED', status: 200 });
    const kinds = (await Promise.all(waiting)).map(({ kind }) => kind);
    expect(kinds.filter((kind) => kind === 'HELD')).toHaveLength(2);
    expect(deaf.requestCount).toBe(8);
  });

  test('who waits for a slow one gives that back soon, and nothing was sent', async () => {
    const slow = await openFar();
    slow.behave(blackhole);
    const sender = openSender({ allowed: allow(slow), policy: { bulkhead: { concurrent: 2, queued: 2, maxWaitMs: 50 } } });
    const waiting = Array.from({ length: 4 }, () => post(sender, slow.url));
    expect((await Promise.all(waiting)).map(({ kind }) => kind)).toEqual(['FAILED', 'FAILED', 'HELD', 'HELD']);
    expect(slow.requestCount).toBe(2);
  });

  test('two endpoints at one host do not answer for each other', async () => {
    const far = await openFar();
    far.behave((request, response) => {
      answers(request.url === '/bad' ? 500 : 200, '')(request, response);
    });
    const sender = openSender({ allowed: allow(far) });
    for (let n = 0; n < 5; n += 1) await post(sender, `${far.url}/bad`, 'bad');
    expect(await post(sender, `${far.url}/bad`, 'bad')).toMatchObject({ kind: 'HELD' });
    expect(await post(sender, `${far.url}/good`, 'good')).toEqual({ kind: 'ANSWERED', status: 200 });
    // Another shop may have entered the very same one, and it is not kept from finding out for itself.
    expect(await post(sender, `${far.url}/bad`, 'same')).toMatchObject({ kind: 'ANSWERED', status: 500 });
    // Who has corrected the URL does not wait for what the wrong one did.
    expect(await post(sender, `${far.url}/good`, 'bad')).toEqual({ kind: 'ANSWERED', status: 200 });
  });
});

test('who gives a try up is told so', async () => {
  const far = await openFar();
  far.behave(blackhole);
  const aborting = new AbortController();
  const sending = openSender({ allowed: allow(far) }).send(
    { endpoint: 'x', url: far.url, headers: {}, body: '{}' },
    aborting.signal,
  );
  aborting.abort(new Error('the lease is gone'));
  await expect(sending).rejects.toThrow('the lease is gone');
});
