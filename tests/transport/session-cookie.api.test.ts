import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { SESSION_COOKIE } from '../../src/transport/session-cookie.js';
import { openPeopleApp, PASSWORD, type PeopleApp } from '../features/people/people-app.js';
import { until } from '../support/live-client.js';
import { openRawSocket, type RawSocket } from './raw-socket.js';

const HOST = 'stock.example.com';
const NAMES = 'stock.example.com,localhost,127.0.0.1,[::1],till.localhost';
const OWN = { host: HOST, origin: `https://${HOST}`, 'x-forwarded-proto': 'https' };
const ASKED = { 'stockroom-session': 'cookie' };
const ME = '{ me { email sessions { isCurrent } } }';
const KEPT = new RegExp(`^${SESSION_COOKIE}=(srs_[0-9a-z]{39}); Max-Age=(\\d+); Path=/; Secure; HttpOnly; SameSite=Strict$`);

let world: PeopleApp;
let url: string;
let shop: { key: string };
const sockets: RawSocket[] = [];
beforeAll(async () => {
  world = await openPeopleApp({
    env: { TRUSTED_PROXIES: '127.0.0.1', CORS_ORIGINS: 'https://till.example.com', ALLOWED_HOSTS: NAMES },
  });
  shop = await world.openShop('thandi@example.co.za');
  ({ url } = await world.app.listen());
}, 60_000);
afterEach(() => {
  for (const { socket } of sockets.splice(0)) socket.terminate();
});
afterAll(() => world.close());

type Headers = Record<string, string>;

async function send(query: string, headers: Headers, variables: object = {}) {
  const {
    statusCode,
    headers: replied,
    body,
  } = await world.app.inject({ method: 'POST', url: '/graphql', headers, payload: { query, variables } });
  const reply = JSON.parse(body) as {
    data?: Record<string, { token?: string | null; me?: object }>;
    errors?: { message: string; extensions: object }[];
  };
  return { status: statusCode, cookie: replied['set-cookie']?.toString(), body, ...reply };
}

let count = 0;
const SIGN_IN = `mutation ($password: String!) { signIn(email: "thandi@example.co.za", password: $password) { token expiresAt me { email } userErrors { code } } }`;
/** Each from another address, so that nobody is counted. */
function signIn(headers: Headers, password = PASSWORD) {
  count += 1;
  return send(SIGN_IN, { 'x-forwarded-for': `198.51.100.${String(count)}`, ...headers }, { password });
}

async function signedIn(): Promise<string> {
  const { cookie = '' } = await signIn({ ...OWN, ...ASKED });
  return KEPT.exec(cookie)?.[1] ?? '';
}
const brought = (token: string): Headers => ({ cookie: `other=1; ${SESSION_COOKIE}=${token}` });

