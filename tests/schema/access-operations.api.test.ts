import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildSchema, parse, validate } from 'graphql';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { projectFolder } from '../../src/platform/project-folder.js';
import { createDemoApp, type DemoApp } from '../support/demo-app.js';

/** What has no tab in the playground: it needs what only one request or another gives. */
const FOLDER = projectFolder('schema', 'operations', 'access');
const TEXTS = readdirSync(FOLDER)
  .sort()
  .map((file) => readFileSync(join(FOLDER, file), 'utf8'));
const OPERATIONS = new Map(TEXTS.map((text) => [/^\w+ (\w+)/.exec(text)?.[1] ?? text, text]));
const ran = new Set<string>();

test.each([...OPERATIONS])('%s is valid', (_, text) => {
  const schema = buildSchema(readFileSync(join(projectFolder('schema'), 'schema.graphql'), 'utf8'));
  expect(validate(schema, parse(text))).toEqual([]);
});

interface Shown {
  readonly token?: string | undefined;
  readonly shop?: string | undefined;
}

interface Ran {
  readonly data: Record<string, Record<string, never>> | null;
  readonly codes: readonly unknown[];
}

const NEW_PASSWORD = 'seven ladders in the loft';
const EMAIL = 'sipho@example.co.za';

describe('in the demo shop, one after the other', () => {
  let demo: DemoApp;
  beforeAll(async () => {
    demo = await createDemoApp();
  });
  afterAll(() => demo.close());

  async function run(name: string, { token, shop }: Shown, variables: Record<string, unknown> = {}): Promise<Ran> {
    ran.add(name);
    const headers = { ...(token && { authorization: `Bearer ${token}` }), ...(shop && { 'stockroom-shop': shop }) };
    const payload = { query: OPERATIONS.get(name), variables };
    const reply = (await demo.app.inject({ method: 'POST', url: '/graphql', headers, payload })).json<{
      data: Ran['data'];
      errors?: { extensions: { code: string } }[];
    }>();
    const errors = (reply.errors ?? []).map(({ extensions }) => extensions.code);
    const refusals = Object.values(reply.data ?? {}).flatMap((payload) =>
      ((payload as { userErrors?: { code: string }[] } | null)?.userErrors ?? []).map(({ code }) => code),
    );
    return { data: reply.data, codes: [...errors, ...refusals] };
  }

  /** As `run`, of what must not be refused: the one field that was asked for. */
  async function done<T>(name: string, shown: Shown, variables?: Record<string, unknown>): Promise<T> {
    const { data, codes } = await run(name, shown, variables);
    expect(codes).toEqual([]);
    return Object.values(data ?? {})[0] as T;
  }

  const signedIn = async (credentials: unknown): Promise<Shown & { me: { shops: { id: string; role: string }[] } }> =>
    done('SignIn', {}, credentials as Record<string, unknown>);

  test('people sign in, invite, accept, choose a shop, and sign out', async () => {
    const owner = await signedIn(demo.demo.access.owner);
    expect(await done('Me', owner)).toMatchObject({ shops: [{ role: 'OWNER' }], sessions: [{ isCurrent: true }] });
    const { secret } = await done<{ secret: string }>('Invite', owner, { email: EMAIL, role: 'CLERK' });
    const accepted = { secret, name: 'Sipho', password: NEW_PASSWORD };
    const clerk = await done<Shown & { me: object }>('AcceptInvitation', {}, accepted);
    expect(clerk.me).toMatchObject({ email: EMAIL, shops: [{ role: 'CLERK' }] });
    expect((await run('AcceptInvitation', {}, accepted)).codes).not.toEqual([]);
    const [shop] = owner.me.shops;
    const chosen = await run('ChosenShop', { ...owner, shop: shop?.id });
    expect(chosen).toMatchObject({ codes: [], data: { members: [{ role: 'OWNER' }, { name: 'Sipho', role: 'CLERK' }] } });
    expect((await run('ChosenShop', { ...owner, shop: 'none' })).codes).not.toEqual([]);
    expect(await done('SignOut', owner)).toMatchObject({ done: true });
    expect((await run('Me', owner)).codes).toEqual(['UNAUTHENTICATED']);
    expect(await done('SignOut', clerk, { everywhere: true })).toMatchObject({ done: true });
  });

  test('a key is made, rotated and revoked, and the audit log says so', async () => {
    const owner = await signedIn(demo.demo.access.owner);
    const expiresAt = new Date(Date.now() + 86_400_000).toISOString();
    const draft = { name: 'Price board', role: 'READER', permissions: ['READ'], expiresAt };
    const { apiKey, secret } = await done<{ apiKey: { id: string }; secret: string }>('CreateKey', owner, draft);
    const next = await done<{ secret: string }>('RotateKey', owner, { id: apiKey.id });
    const reads = async (token: string): Promise<readonly unknown[]> =>
      (await run('PrivacyExport', { token }, { address: EMAIL })).codes;
    // Both are let in for a while, and may read no more than they were made for.
    expect([await reads(secret), await reads(next.secret)]).toEqual([['FORBIDDEN'], ['FORBIDDEN']]);
    expect(await done('RevokeKey', owner, { id: apiKey.id })).toMatchObject({
      apiKey: { revokedAt: expect.any(String) as string },
    });
    expect([await reads(secret), await reads(next.secret)]).toEqual([['UNAUTHENTICATED'], ['UNAUTHENTICATED']]);
    const log = await done<{ nodes: { operation: string }[] }>('AuditEntries', owner, { filter: { subject: apiKey.id } });
    expect(log.nodes.map(({ operation }) => operation)).toEqual(['apiKeyRevoke', 'apiKeyRotate', 'apiKeyCreate']);
  });

  test('an owner hands out what is kept of somebody, and everybody his own', async () => {
    const owner = await signedIn(demo.demo.access.owner);
    expect((await done<{ data: string }>('PrivacyExport', owner, { address: EMAIL })).data).toContain('Sipho');
    const clerk = await signedIn({ email: EMAIL, password: NEW_PASSWORD });
    expect((await done<{ data: string }>('MyData', clerk)).data).toContain(EMAIL);
    expect((await run('PrivacyExport', clerk, { address: EMAIL })).codes).toEqual(['FORBIDDEN']);
  });

  test('every one of them has run', () => {
    expect([...ran].sort()).toEqual([...OPERATIONS.keys()].sort());
  });
});
