import { isObjectType } from 'graphql';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { FIELD_RULES } from '../src/app/field-rules.js';
import { stockroomSchema, type App } from '../src/app.js';
import { allows, permissionsOf, type Permission, type Role } from '../src/features/access/index.js';
import { appClient, createTestApp, graphqlReply } from './support/app.js';
import { createTestDatabase, type TestDatabase } from './support/database.js';
import { requestFor, rootFields } from './support/schema-requests.js';

const FIELDS = rootFields(stockroomSchema());

/** Who may do what, written down once more: a field that is added has to be put here by a person. */
const RIGHTS: Record<Permission, string> = {
  read: 'categories category locations node nodes parkedScans reorderSuggestions shop stockAlerts stockItem stockItems stockLevels stockMovementFeed stockMovements',
  stock: 'stockAdjust stockCount stockIssue stockMovementReverse stockPost stockReceive stockTransfer',
  catalog:
    'categoryCreate categoryDelete categoryUpdate fileDelete fileUploadComplete fileUploadStart parkedScanAcceptSuggestion parkedScanCreateItem parkedScanResolve reorderRuleRemove reorderRuleSet reorderRulesSet stockItemArchive stockItemCreate stockItemUpdate',
  locations: 'locationArchive locationCreate locationUpdate',
  keys: 'apiKeyCreate apiKeyRevoke apiKeyRotate apiKeys',
  shop: 'shopUpdate',
  scan: 'barcodeDecode scan scanBatch',
  alerts: 'stockAlertAcknowledge',
  notifications:
    'notificationAddressResume notificationRecipientCreate notificationRecipientDelete notificationRecipientUpdate notificationRecipients notificationSubscriptionsSet notifications',
  webhooks:
    'webhookDeliveries webhookDeliveriesReplay webhookDeliveryReplay webhookEndpointCreate webhookEndpointDelete webhookEndpointRotateSecret webhookEndpointTest webhookEndpointUpdate webhookEndpoints',
  operations: 'outboxJobReplay outboxJobs',
  people: 'invitationRevoke invitations memberEnd memberInvite memberUpdate members',
  audit: 'auditEntries',
  privacy: 'personalDataErase personalDataExport',
  introspection: '',
};

/** What needs no key, and what a person may do who has not chosen a shop. */
const OPEN: Record<'PUBLIC' | 'PERSON', string> = {
  PUBLIC: 'invitationAccept passwordReset passwordResetRequest signIn',
  PERSON: 'me myDataErase myDataExport passwordChange signOut',
};

const words = (names: string): string[] => names.split(' ').filter(Boolean);

const ROLES: Record<Role, readonly Permission[]> = {
  OWNER: [
    ...(['read', 'stock', 'catalog', 'locations', 'keys', 'shop', 'scan'] as const),
    ...(['alerts', 'notifications', 'webhooks', 'operations', 'people', 'audit', 'privacy', 'introspection'] as const),
  ],
  MANAGER: ['read', 'stock', 'catalog', 'locations', 'scan', 'alerts', 'notifications', 'introspection'],
  CLERK: ['read', 'stock', 'scan', 'alerts'],
  READER: ['read'],
  DEVICE: ['scan'],
};

/** Fields of what somebody was given already which need a right all the same. */
const BEYOND = {
  'Category.children': 'read',
  'Category.stockItems': 'read',
  'StockItem.stockMovements': 'read',
  'StockLevel.alerts': 'read',
};

describe('the table of field rules', () => {
  const rules = Object.entries(FIELD_RULES).flatMap(([type, fields]) =>
    fields === 'AS_PARENT' ? [] : Object.entries(fields).map(([field, rule]) => [`${type}.${field}`, rule] as const),
  );

  test('gives every root field the right that it should have', () => {
    const known = Object.entries({ ...RIGHTS, ...OPEN }).flatMap(([right, names]) => words(names).map((name) => [name, right]));
    const roots = rules.filter(([name]) => /^(Query|Mutation|Subscription)\./.test(name));
    expect(Object.fromEntries(roots.map(([name, rule]) => [name.split('.')[1], rule]))).toEqual(Object.fromEntries(known));
  });

  test('holds back these fields of what was given, and no others', () => {
    const inner = rules.filter(([name, rule]) => !/^(Query|Mutation|Subscription)\./.test(name) && rule !== 'AS_PARENT');
    expect(Object.fromEntries(inner)).toEqual(BEYOND);
  });

  test('names nothing that the schema does not have', () => {
    const types = stockroomSchema().getTypeMap();
    const fieldsOf = (name: string) => {
      const type = types[name];
      return isObjectType(type) ? Object.keys(type.getFields()) : [];
    };
    expect(Object.keys(FIELD_RULES).filter((type) => fieldsOf(type).length === 0)).toEqual([]);
    expect(
      rules.map(([name]) => name).filter((name) => !fieldsOf(name.split('.')[0] ?? '').includes(name.split('.')[1] ?? '')),
    ).toEqual([]);
  });
});

