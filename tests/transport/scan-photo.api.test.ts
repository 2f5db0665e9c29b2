import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { HTTP, KEYS, startSmallShop, type SmallShop } from './small-shop-server.js';

const PHOTO = 'image/jpeg';
let shop: SmallShop;
let url: string;
beforeAll(async () => {
  shop = await startSmallShop({ http: { ...HTTP, imageLimitBytes: 2 * HTTP.bodyLimitBytes } });
  ({ url } = await shop.server.listen());
});
afterAll(() => shop.server.close());

interface Sent {
  type?: string;
  accept?: string;
  key?: string;
  query?: string;
}

async function send(
  body: Buffer | string | FormData,
  { type = PHOTO, accept = '*/*', key = KEYS.device, query = '' }: Sent = {},
) {
  const headers = { accept, authorization: `Bearer ${key}`, ...(!(body instanceof FormData) && { 'content-type': type }) };
  const response = await fetch(`${url}/scan${query}`, {
    method: 'POST',
    headers,
    body: Buffer.isBuffer(body) ? new Uint8Array(body) : body,
  });
  return { status: response.status, text: await response.text(), headers: response.headers };
}

describe('a photo', () => {
  test.each(['image/jpeg', 'image/png', 'image/webp', 'IMAGE/PNG', 'image/heic', 'image/jpeg; quality=1'])(
    '%s is one',
    async (type) => {
      expect(await send('maize', { type })).toMatchObject({ status: 200, text: 'OK maize: 11 left\n' });
    },
  );

  test('each of its codes is a scan, with what the query says', async () => {
    const query = '?mode=receive&qty=2&loc=BACK&id=p1&seq=3';
    const { status, text } = await send('maize\nunknown', { query });
    expect([status, text]).toEqual([207, 'OK maize: 11 left\nPARKED unknown: 11 left\n']);
    const said = { mode: 'RECEIVE', quantity: '2', location: 'BACK', id: 'p1', seq: 3 };
    expect(shop.door.submitted.at(-1)).toMatchObject([
      { ...said, code: 'maize' },
      { ...said, code: 'unknown' },
    ]);
  });

  test('a field that is there twice is the fault of each scan', async () => {
    await send('maize', { query: '?qty=2&qty=3' });
    expect(shop.door.submitted.at(-1)).toMatchObject([
      { fault: 'send quantity only once: it applies to every code of the form' },
    ]);
  });

  test('JSON goes out where it is asked for', async () => {
    const { text } = await send('maize', { accept: 'application/json', query: '?id=b1' });
    expect(JSON.parse(text)).toEqual({ id: 'b1', outcome: 'APPLIED' });
  });

  test('in a form, with the fields beside it', async () => {
    const form = new FormData();
    form.append('qty', '4');
    form.append('photo', new Blob(['maize'], { type: PHOTO }), 'code.jpg');
    expect(await send(form, { query: '?mode=SALE' })).toMatchObject({ status: 200, text: 'OK maize: 11 left\n' });
    expect(shop.door.submitted.at(-1)).toMatchObject([{ code: 'maize', quantity: '4', mode: 'SALE' }]);
  });

  test.each([
    ['!NO_CODE', 422, 'BAD_USER_INPUT'],
    ['!NOT_AN_IMAGE', 415, 'UNSUPPORTED_MEDIA_TYPE'],
    ['!DAMAGED', 422, 'BAD_USER_INPUT'],
    ['!TOO_LARGE', 413, 'BAD_USER_INPUT'],
    ['!TOO_SLOW', 422, 'BAD_USER_INPUT'],
    ['!BUSY', 503, 'UNAVAILABLE'],
  ])('%s is %s, in one line', async (photo, status, code) => {
    const refused = await send(photo);
    expect([refused.status, refused.text]).toEqual([status, 'NO Not this one: take another\n']);
    expect(refused.headers.get('retry-after')).toBe(status === 503 ? '2' : null);
    const { text } = await send(photo, { accept: 'application/json' });
    expect(JSON.parse(text)).toEqual({ errors: [{ message: 'Not this one: take another', extensions: { code } }] });
  });

  test('an empty one, one with a code beside it, and two in a form say so', async () => {
    expect(await send('')).toMatchObject({ status: 422, text: 'NO The photo is empty: send it again\n' });
    expect(await send('maize', { query: '?code=1' })).toMatchObject({
      status: 422,
      text: 'NO Send a code or a photo of it, not both\n',
    });
    const form = new FormData();
    for (const name of ['one', 'two']) form.append(name, new Blob(['maize'], { type: PHOTO }), name);
    expect(await send(form)).toMatchObject({ status: 422, text: 'NO Send one photo at a time\n' });
  });

  test('a form of more parts than a photo needs is refused before it is read', async () => {
    const form = new FormData();
    for (let at = 0; at < 30; at += 1) form.append(`field${String(at)}`, 'x');
    form.append('photo', new Blob(['maize'], { type: PHOTO }), 'code.jpg');
    expect(await send(form)).toMatchObject({
      status: 422,
      text: 'NO The form has more than 20 parts: send the photo and its fields\n',
    });
    const type = 'multipart/form-data; x="; boundary=y"; boundary="a b"';
    const parts = '--a b\r\ncontent-disposition: form-data; name="f"\r\n\r\nx\r\n'.repeat(30) + '--a b--\r\n';
    expect(await send(parts, { type })).toMatchObject({ status: 422, text: expect.stringContaining('20 parts') as string });
  });

  test.each([
    ['a JPEG', Buffer.from([0xff, 0xd8, 0xff, 0xe0, 0, 16, 10, 65, 10])],
    ['a PNG', Buffer.from([0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10])],
    ['a WebP', Buffer.from('RIFFabcdWEBPVP8 ')],
    ['a GIF', Buffer.from('GIF89a1')],
    ['a PDF', Buffer.from('%PDF-1.7\nabc')],
    ['NUL', Buffer.from('6001\0')],
  ])('%s that says it is something else is refused whole, and never taken as codes', async (_, body) => {
    const before = shop.door.submitted.length;
    for (const type of ['application/x-www-form-urlencoded', 'application/octet-stream', 'text/plain']) {
      const { status, text } = await send(body, { type });
      expect([status, text]).toEqual([415, 'NO This is no text: send a photo as image/jpeg, image/png or image/webp\n']);
    }
    expect(shop.door.submitted).toHaveLength(before);
  });

  test('a form in parts without one is 415, as before', async () => {
    const form = new FormData();
    form.append('code', 'maize');
    const texts = [
      await send(form),
      await send('--x--', { type: 'multipart/form-data' }),
      await send('', { type: 'multipart/form-data; boundary=x' }),
    ];
    for (const { status, text } of texts)
      expect([status, text]).toEqual([415, expect.stringMatching(/^NO multipart\/form-data is not read /)]);
  });
});

