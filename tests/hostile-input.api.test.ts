import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { stockroomSchema, type App } from '../src/app.js';
import { parseGlobalId } from '../src/graphql/global-id.js';
import { newId } from '../src/kernel/ids.js';
import { appClient, createTestApp } from './support/app.js';
import { openFiles } from './support/open-files.js';
import { openNotified } from './support/notified.js';
import { openWebhook } from './support/webhooked.js';
import { createTestDatabase, type TestDatabase } from './support/database.js';
import { leavesOf, place, plainFiller, requestFor, rootFields, type Leaf, type RootField } from './support/schema-requests.js';

/** How deep a reply is asked for: as far as the rows that the act touched. */
const DEPTH = 3;
const TEN_THOUSAND = 10_000;
const TEXTS: Readonly<Record<string, unknown>> = {
  NUL: 'a\0b',
  'half a character': 'a\ud800b',
  'ten thousand characters': 'n'.repeat(TEN_THOUSAND),
  'ten thousand characters of four bytes': '𝄞'.repeat(TEN_THOUSAND / 2),
  __proto__: '__proto__',
  'a quote, a backslash, braces': `'";\\{}$1%_?--`,
  nothing: '',
  blanks: ' \t\n\u2028 ',
  'text that changes its length in upper case': 'ßŉﬃ',
};
const INSTANTS: Readonly<Record<string, unknown>> = {
  'the first': '0001-01-01T00:00:00Z',
  'before the first': '0001-01-01T00:00:00+23:59',
  'the last': '9999-12-31T23:59:59.999999999Z',
  'behind the last': '9999-12-31T23:59:59.999999999-23:59',
};
const DECIMALS: Readonly<Record<string, unknown>> = {
  'the largest': '99999999999999.999999',
  'the smallest': '-99999999999999.999999',
  'the finest': '0.000001',
  zero: '-0',
  'not a number': 'NaN',
  infinite: 'Infinity',
  'too many digits': '9'.repeat(TEN_THOUSAND),
};
const INTEGERS: Readonly<Record<string, unknown>> = { largest: 2_147_483_647, smallest: -2_147_483_648, 'too large': 2 ** 53 };
const HOSTILE: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  ID: { ...TEXTS, 'a number': Number.MAX_SAFE_INTEGER },
  String: TEXTS,
  DateTime: { ...INSTANTS, ...TEXTS },
  Decimal: DECIMALS,
  Int: INTEGERS,
};

const FIELDS = rootFields(stockroomSchema());
const CASES = FIELDS.flatMap((field) =>
  leavesOf(field).map((leaf) => [`${field.name}: ${leaf.path.join('.')}`, field, leaf] as const),
);

let database: TestDatabase;
let app: App;
let secret: string;
let ids: Record<string, string>;

beforeAll(async () => {
  database = await createTestDatabase();
  app = await createTestApp(database);
  const opened = await app.services.shops.create({ name: 'Hostile', currency: 'ZAR', timeZone: 'Africa/Johannesburg' });
  const { actor } = opened;
  ({ secret } = opened);
  const client = appClient(app, secret);
  const made = await client<Record<string, Record<string, { id: string }>>>(`mutation {
    stockItemCreate(input: { sku: "OLD", name: "Old" }) { stockItem { id } }
    categoryCreate(input: { code: "OLD", name: "Old" }) { category { id } }
    locationCreate(input: { code: "OLD", name: "Old" }) { location { id } }
    stockReceive(input: { key: "OLD", stockItem: { sku: "OLD" }, quantity: 1 }) { movement { id } }
    scan(input: { id: "OLD", code: "OLD", mode: SALE }) { id }
  }`);
  const { locations } = await client<{ locations: { id: string; code: string }[] }>('{ locations { id code } }');
  const rule = { stockItem: made.stockItemCreate?.stockItem?.id, location: locations.find(({ code }) => code === 'SHOP')?.id };
  const { reorderRuleSet } = await client<{ reorderRuleSet: { level: { alerts: { id: string }[] } } }>(
    'mutation ($rule: ReorderRuleInput!) { reorderRuleSet(input: $rule) { level { alerts { id } } } }',
    { rule: { ...rule, reorderPoint: 1, reorderQuantity: 1 } },
  );
  const { recipient } = await openNotified(app, actor, 'hostile', reorderRuleSet.level.alerts[0]?.id ?? '');
  const { webhook, delivery } = await openWebhook(app, actor, 'hostile');
  const item = { id: parseGlobalId(made.stockItemCreate?.stockItem?.id ?? '')?.id ?? '', name: 'Old' };
  const { file, upload } = await openFiles(app, actor, item);
  ids = {
    webhookEndpoint: webhook,
    fileUpload: upload,
    file,
    webhookDelivery: delivery,
    endpoint: webhook,
    notificationRecipient: recipient,
    recipient,
    stockAlert: reorderRuleSet.level.alerts[0]?.id ?? '',
    stockItem: made.stockItemCreate?.stockItem?.id ?? '',
    category: made.categoryCreate?.category?.id ?? '',
    location: locations.find(({ code }) => code === 'SHOP')?.id ?? '',
    other: locations.find(({ code }) => code === 'OLD')?.id ?? '',
  };
});
afterAll(async () => {
  await app.close();
  await database.drop();
});

/** Everything but the hostile value is as good as can be, so that it comes as far as it can. */
const good =
  (field: RootField) =>
  (leaf: Leaf): unknown => {
    const name = leaf.path.at(-1) ?? '';
    if (name === 'sku' && leaf.path.includes('stockItem')) return 'OLD';
    if (name === 'contentType') return 'image/png';
    if (leaf.scalar === 'String') return `G-${newId()}`;
    if (leaf.scalar !== 'ID') return plainFiller(leaf);
    const byName: Record<string, string | undefined> = { ...ids, from: ids.location, to: ids.other };
    const byField = Object.keys(ids).find((type) => field.name.startsWith(type));
    return byName[name] ?? (name === 'id' && byField !== undefined ? ids[byField] : newId());
  };

