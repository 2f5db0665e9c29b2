import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { App } from '../../../src/app.js';
import { parseGlobalId } from '../../../src/graphql/global-id.js';
import { fromOrigin } from '../../../src/platform/request-origin.js';
import { appClient, createTestApp, graphqlReply } from '../../support/app.js';
import { createTestDatabase, type TestDatabase } from '../../support/database.js';
import type { GraphQLClient } from '../../support/graphql-client.js';

let database: TestDatabase;
let app: App;
let owner: GraphQLClient;
let ownerKey: string;

beforeAll(async () => {
  database = await createTestDatabase();
  app = await createTestApp(database);
});
afterAll(async () => {
  await app.close();
  await database.drop();
});
beforeEach(async () => {
  const { secret } = await app.services.shops.create({ name: 'Audited', currency: 'ZAR', timeZone: 'Africa/Johannesburg' });
  [owner, ownerKey] = [appClient(app, secret), secret];
});

interface Entry {
  readonly operation: string | null;
  readonly action: string;
  readonly subjectType: string;
  readonly subject: string | null;
  readonly fields: string[];
  readonly count: number;
  readonly actor: string | null;
}

const FIELDS = 'operation action subjectType subject fields count actor';

async function entries(filter = '{}'): Promise<Entry[]> {
  const { auditEntries } = await owner<{ auditEntries: { nodes: Entry[] } }>(
    `{ auditEntries(filter: ${filter}, first: 100) { nodes { ${FIELDS} } } }`,
  );
  return auditEntries.nodes;
}

async function createItem(sku: string, fields = ''): Promise<string> {
  const { stockItemCreate } = await owner<{ stockItemCreate: { stockItem: { id: string } } }>(
    `mutation { stockItemCreate(input: { sku: "${sku}", name: "${sku}" ${fields} }) { stockItem { id } userErrors { message } } }`,
  );
  return stockItemCreate.stockItem.id;
}

describe('an entry', () => {
  test('tells who did what to what, by which mutation, in which fields; never what stood in them', async () => {
    const id = await createItem('SECRET-SKU', 'barcodes: [{ value: "SECRET-CODE" }]');
    await owner(`mutation { stockItemUpdate(id: "${id}", patch: { name: "SECRET-NAME" }) { userErrors { message } } }`);
    expect(await entries(`{ subject: "${id}" }`)).toEqual([
      {
        ...{ operation: 'stockItemUpdate', action: 'UPDATED', subjectType: 'StockItem', subject: id, count: 1 },
        fields: ['name'],
        actor: 'Owner',
      },
      {
        ...{ operation: 'stockItemCreate', action: 'CREATED', subjectType: 'StockItem', subject: id, count: 1 },
        fields: ['barcodes'],
        actor: 'Owner',
      },
    ]);
    const rows = await database.orm.em.fork().execute('select audit_entry::text as row from audit_entry');
    expect(JSON.stringify(rows)).not.toContain('SECRET');
  });

  test('is there where the change is, and nowhere else: what was refused leaves none', async () => {
    await createItem('ONCE');
    const before = await entries();
    const again = await owner('mutation { stockItemCreate(input: { sku: "ONCE", name: "Once more" }) { userErrors { code } } }');
    expect(again).toEqual({ stockItemCreate: { userErrors: [{ code: 'DUPLICATE' }] } });
    expect(await entries()).toEqual(before);
  });

  test('is not left by a change that changes nothing', async () => {
    const id = await createItem('SAME');
    await owner(`mutation { stockItemUpdate(id: "${id}", patch: { name: "SAME" }) { userErrors { message } } }`);
    expect(await entries('{ operation: "stockItemUpdate" }')).toEqual([]);
  });

  test('of another shop than that which the request acts for names what did it, and not who: he is nobody there', async () => {
    const [here, there] = await Promise.all(
      ['Here', 'There'].map((name) => app.services.shops.create({ name, currency: 'ZAR', timeZone: 'UTC' })),
    );
    if (!here || !there) throw new Error('There are no shops.');
    const origin = {
      operation: 'somewhere',
      shopId: here.actor.shopId,
      actorId: here.actor.actorId,
      address: '::1',
      requestId: 'r',
    };
    for (const { actor } of [here, there]) {
      const note = { shopId: actor.shopId, action: 'UPDATED', subjectType: 'Shop', subjectId: actor.shopId } as const;
      await fromOrigin(origin, () =>
        app.services.work.run(actor, (transaction) => {
          transaction.note(note);
          return Promise.resolve();
        }),
      );
    }
    const rows = await database.orm.em
      .fork()
      .execute("select actor_id, operation from audit_entry where action = 'UPDATED' and shop_id in (?, ?) order by id", [
        here.actor.shopId,
        there.actor.shopId,
      ]);
    expect(rows).toEqual([
      { actor_id: here.actor.actorId, operation: 'somewhere' },
      { actor_id: null, operation: 'somewhere' },
    ]);
  });

  test('speaks of many things of one kind at once', async () => {
    const { actor } = await app.services.shops.create({ name: 'Many', currency: 'ZAR', timeZone: 'UTC' });
    await app.services.work.run(actor, (transaction) => {
      for (let n = 0; n < 101; n += 1) {
        const subjectId = `00000000-0000-7000-8000-${String(n).padStart(12, '0')}`;
        transaction.note({
          shopId: actor.shopId,
          action: 'UPDATED',
          subjectType: 'StockLevel',
          subjectId,
          fields: ['reorderPoint'],
        });
      }
      return Promise.resolve();
    });
    const rows = await database.orm.em
      .fork()
      .execute("select subject_id, count, fields from audit_entry where shop_id = ? and action = 'UPDATED'", [actor.shopId]);
    expect(rows).toEqual([{ subject_id: null, count: 101, fields: ['reorderPoint'] }]);
  });
});