describe('asked for by a page of this server', () => {
  test('the session is kept in a cookie for as long as it can last, and told to no script', async () => {
    const { cookie, data, body } = await signIn({ ...OWN, ...ASKED });
    const [, token = 'none', seconds] = KEPT.exec(cookie ?? '') ?? [];
    expect(Number(seconds)).toBeGreaterThan(720 * 3_600 - 120);
    expect(Number(seconds)).toBeLessThanOrEqual(720 * 3_600);
    expect(data).toMatchObject({
      signIn: { token: null, expiresAt: expect.any(String) as string, me: { email: 'thandi@example.co.za' } },
    });
    expect(body).not.toContain(token);
  });

  test('a wrong password brings none', async () => {
    const { cookie, data } = await signIn({ ...OWN, ...ASKED }, 'three green bottles');
    expect([cookie, data?.signIn]).toMatchObject([undefined, { userErrors: [{ code: 'INVALID' }] }]);
  });

  test('who does not ask for it gets a token and no cookie', async () => {
    const { cookie, data } = await signIn(OWN);
    expect([cookie, data?.signIn?.token]).toEqual([undefined, expect.stringMatching(/^srs_/)]);
  });

  test('who accepts an invitation or takes a new password is signed in likewise', async () => {
    await world.ask('mutation { memberInvite(input: { email: "sipho@example.co.za", role: CLERK }) { userErrors { code } } }', {
      token: shop.key,
    });
    await world.app.outbox.drain();
    const accepted = await send(
      'mutation ($secret: String!) { invitationAccept(secret: $secret, name: "Sipho", password: "seven old bicycles") { token userErrors { code } } }',
      { ...OWN, ...ASKED },
      { secret: world.mailedSecret() },
    );
    expect(accepted.data).toEqual({ invitationAccept: { token: null, userErrors: [] } });
    await world.ask('mutation { passwordResetRequest(email: "sipho@example.co.za") { done } }');
    await world.app.outbox.drain();
    const reset = await send(
      'mutation ($secret: String!) { passwordReset(secret: $secret, password: "eight new bicycles") { token userErrors { code } } }',
      { ...OWN, ...ASKED },
      { secret: world.mailedSecret() },
    );
    expect(reset.data).toEqual({ passwordReset: { token: null, userErrors: [] } });
    for (const { cookie } of [accepted, reset]) expect(cookie).toMatch(KEPT);
  });

  test.each([
    ['over http', { host: HOST, origin: `http://${HOST}` }, 400, 'only over https'],
    [
      'over https that no proxy speaks of',
      { host: HOST, origin: `https://${HOST}`, 'sec-fetch-site': 'same-origin' },
      400,
      'TRUSTED_PROXIES',
    ],
    ['by a page of another origin', { ...OWN, origin: 'https://evil.example.com' }, 403, 'page of this server'],
    ['by a page of the same name over http', { ...OWN, origin: `http://${HOST}` }, 403, 'page of this server'],
    ['by a page that may ask with a key', { ...OWN, origin: 'https://till.example.com' }, 403, 'page of this server'],
    ['by what is no browser', { host: HOST, 'x-forwarded-proto': 'https' }, 403, 'page of this server'],
    ['in other words', { ...OWN, 'stockroom-session': 'cookies' }, 400, 'left out'],
  ])('%s it is refused, and says why', async (_, headers, status, hint) => {
    const refused = await signIn({ ...ASKED, ...headers });
    expect([refused.status, refused.cookie]).toEqual([status, undefined]);
    expect(refused.errors?.[0]?.message).toContain(hint);
  });

  test.each(['localhost:4000', '127.0.0.1', '[::1]:4000', 'till.localhost'])('over http at %s it is given', async (host) => {
    expect((await signIn({ ...ASKED, host, origin: `http://${host}` })).cookie).toMatch(KEPT);
  });
});

describe('brought by a request', () => {
  test.each([
    ['its own page', OWN],
    ['its own page, which reads', { ...OWN, origin: '', 'sec-fetch-site': 'same-origin' }],
    ['its own page, with an empty Authorization', { ...OWN, authorization: '' }],
  ])('of %s it says who asks', async (_, { origin, ...headers }: Headers) => {
    const token = await signedIn();
    const said = await send(ME, { ...headers, ...(origin ? { origin } : {}), ...brought(token) });
    expect(said.data?.me).toMatchObject({ email: 'thandi@example.co.za' });
    expect(said.cookie).toBeUndefined();
  });

  test.each([
    ['a page of another port', { ...OWN, origin: `https://${HOST}:8443`, 'sec-fetch-site': 'same-site' }],
    ['a page of the same name over http', { ...OWN, origin: `http://${HOST}`, 'sec-fetch-site': 'cross-site' }],
    ['a page of no origin', { ...OWN, origin: 'null' }],
    ['a page that may ask with a key', { ...OWN, origin: 'https://till.example.com' }],
    ['a page of the same site that names our origin', { ...OWN, 'sec-fetch-site': 'same-site' }],
  ])('of %s it is refused when it could change something, and nobody when it reads', async (_, headers: Headers) => {
    const token = await signedIn();
    expect(await send(ME, { ...headers, ...brought(token) })).toMatchObject({
      status: 403,
      errors: [{ extensions: { code: 'FORBIDDEN' } }],
    });
    const read = await world.app.inject({
      url: `/graphql?query=${encodeURIComponent(ME)}`,
      headers: { ...headers, ...brought(token) },
    });
    expect(read.json()).toMatchObject({ errors: [{ extensions: { code: 'UNAUTHENTICATED' } }] });
    // A link, or an image, of that page.
    const linked = { host: HOST, 'x-forwarded-proto': 'https', 'sec-fetch-site': headers['sec-fetch-site'] ?? 'cross-site' };
    const followed = await world.app.inject({
      url: `/graphql?query=${encodeURIComponent(ME)}`,
      headers: { ...linked, ...brought(token) },
    });
    expect(followed.json()).toMatchObject({ errors: [{ extensions: { code: 'UNAUTHENTICATED' } }] });
  });

  test('of what is no browser it says nothing', async () => {
    const { errors } = await send(ME, { host: HOST, ...brought(await signedIn()) });
    expect(errors).toMatchObject([{ extensions: { code: 'UNAUTHENTICATED' } }]);
  });

  test('beside a key or a token it says nothing, also where that is not valid', async () => {
    const token = await signedIn();
    const key = await send(ME, { ...OWN, ...brought(token), authorization: `Bearer ${shop.key}` });
    expect(key.errors).toMatchObject([{ message: expect.stringContaining('for people') as string }]);
    const wrong = await send(ME, { ...OWN, ...brought(token), authorization: 'Bearer nobody' });
    expect([wrong.status, wrong.errors]).toMatchObject([401, [{ message: expect.stringContaining('not valid') as string }]]);
  });

  test.each([
    ['one that is twice there', (token: string) => `${brought(token).cookie ?? ''}; ${SESSION_COOKIE}=${token}`],
    ['one of another name', (token: string) => `stockroom=${token}; x${SESSION_COOKIE}=${token}`],
    ['an API key', () => `${SESSION_COOKIE}=${shop.key}`],
  ])('%s is none', async (_, cookie) => {
    const { errors } = await send('{ me { email } }', { ...OWN, cookie: cookie(await signedIn()) });
    expect(errors).toMatchObject([{ extensions: { code: 'UNAUTHENTICATED' } }]);
    expect((await send('{ shop { name } }', { ...OWN, cookie: cookie(shop.key) })).errors).toBeDefined();
  });

  test('it opens no other door', async () => {
    const headers = { ...OWN, ...brought(await signedIn()), 'content-type': 'text/plain' };
    expect((await world.app.inject({ method: 'POST', url: '/scan', headers, payload: '123' })).statusCode).toBe(401);
  });
});