/** Whatever it is, it is answered, and never as if the server were at fault. */
async function expectAnswer(what: string, payload: string): Promise<void> {
  const headers = { authorization: `Bearer ${secret}`, 'content-type': 'application/json' };
  const { statusCode, body } = await app.inject({ method: 'POST', url: '/graphql', headers, payload });
  expect([what, statusCode < 500 && !body.includes('INTERNAL_SERVER_ERROR'), body.slice(0, 500)]).toEqual([
    what,
    true,
    expect.stringMatching(/"(data|errors)":/),
  ]);
}

function requestWith(field: RootField, { path }: Leaf, value: unknown): string {
  const { query, variables } = requestFor(field, { fill: good(field), with: path, depth: DEPTH });
  place(variables, path, value);
  return JSON.stringify({ query, variables });
}

describe('hostile values', () => {
  test.each(CASES)('%s', async (_, field, leaf) => {
    for (const [what, value] of Object.entries(HOSTILE[leaf.scalar] ?? {})) {
      await expectAnswer(what, requestWith(field, leaf, value));
    }
  });
});

describe('JSON that no client writes', () => {
  const MARK = '"@@"';

  test.each(CASES)('%s', async (_, field, leaf) => {
    const marked = requestWith(field, leaf, JSON.parse(MARK));
    for (const raw of [
      '1e400',
      '-1e400',
      '1e-400',
      '{"__proto__":{"polluted":true}}',
      '{"constructor":{"prototype":1}}',
      '[]',
      'true',
    ]) {
      await expectAnswer(raw, marked.replace(MARK, raw));
    }
    const key = `"${leaf.path.at(-1) ?? ''}":${MARK}`;
    await expectAnswer('a key', marked.replace(key, '"__proto__":{"polluted":true}'));
    expect({}).not.toHaveProperty('polluted');
  });
});

test('cursors that were never given out', async () => {
  const lists = [
    'stockItems',
    'stockItems(sort: NAME)',
    'stockItems(sort: CREATED_AT)',
    'stockLevels',
    'stockMovements',
    'parkedScans',
    'webhookDeliveries',
    'notifications',
  ];
  const [zero, year0, huge] = ['00000000-0000-0000-0000-000000000000', '0000-01-01T00:00:00.000Z', '9'.repeat(18)];
  const names = [
    ...['stockItems.sku', 'stockItems.name', 'stockItems.createdAt', 'stockLevels', 'stockMovements'],
    ...['parkedScans', 'webhookDeliveries', 'notifications'],
  ];
  const keysets = [
    [],
    ['a\0'],
    ['\ud800'],
    ['\ud800', zero],
    ['a', 'b'],
    [year0, zero],
    [zero],
    [huge],
    [`-${huge}`],
    ['1e5'],
    [{}],
    [null],
  ];
  for (const list of lists) {
    for (const name of names) {
      for (const keyset of keysets) {
        const after = Buffer.from(JSON.stringify([name, ...keyset])).toString('base64url');
        const args = `(after: "${after}"`;
        const query = `{ ${list.includes('(') ? list.replace('(', `${args}, `) : `${list}${args})`} { totalCount nodes { id } } }`;
        await expectAnswer(`${list} ${JSON.stringify(keyset)}`, JSON.stringify({ query }));
      }
    }
  }
});

describe('a scan as a device sends it', () => {
  const HOSTILE_SCANS = [
    { code: 'a\0b' },
    { code: 'a\ud800b' },
    { code: 'n'.repeat(TEN_THOUSAND) },
    { code: '__proto__', id: '__proto__', mode: '__proto__', loc: '__proto__' },
    { code: 'x', id: 'a\0' },
    { code: 'x', id: '\udc00' },
    { code: 'x', loc: 'a\0' },
    { code: 'x', loc: '\ud800' },
    { code: 'x', loc: 'l'.repeat(TEN_THOUSAND) },
    { code: 'x', mode: 'ß' },
    { code: 'x', qty: '9'.repeat(TEN_THOUSAND) },
    { code: 'x', qty: '99999999999999.999999' },
    { code: 'x', timestamp: 1e15 },
    { code: 'x', timestamp: 999_999_999_999_999 },
    { code: 'x', timestamp: '9999-12-31T23:59:59-23:59' },
    { code: 'x', timestamp: '0001-01-01T00:00:00+23:59' },
    { code: 'x', timestamp: 1e308 },
    { code: 'x', timestamp: -1 },
    { code: 'x', seq: Number.MAX_SAFE_INTEGER },
    { code: 'x', seq: -Number.MAX_SAFE_INTEGER },
    { code: {} },
    { code: [] },
    { code: true },
    [],
    [[]],
    null,
    { scans: {} },
    { scans: [null] },
  ];

  test.each(HOSTILE_SCANS.map((scan) => [JSON.stringify(scan).slice(0, 80), scan]))('%s', async (_, scan) => {
    const headers = { authorization: `Bearer ${secret}`, 'content-type': 'application/json' };
    const bodies = [JSON.stringify(scan), JSON.stringify(scan).replace('{', '{"mode":"SALE",')];
    for (const payload of bodies) {
      const { statusCode, body } = await app.inject({ method: 'POST', url: '/scan', headers, payload });
      expect([statusCode < 500, body]).toEqual([true, expect.stringMatching(/^(OK|NO|PARKED) [^\n]+\n$/)]);
    }
  });
});