describe('the list', () => {
  test('is narrowed by who, what and when, and goes on from where it ended', async () => {
    const id = await createItem('A');
    await createItem('B');
    const { apiKeyCreate } = await owner<{ apiKeyCreate: { apiKey: { id: string }; secret: string } }>(
      'mutation { apiKeyCreate(input: { name: "Second", role: OWNER }) { apiKey { id } secret } }',
    );
    const between = new Date(Date.now() + 5).toISOString();
    await new Promise((resolve) => setTimeout(resolve, 20));
    await appClient(
      app,
      apiKeyCreate.secret,
    )(`mutation { stockItemUpdate(id: "${id}", patch: { name: "Renamed" }) { userErrors { message } } }`);
    const renamed = [expect.objectContaining({ operation: 'stockItemUpdate', actor: 'Second' })];
    expect(await entries(`{ actor: "${apiKeyCreate.apiKey.id}" }`)).toEqual(renamed);
    expect(await entries(`{ since: "${between}" }`)).toEqual(renamed);
    expect((await entries(`{ until: "${between}" }`)).map(({ operation }) => operation)).not.toContain('stockItemUpdate');
    expect(await entries('{ subject: "nothing" }')).toEqual([]);

    const seen: string[] = [];
    for (let after: string | null = null, more = true; more;) {
      const page: {
        auditEntries: { nodes: { id: string }[]; totalCount: number; pageInfo: { hasNextPage: boolean; endCursor: string } };
      } = await owner(
        'query ($after: String) { auditEntries(first: 2, after: $after) { totalCount nodes { id } pageInfo { hasNextPage endCursor } } }',
        { after },
      );
      seen.push(...page.auditEntries.nodes.map((node) => node.id));
      ({ hasNextPage: more, endCursor: after } = page.auditEntries.pageInfo);
      expect(page.auditEntries.totalCount).toBeGreaterThan(3);
    }
    const ids = seen.map((id) => parseGlobalId(id)?.id);
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids).toEqual(ids.toSorted().toReversed());
  });

  test('is for owners alone, its nodes too', async () => {
    const { auditEntries } = await owner<{ auditEntries: { nodes: { id: string }[] } }>('{ auditEntries { nodes { id } } }');
    const [entry] = auditEntries.nodes;
    const { apiKeyCreate } = await owner<{ apiKeyCreate: { secret: string } }>(
      'mutation { apiKeyCreate(input: { name: "M", role: MANAGER }) { secret } }',
    );
    const node = `{ node(id: "${entry?.id ?? ''}") { id } }`;
    expect(await owner(node)).toEqual({ node: entry });
    expect(await appClient(app, apiKeyCreate.secret)(node)).toEqual({ node: null });
    const { errors } = await graphqlReply(app, apiKeyCreate.secret, '{ auditEntries { totalCount } }');
    expect(errors?.[0]?.extensions.code).toBe('FORBIDDEN');
  });
});

describe('the database itself refuses', () => {
  test.each([
    ['to change an entry', "update audit_entry set action = 'DELETED'"],
    ['to put an address in', "update audit_entry set address = '::1', request_id = null"],
    ['to change one while its address is forgotten', "update audit_entry set address = null, request_id = null, operation = 'x'"],
    ['to delete one', 'delete from audit_entry'],
    ['to empty it', 'truncate audit_entry'],
  ])('%s', async (_, sql) => {
    await createItem('GUARDED');
    await expect(database.orm.em.fork().execute(sql)).rejects.toThrow(/append-only/);
  });

  test('an entry that names who is no principal of its shop', async () => {
    const { shop } = await appClient(app, ownerKey)<{ shop: { id: string } }>('{ shop { id } }');
    const insert = database.orm.em
      .fork()
      .execute(
        "insert into audit_entry (shop_id, id, at, action, subject_type, actor_id) values (?, gen_random_uuid(), now(), 'CREATED', 'Shop', gen_random_uuid())",
        [parseGlobalId(shop.id)?.id],
      );
    await expect(insert).rejects.toThrow(/audit_entry_shop_id_actor_id_foreign/);
  });
});