describe('how much is let in', () => {
  test('more than a text may have, up to its own limit', async () => {
    const body = Buffer.alloc(HTTP.bodyLimitBytes + 1, '!');
    expect((await send(body)).status).not.toBe(413);
    expect((await send(body, { type: 'text/plain' })).status).toBe(413);
    const long = await send(Buffer.alloc(2 * HTTP.bodyLimitBytes + 1, '!'));
    expect([long.status, long.text]).toEqual([413, 'NO The photo has more than 2 MB: send a smaller one\n']);
  });

  test.each([
    ['no key', []],
    ['a wrong key', ['Authorization: Bearer dk_wrong']],
  ])('with %s the answer is there before any of the photo', async (_, headers) => {
    const answer = await answerToHead([`Content-Type: ${PHOTO}`, 'Content-Length: 1000000', ...headers]);
    expect(answer).toMatch(/^HTTP\/1\.1 401 [\s\S]*\r\nconnection: close\r\n/i);
    expect(answer).toMatch(/\r\n\r\nNO [^\n]*key[^\n]*\n$/);
  });
});

/** All that is answered to a head whose body never comes. */
function answerToHead(headers: readonly string[]): Promise<string> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve, reject) => {
    let answer = '';
    const socket = connect(Number(port), hostname, () => {
      socket.write(['POST /scan HTTP/1.1', 'Host: here', ...headers, '', ''].join('\r\n'));
    });
    socket.setEncoding('utf8');
    socket.on('data', (text: string) => {
      answer += text;
      if (answer.includes('\r\n\r\n') && answer.endsWith('\n')) socket.end();
    });
    socket.on('close', () => {
      resolve(answer);
    });
    socket.on('error', reject);
  });
}
