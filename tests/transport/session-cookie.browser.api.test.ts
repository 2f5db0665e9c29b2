import { existsSync } from 'node:fs';
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { chromium, type Browser, type BrowserContext, type Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { SESSION_COOKIE } from '../../src/transport/session-cookie.js';
import { openPeopleApp, PASSWORD, type PeopleApp } from '../features/people/people-app.js';
import { requireOrSkip } from '../support/optional.js';
import { tellSecret } from '../support/secret-watch.js';

const CHROMIUM = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find((path) => existsSync(path));
const SIGN_IN = `mutation { signIn(email: "thandi@example.co.za", password: "${PASSWORD}") { token userErrors { code } } }`;
/** The editor reads its tab's operation half a second after it is shown. */
const EDITOR_SETTLES_MS = 1000;
/** As long as a person's click: the editor's tabs would slide away from under it. */
const CLICK_MS = 100;
const ME = '{ me { email } }';
const THANDI = { data: { me: { email: 'thandi@example.co.za' } } };

/** A request that reached the server, and how it was answered. */
interface Heard {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly status: number;
}

interface Reply {
  readonly data?: Record<string, unknown> | null;
  readonly errors?: readonly { readonly extensions: { readonly code: string } }[];
}

requireOrSkip(
  'the cookie of a session, in a browser',
  CHROMIUM !== undefined,
  'chromium is not installed',
)(() => {
  let world: PeopleApp;
  let url: string;
  /** Of another port of the same machine, which is the same site for cookies. */
  let attacker: { readonly server: Server; readonly url: string };
  let browser: Browser;
  let context: BrowserContext;
  let page: Page;

  beforeAll(async () => {
    world = await openPeopleApp({ env: { ALLOWED_HOSTS: '127.0.0.1,stock.test' } });
    await world.openShop('thandi@example.co.za');
    ({ url } = await world.app.listen());
    const server = createServer((_request, response) => {
      response.setHeader('content-type', 'text/html').end('<p>Win a kettle</p>');
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    attacker = { server, url: `http://127.0.0.1:${String((server.address() as AddressInfo).port)}` };
    browser = await chromium.launch({
      executablePath: CHROMIUM ?? '',
      args: ['--no-sandbox', '--host-resolver-rules=MAP stock.test 127.0.0.1, MAP * ~NOTFOUND , EXCLUDE 127.0.0.1'],
    });
  }, 120_000);
  afterAll(async () => {
    await browser.close();
    await new Promise((resolve) => attacker.server.close(resolve));
    await world.close();
  });
  beforeEach(async () => {
    context = await browser.newContext();
    page = await context.newPage();
    await page.goto(url);
  });
  afterEach(() => context.close());

  /** As a script of the page asks. */
  function ask(query: string, headers: Record<string, string> = {}): Promise<Reply> {
    return page.evaluate(
      async ([text, more]) => {
        const response = await fetch('/graphql', {
          method: 'POST',
          headers: { 'content-type': 'application/json', ...more },
          body: JSON.stringify({ query: text }),
        });
        return (await response.json()) as Reply;
      },
      [query, headers] as const,
    );
  }

  async function signIn(): Promise<Reply> {
    const reply = await ask(SIGN_IN, { 'stockroom-session': 'cookie' });
    tellSecret((await kept())?.value);
    return reply;
  }

  async function kept() {
    return (await context.cookies()).find(({ name }) => name === SESSION_COOKIE);
  }

  test('is kept, shown to no script, sent along by pages of this server, and gone after signOut', async () => {
    expect(await signIn()).toEqual({
      data: { signIn: { token: null, userErrors: [] } },
      extensions: expect.anything() as unknown,
    });
    expect(await kept()).toMatchObject({ httpOnly: true, secure: true, sameSite: 'Strict', path: '/', domain: '127.0.0.1' });
    expect(await page.evaluate('document.cookie')).toBe('');
    expect(await ask(ME)).toMatchObject(THANDI);
    await page.reload();
    expect(await ask(ME)).toMatchObject(THANDI);
    const read = await page.evaluate(async (query) => {
      const response = await fetch(`/graphql?query=${encodeURIComponent(query)}`);
      return (await response.json()) as Reply;
    }, ME);
    expect(read).toMatchObject(THANDI);
    expect(await ask('mutation { signOut { done } }')).toMatchObject({ data: { signOut: { done: true } } });
    expect(await kept()).toBeUndefined();
    expect(await ask(ME)).toMatchObject({ errors: [{ extensions: { code: 'UNAUTHENTICATED' } }] });
  });

  test('lets a page of this server listen', async () => {
    await signIn();
    expect(await listenFrom(page, url)).toBe('{"type":"connection_ack"}');
  });

  test('signs in the editor of the playground, without a header in it', async () => {
    await signIn();
    await page.reload();
    await page.waitForSelector('.graphiql-execute-button');
    await page
      .getByRole('tab')
      .filter({ hasText: 'AdminShop' })
      .getByRole('button', { name: 'AdminShop', exact: true })
      .click({ delay: CLICK_MS });
    await page.waitForTimeout(EDITOR_SETTLES_MS);
    const asked = page.waitForRequest((request) => request.postData()?.includes(' AdminShop') ?? false);
    await page.click('.graphiql-execute-button');
    const request = await asked;
    expect((await request.allHeaders()).cookie).toContain(SESSION_COOKIE);
    const reply = (await (await request.response())?.json()) as Reply;
    expect(reply.errors).toBeUndefined();
    expect(reply.data).toHaveProperty('shop');
  });

  test('is of no use to a page of another port, by which means it may ask', async () => {
    await signIn();
    await page.goto(attacker.url);
    const heard: Heard[] = [];
    const note = (message: unknown): void => {
      const { request, response } = message as { request: IncomingMessage; response: ServerResponse };
      const { host, origin, referer } = request.headers;
      if (url.endsWith(host ?? '-') && (origin ?? referer)?.startsWith(attacker.url)) {
        heard.push({
          method: request.method ?? '',
          url: request.url ?? '',
          headers: request.headers,
          status: response.statusCode,
        });
      }
    };
    subscribe('http.server.response.finish', note);
    const seen = await page.evaluate(attack, { url, me: ME, signOut: 'mutation { signOut(everywhere: true) { done } }' });
    unsubscribe('http.server.response.finish', note);
    expect(Object.entries(seen).filter(([, answer]) => answer !== 'refused')).toEqual([]);
    // The browser has sent the cookie with these all the same, and nobody has heard it.
    const brought = heard.filter(({ headers }) => headers.cookie?.includes(SESSION_COOKIE));
    expect(brought.map(({ method, status }) => [method, status])).toEqual([
      ['POST', 403],
      ['GET', 200],
      ['GET', 200],
      ['POST', 403],
    ]);
    for (const { headers, ...request } of brought.filter(({ method }) => method === 'GET')) {
      const said = await world.app.inject({ method: 'GET', url: request.url, headers });
      expect(said.json()).toMatchObject({ errors: [{ extensions: { code: 'UNAUTHENTICATED' } }] });
    }
    await page.goto(url);
    expect(await ask(ME)).toMatchObject(THANDI);
  });

  test('over plain http at a name that is not this machine is not given, and the page is told why', async () => {
    await page.goto(url.replace('127.0.0.1', 'stock.test'));
    expect(await signIn()).toMatchObject({
      errors: [{ message: expect.stringContaining('only over https') as string, extensions: { code: 'BAD_USER_INPUT' } }],
    });
    expect(await kept()).toBeUndefined();
    expect(await ask(SIGN_IN)).toMatchObject({ data: { signIn: { token: expect.stringMatching(/^srs_/) as string } } });
  });
});

function listenFrom(page: Page, url: string): Promise<string> {
  return page.evaluate(
    (address) =>
      new Promise<string>((resolve) => {
        const socket = new WebSocket(address, 'graphql-transport-ws');
        socket.onopen = () => {
          socket.send('{"type":"connection_init"}');
        };
        socket.onmessage = ({ data }) => {
          resolve(String(data));
          socket.close();
        };
        socket.onclose = ({ code }) => {
          resolve(`refused with ${String(code)}`);
        };
      }),
    `${url.replace('http', 'ws')}/graphql`,
  );
}

interface Target {
  readonly url: string;
  readonly me: string;
  readonly signOut: string;
}

/** Runs within the attacker's page: every way by which a page may ask another origin with its cookies. */
async function attack({ url, me, signOut }: Target): Promise<Record<string, string>> {
  const credentials = 'include' as const;
  const tried = async (act: () => Promise<unknown>): Promise<string> => {
    try {
      const answer = await act();
      return typeof answer === 'string' && !answer.includes('thandi') ? 'refused' : 'heard';
    } catch {
      return 'refused';
    }
  };
  const body = JSON.stringify({ query: signOut });
  return {
    json: await tried(() =>
      fetch(`${url}/graphql`, { method: 'POST', credentials, headers: { 'content-type': 'application/json' }, body }),
    ),
    blind: await tried(() => fetch(`${url}/graphql`, { method: 'POST', credentials, mode: 'no-cors', body })),
    blindRead: await tried(() => fetch(`${url}/graphql?query=${encodeURIComponent(me)}`, { credentials, mode: 'no-cors' })),
    image: await tried(
      () =>
        new Promise((resolve, reject) => {
          const image = Object.assign(new Image(), { src: `${url}/graphql?query=${encodeURIComponent(me)}` });
          image.onload = resolve;
          image.onerror = reject;
        }),
    ),
    form: await tried(
      () =>
        new Promise<string>((resolve) => {
          const frame = Object.assign(document.createElement('iframe'), { name: 'hidden' });
          const form = Object.assign(document.createElement('form'), {
            ...{ action: `${url}/graphql`, method: 'post', target: 'hidden', enctype: 'text/plain' },
          });
          form.append(Object.assign(document.createElement('input'), { name: body.slice(0, -1) + ',"x":"', value: '"}' }));
          document.body.append(frame, form);
          frame.onload = () => {
            resolve(frame.contentDocument?.body.innerText ?? '');
          };
          form.submit();
        }),
    ),
    socket: await tried(
      () =>
        new Promise((resolve, reject) => {
          const socket = new WebSocket(`${url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws');
          socket.onopen = resolve;
          socket.onerror = reject;
        }),
    ),
  };
}
