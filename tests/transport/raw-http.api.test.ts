import { connect, type Socket } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { HTTP, KEYS, startSmallShop, type SmallShop } from './small-shop-server.js';

/** A beep that must not be heard, behind a request that the server and whoever stands before it may understand differently. */
const HIDDEN = `POST /scan/${KEYS.device} HTTP/1.1\r\nHost: x\r\nContent-Type: text/plain\r\nContent-Length: 8\r\n\r\nSMUGGLED`;
const QUERY = '{"query":"{hello}"}';
const HEAD = 'POST /graphql HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n';
const TIME_LIMIT_MS = 300;

let shop: SmallShop;
let at: { host: string; port: number };
beforeAll(async () => {
  shop = await startSmallShop({ http: { ...HTTP, requestTimeoutMs: TIME_LIMIT_MS } });
  const { hostname, port } = new URL((await shop.server.listen()).url);
  at = { host: hostname, port: Number(port) };
});
afterAll(() => shop.server.close());

function open(): Socket {
  const socket = connect(at);
  // A server that hangs up while it is written to is what these tests are for.
  socket.on('error', () => undefined);
  return socket;
}

/** All that comes back until the server hangs up, which it may do before it has read all. `drip` is sent again and again until then. */
async function said(bytes: string, drip?: string): Promise<string> {
  const socket = open();
  const chunks: Buffer[] = [];
  socket.on('data', (bit: Buffer) => chunks.push(bit));
  socket.write(Buffer.from(bytes, 'latin1'));
  const dripping = drip === undefined ? undefined : setInterval(() => socket.write(drip), TIME_LIMIT_MS / 10);
  await new Promise((resolve) => socket.once('close', resolve));
  clearInterval(dripping);
  return Buffer.concat(chunks).toString('latin1');
}

const length = (body: string): string => `Content-Length: ${String(body.length)}\r\n`;
const chunk = (body: string): string => `${body.length.toString(16)}\r\n${body}\r\n0\r\n\r\n`;

const AMBIGUOUS: readonly (readonly [string, string])[] = [
  ['a length and chunks', `${HEAD}${length(QUERY)}Transfer-Encoding: chunked\r\n\r\n${chunk(QUERY)}`],
  ['chunks and a length', `${HEAD}Transfer-Encoding: chunked\r\n${length(QUERY)}\r\n${chunk(QUERY)}`],
  ['two lengths', `${HEAD}${length(QUERY)}Content-Length: 0\r\n\r\n${QUERY}`],
  ['the same length twice', `${HEAD}${length(QUERY)}${length(QUERY)}\r\n${QUERY}`],
  ['two lengths in one line', `${HEAD}Content-Length: 19, 0\r\n\r\n${QUERY}`],
  ['a length with a sign', `${HEAD}Content-Length: +19\r\n\r\n${QUERY}`],
  ['a length in hexadecimal', `${HEAD}Content-Length: 0x13\r\n\r\n${QUERY}`],
  ['a length below nothing', `${HEAD}Content-Length: -19\r\n\r\n${QUERY}`],
  ['a length beyond all numbers', `${HEAD}Content-Length: 99999999999999999999999\r\n\r\n${QUERY}`],
  ['an encoding that is nearly chunked', `${HEAD}Transfer-Encoding: xchunked\r\n\r\n${chunk(QUERY)}`],
  ['chunked twice', `${HEAD}Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n\r\n${chunk(QUERY)}`],
  ['chunked before something else', `${HEAD}Transfer-Encoding: chunked, identity\r\n\r\n${chunk(QUERY)}`],
  ['a header that goes on in the next line', `${HEAD}Transfer-Encoding:\r\n chunked\r\n${length(QUERY)}\r\n${QUERY}`],
  ['a blank before the colon', `${HEAD}Content-Length : 19\r\n\r\n${QUERY}`],
  ['a blank before the first header', `POST /graphql HTTP/1.1\r\n Host: x\r\n${length(QUERY)}\r\n${QUERY}`],
  ['lines that end with a line feed alone', `POST /graphql HTTP/1.1\nHost: x\nContent-Length: 0\n\n`],
  ['a carriage return within a header', `${HEAD}X-A: b\rX-C: d\r\n${length(QUERY)}\r\n${QUERY}`],
  ['a zero byte in a header', `${HEAD}X-A: b\0c\r\n${length(QUERY)}\r\n${QUERY}`],
  ['a chunk size that is no number', `${HEAD}Transfer-Encoding: chunked\r\n\r\nzz\r\n${QUERY}\r\n0\r\n\r\n`],
  ['a chunk longer than it says', `${HEAD}Transfer-Encoding: chunked\r\n\r\n2\r\n${QUERY}\r\n0\r\n\r\n`],
  ['headers of 64 kB', `${HEAD}X-A: ${'a'.repeat(65_536)}\r\n${length(QUERY)}\r\n${QUERY}`],
  ['5,000 headers', `${HEAD}${'X-A: b\r\n'.repeat(5_000)}${length(QUERY)}\r\n${QUERY}`],
  ['another protocol', `PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n`],
  ['a method that there is not', `EVIL /graphql HTTP/1.1\r\nHost: x\r\n\r\n`],
];

describe('a request that can be read in two ways is not read at all', () => {
  test.each(AMBIGUOUS)('%s', async (_, request) => {
    const before = shop.door.submitted.length;
    const answer = await said(`${request}${HIDDEN}`);
    // Who sends more than is read of it may find the connection gone before the answer.
    expect(answer).toMatch(/^(?:HTTP\/1\.1 (?:400|408|413|431) |$)/);
    expect(answer.match(/^HTTP\/1\.1 /gm) ?? []).not.toHaveLength(2);
    expect(shop.door.submitted).toHaveLength(before);
  });
});

test('a request that does not say whom it is for is refused', async () => {
  const request = `POST /graphql HTTP/1.1\r\nContent-Type: application/json\r\n${length(QUERY)}\r\n${QUERY}`;
  expect(await said(request)).toMatch(/^HTTP\/1\.1 400 /);
});

test('two honest requests behind each other are both heard', async () => {
  const both = await said(
    `${HEAD}${length(QUERY)}\r\n${QUERY}${HIDDEN.replace('SMUGGLED', 'AFTERALL').replace('\r\n\r\n', '\r\nConnection: close\r\n\r\n')}`,
  );
  expect(both.match(/^HTTP\/1\.1 200 /gm)).toHaveLength(2);
  expect(shop.door.submitted.flat().map(({ code }) => code)).toEqual(['AFTERALL']);
});

describe('clients that take their time', () => {
  test('with the headers: their time ends, and the others are served meanwhile', async () => {
    const slow = Array.from({ length: 100 }, () => said('POST /graphql HTTP/1.1\r\nHost: x\r\n', 'X-A: b\r\n'));
    expect((await fetch(`http://127.0.0.1:${String(at.port)}/livez`)).status).toBe(200);
    for (const answer of await Promise.all(slow)) expect(answer).toMatch(/^(?:HTTP\/1\.1 408 |$)/);
  });

  test('with the body, a byte at a time', async () => {
    expect(await said(`${HEAD}Content-Length: 1000\r\n\r\n`, ' ')).toMatch(/^(?:HTTP\/1\.1 408 |$)/);
  });
});