describe('the end of it', () => {
  const GONE = `${SESSION_COOKIE}=; Max-Age=0; Path=/; Secure; HttpOnly; SameSite=Strict`;

  test('signOut clears the cookie by which it came, and ends the session', async () => {
    const token = await signedIn();
    const out = await send('mutation { signOut { done } }', { ...OWN, ...brought(token) });
    expect([out.data, out.cookie]).toEqual([{ signOut: { done: true } }, GONE]);
    expect((await world.ask(ME, { token })).errors).toMatchObject([{ extensions: { code: 'UNAUTHENTICATED' } }]);
  });

  test('signOut by a token leaves the cookie of somebody else alone', async () => {
    const [token, other] = [await signedIn(), await world.signIn('thandi@example.co.za', PASSWORD, '203.0.113.9')];
    const out = await send('mutation { signOut { done } }', {
      ...OWN,
      ...brought(token),
      authorization: `Bearer ${other ?? ''}`,
    });
    expect([out.data, out.cookie]).toEqual([{ signOut: { done: true } }, undefined]);
  });

  test('a cookie of a session that is over is nobody, is cleared, and keeps nobody from signing in', async () => {
    const token = await signedIn();
    await world.ask('mutation { signOut(everywhere: true) { done } }', { token });
    expect(await send(ME, { ...OWN, ...brought(token) })).toMatchObject({
      cookie: GONE,
      errors: [{ extensions: { code: 'UNAUTHENTICATED' } }],
    });
    const again = await signIn({ ...OWN, ...ASKED, ...brought(token) });
    expect(again.cookie).toMatch(KEPT);
  });
});

describe('at the upgrade to a WebSocket', () => {
  async function answer(headers: Headers, payload?: object): Promise<string | number | undefined> {
    const seen = openRawSocket(url, { headers });
    sockets.push(seen);
    seen.send({ type: 'connection_init', ...(payload && { payload }) });
    await until(() => seen.messages.length > 0 || seen.code !== undefined || seen.status !== undefined, 'an answer');
    return seen.messages[0]?.type ?? seen.code ?? seen.status;
  }

  test('it says who listens on a page of this server, and nowhere else', async () => {
    const cookie = brought(await signedIn());
    expect(await answer({ ...OWN, ...cookie })).toBe('connection_ack');
    expect(await answer({ ...OWN, origin: `https://${HOST}:8443`, ...cookie })).toBe(403);
    expect(await answer({ ...OWN, origin: 'https://till.example.com', ...cookie })).toBe(4403);
    expect(await answer({ host: HOST, ...cookie })).toBe(4403);
  });

  test('it says nothing beside a key, also where that is none', async () => {
    const cookie = brought(await signedIn());
    for (const authorization of ['Bearer nobody', '', 7, null])
      expect(await answer({ ...OWN, ...cookie }, { authorization })).toBe(4403);
    expect(await answer({ ...OWN, ...cookie, authorization: 'Bearer nobody' })).toBe(4403);
  });

  test('a session that ends loses its sockets', async () => {
    const token = await signedIn();
    expect(await answer({ ...OWN, ...brought(token) })).toBe('connection_ack');
    await send('mutation { signOut { done } }', { ...OWN, ...brought(token) });
    const [socket] = sockets;
    await until(() => socket?.code !== undefined, 'the end');
    expect(socket?.code).toBe(4403);
  });
});
