import { parse } from 'graphql';
import { expect, test } from 'vitest';
import { readPlaygroundTabs } from '../../src/transport/playground.js';
import { startSmallShop } from './small-shop-server.js';

const OPERATIONS = new URL('../../schema/operations/', import.meta.url).pathname;

test('the example operations are read in order, one operation a tab', async () => {
  const tabs = await readPlaygroundTabs(OPERATIONS);
  const names = tabs.map(({ query }) =>
    parse(query).definitions.map((definition) => 'name' in definition && definition.name?.value),
  );
  expect(names[0]).toEqual(['AdminShop']);
  // GraphiQL names a tab after the operation only when the text begins with it.
  for (const { query } of tabs) expect(query).toMatch(/^(query|mutation) [A-Z]/);
  expect(names.every((each) => each.length === 1)).toBe(true);
  expect(new Set(names.flat()).size).toBe(tabs.length);
});

test('the page is for browsers only, and only when it is enabled', async () => {
  const headers = { accept: 'text/html,application/xhtml+xml' };
  const { server } = await startSmallShop();
  const page = await server.inject({ url: '/graphql', headers });
  expect(page.headers['content-type']).toBe('text/html; charset=utf-8');
  expect(page.headers['content-security-policy']).toMatch(/script-src 'sha256-[\w+/=]{44}';/);
  const small = await server.inject({ url: '/graphql', headers: { ...headers, 'accept-encoding': 'gzip, br' } });
  expect(small.headers['content-encoding']).toBe('gzip');
  expect(small.rawPayload.length).toBeLessThan(page.rawPayload.length / 2);
  expect((await server.inject({ url: '/graphql?query={hello}' })).json()).toMatchObject({ data: { hello: 'world' } });
  await server.close();
  const { server: without } = await startSmallShop({ playground: { enabled: false } });
  expect((await without.inject({ url: '/graphql', headers })).body).not.toContain('<html');
  expect((await without.inject({ url: '/', headers })).statusCode).toBe(404);
  await without.close();
});

test('without a demo there is no key in the page', async () => {
  const tabs = [{ query: 'query Mine($id: ID) { hello }', variables: '{"id":"MY-OWN-VALUE"}' }];
  const { server } = await startSmallShop({ playground: { enabled: true, tabs, headers: () => undefined } });
  const page = await server.inject({ url: '/graphql', headers: { accept: 'text/html' } });
  expect(page.body).toContain('MY-OWN-VALUE');
  expect(page.body).not.toContain('Bearer sk_');
  await server.close();
});