test.each(Object.entries(ROLES))('%s has these rights and no others', (role, rights) => {
  const all = Object.keys(RIGHTS) as Permission[];
  expect(all.filter((right) => allows({ permissions: permissionsOf(role as Role) }, right)).sort()).toEqual([...rights].sort());
});

test('what a role may do cannot be changed by whoever is handed it', () => {
  const handed = permissionsOf('READER') as Set<Permission>;
  expect(() => handed.add('keys')).toThrow(TypeError);
  expect(() => (permissionsOf('OWNER', ['read']) as Set<Permission>).add('keys')).toThrow(TypeError);
  expect([...permissionsOf('READER')]).toEqual(['read']);
});

describe('over HTTP', () => {
  let database: TestDatabase;
  let app: App;
  const keys = new Map<string, string>();

  beforeAll(async () => {
    database = await createTestDatabase();
    app = await createTestApp(database);
    const { secret } = await app.services.shops.create({ name: 'Rights', currency: 'ZAR', timeZone: 'Africa/Johannesburg' });
    for (const role of Object.keys(ROLES)) {
      const { apiKeyCreate } = await appClient(
        app,
        secret,
      )<{ apiKeyCreate: { secret: string } }>(`mutation { apiKeyCreate(input: { name: "${role}", role: ${role} }) { secret } }`);
      keys.set(role, apiKeyCreate.secret);
    }
  });
  afterAll(async () => {
    await app.close();
    await database.drop();
  });

  /** The code of the reply's first error; undefined where the field was let through. */
  async function refusal(field: (typeof FIELDS)[number], key: string | undefined): Promise<unknown> {
    const { query, variables } = requestFor(field);
    const { errors } = await graphqlReply(app, key, query, variables);
    return errors?.[0]?.extensions.code;
  }

  const closed = FIELDS.filter(({ name }) => !words(OPEN.PUBLIC).includes(name));

  test.each(closed.map((field) => [field.name, field] as const))('%s tells nobody anything without a key', async (_, field) => {
    expect(await refusal(field, undefined)).toBe('UNAUTHENTICATED');
  });

  test.each(Object.keys(ROLES).filter((role) => role !== 'OWNER'))(
    '%s is let in where its rights say, and nowhere else',
    async (role) => {
      const names = ROLES[role as Role].flatMap((right) => words(RIGHTS[right]));
      for (const field of FIELDS.filter(({ name }) => !words(`${OPEN.PUBLIC} ${OPEN.PERSON}`).includes(name))) {
        const allowed = names.includes(field.name);
        expect([field.name, await refusal(field, keys.get(role))]).toEqual([field.name, allowed ? undefined : 'FORBIDDEN']);
      }
    },
  );

  test.each(Object.keys(RIGHTS) as Permission[])(
    'an owner key that has the right "%s" alone is let in there and nowhere else',
    async (right) => {
      const input = { name: right, role: 'OWNER', permissions: [right.toUpperCase()] };
      const { apiKeyCreate } = await appClient(app, keys.get('OWNER') ?? '')<{
        apiKeyCreate: { secret: string; apiKey: { permissions: string[] } };
      }>('mutation ($input: ApiKeyInput!) { apiKeyCreate(input: $input) { secret apiKey { permissions } } }', { input });
      expect(apiKeyCreate.apiKey.permissions).toEqual(input.permissions);
      for (const field of FIELDS.filter(({ name }) => !words(`${OPEN.PUBLIC} ${OPEN.PERSON}`).includes(name))) {
        const allowed = words(RIGHTS[right]).includes(field.name);
        expect([field.name, await refusal(field, apiKeyCreate.secret)]).toEqual([field.name, allowed ? undefined : 'FORBIDDEN']);
      }
    },
  );

  test('whoever may let people in alone makes nobody an owner', async () => {
    const owner = appClient(app, keys.get('OWNER') ?? '');
    const { apiKeyCreate } = await owner<{ apiKeyCreate: { secret: string } }>(
      'mutation { apiKeyCreate(input: { name: "Narrow", role: OWNER, permissions: [PEOPLE, READ] }) { secret } }',
    );
    const invite = async (key: string, role: string) => {
      const query = `mutation { memberInvite(input: { email: "a@example.com", role: ${role} }) { userErrors { code path } } }`;
      return (await appClient(app, key)<{ memberInvite: unknown }>(query)).memberInvite;
    };
    const refused = { userErrors: [{ code: 'INVALID', path: ['role'] }] };
    expect(await invite(apiKeyCreate.secret, 'OWNER')).toEqual(refused);
    expect(await invite(apiKeyCreate.secret, 'CLERK')).toEqual(refused);
    expect(await invite(apiKeyCreate.secret, 'READER')).toEqual({ userErrors: [] });
    const update = 'mutation { memberUpdate(id: "x", role: OWNER) { userErrors { code path } } }';
    expect(await appClient(app, apiKeyCreate.secret)(update)).toEqual({ memberUpdate: refused });
  });

  test('what a scan is of does not lead a device to the rest of the shop', async () => {
    const owner = appClient(app, keys.get('OWNER') ?? '');
    await owner(`mutation {
      categoryCreate(input: { code: "C", name: "Food" }) { userErrors { code } }
    }`);
    const { category } = await owner<{ category: { id: string } }>('{ category(by: { code: "C" }) { id } }');
    const input = { sku: 'S', name: 'Bread', category: category.id, barcodes: [{ value: 'BREAD' }] };
    await owner('mutation ($input: StockItemInput!) { stockItemCreate(input: $input) { userErrors { code } } }', { input });
    const { locations } = await owner<{ locations: { id: string }[] }>('{ locations { id } }');
    const received = { key: 'K', stockItem: { sku: 'S' }, location: locations[0]?.id, quantity: 1 };
    const made = await owner('mutation ($input: StockInput!) { stockReceive(input: $input) { userErrors { message } } }', {
      input: received,
    });
    expect(made).toEqual({ stockReceive: { userErrors: [] } });
    const scan = (selection: string) =>
      graphqlReply(
        app,
        keys.get('DEVICE'),
        `mutation { scan(input: { id: "beep", code: "BREAD", mode: LOOKUP }) { stockItem { ${selection} } } }`,
      );
    const own = 'name onHand levels { onHand } category { name path { name } }';
    expect(await scan(own)).toMatchObject({
      data: { scan: { stockItem: { name: 'Bread', category: { path: [{ name: 'Food' }] } } } },
    });
    for (const beyond of [
      'category { stockItems { nodes { name } } }',
      'category { children { name } }',
      'category { path { stockItems { totalCount } } }',
      'stockMovements { nodes { actor } }',
      'levels { alerts { acknowledgedBy } }',
    ]) {
      expect([beyond, (await scan(beyond)).errors?.[0]?.extensions.code]).toEqual([beyond, 'FORBIDDEN']);
    }
  });

  test('keys are nodes only for those who may see them', async () => {
    const { apiKeys } = await appClient(app, keys.get('OWNER') ?? '')<{ apiKeys: { id: string }[] }>('{ apiKeys { id } }');
    const ids = apiKeys.map(({ id }) => id);
    const nodesFor = async (role: string) =>
      (
        await appClient(app, keys.get(role) ?? '')<{ nodes: unknown[] }>('query ($ids: [ID!]!) { nodes(ids: $ids) { id } }', {
          ids,
        })
      ).nodes;
    expect(await nodesFor('OWNER')).toEqual(apiKeys);
    for (const role of ['MANAGER', 'CLERK', 'READER']) expect(await nodesFor(role)).toEqual(ids.map(() => null));
  });
});
