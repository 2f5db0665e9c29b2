import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parseScaleOptions } from '../../seeders/scale/options.js';
import { seedScaleShop, type ScaleSeeding } from '../../seeders/scale/seed-scale-shop.js';
import { countFaults } from '../../seeders/scale/verify.js';
import { scaleItems } from '../../seeders/scale/catalogue.js';
import { MAKERS, RARE_WORDS } from '../../seeders/scale/vocabulary.js';
import { ApiKeyAuthenticator, type Actor } from '../../src/features/access/index.js';
import { MovementService, type StockAct } from '../../src/features/stock/index.js';
import { STOCK_REFUSALS } from '../../src/features/stock/stock-refusals.js';
import { systemClock } from '../../src/kernel/clock.js';
import { isValidGtin } from '../../src/kernel/gtin.js';
import { newId } from '../../src/kernel/ids.js';
import { quantity } from '../../src/kernel/quantity.js';
import { UnitOfWork } from '../../src/platform/unit-of-work.js';
import pg from 'pg';
import { createTestDatabase, type TestDatabase } from '../support/database.js';

const SIZE = { items: 200, locations: 4, movements: 2_000, seed: 7 };

let database: TestDatabase;
let client: pg.Client;
let seeding: ScaleSeeding;

beforeAll(async () => {
  database = await createTestDatabase();
  client = new pg.Client(database.url);
  await client.connect();
  seeding = await seedScaleShop(database.url, SIZE);
});
afterAll(async () => {
  await client.end();
  await database.drop();
});

function fail(error: unknown): void {
  throw error;
}

async function rows<T extends object>(sql: string, values: unknown[] = [seeding.shop.id]): Promise<T[]> {
  return (await client.query<T>(sql, values)).rows;
}

async function count(sql: string, values?: unknown[]): Promise<number> {
  const [row] = await rows<{ count: string }>(`select count(*) from ${sql}`, values);
  return Number(row?.count);
}

describe('a seeded shop', () => {
  test('has exactly as many rows as were asked for, and no fault', async () => {
    expect(await count('stock_item where shop_id = $1')).toBe(SIZE.items);
    expect(await count('stock_level where shop_id = $1')).toBe(SIZE.items * SIZE.locations);
    expect(await count('stock_movement where shop_id = $1')).toBe(SIZE.movements);
    expect(Object.values(seeding.faults)).toEqual([0, 0, 0, 0, 0, 0]);
  });

  test('has movements of every kind, transfers in pairs', async () => {
    const kinds = await rows<{ kind: string; n: string }>(
      'select kind, count(*) as n from stock_movement where shop_id = $1 group by 1',
    );
    expect(kinds).toHaveLength(11);
    const of = (wanted: string) => kinds.find(({ kind }) => kind === wanted)?.n;
    expect(of('TRANSFER_OUT')).toBe(of('TRANSFER_IN'));
  });

  test('has a tree of three levels and barcodes that scan', async () => {
    const sql = `select max(depth) as depth from (with recursive t(id, depth) as (
      select id, 1 from category where shop_id = $1 and parent_id is null
      union all select c.id, depth + 1 from category c join t on c.parent_id = t.id) select depth from t) d`;
    expect(await rows(sql)).toEqual([{ depth: 3 }]);
    const codes = await rows<{ value: string; quantity: string }>('select value, quantity from barcode where shop_id = $1');
    expect(codes.filter(({ value }) => !isValidGtin(value))).toEqual([]);
    const cases = codes.filter(({ value }) => value.length === 14);
    expect(new Set(cases.map((each) => Number(each.quantity)))).toEqual(new Set([12]));
  });

  test('leaves the triggers on', async () => {
    const off = await rows(`select tgname from pg_trigger where tgenabled = 'D'`, []);
    expect(off).toEqual([]);
    const [level] = await rows<{ id: string }>('select id from stock_level where shop_id = $1 and on_hand > 0 limit 1');
    const tamper = client.query('update stock_level set on_hand = on_hand + 1 where shop_id = $1 and id = $2', [
      seeding.shop.id,
      level?.id,
    ]);
    await expect(tamper).rejects.toThrow(/its ledger says/);
  });
});

describe('the services take it from there', () => {
  let actor: Actor;
  let service: MovementService;

  beforeAll(async () => {
    const authenticator = new ApiKeyAuthenticator(database.orm.em, systemClock, fail);
    const found = await authenticator.authenticate(seeding.shop.ownerKey);
    await authenticator.close();
    if (!found) throw new Error('The printed key opens nothing.');
    actor = found;
    service = new MovementService(new UnitOfWork(database.orm.em, STOCK_REFUSALS), systemClock);
  });

  test('the printed key is the owner, and an act on a seeded level is applied', async () => {
    expect(actor.role).toBe('OWNER');
    const [level] = await rows<{ item: string; location: string; on_hand: string; version: number }>(
      `select stock_item_id as item, location_id as location, on_hand, version from stock_level
       where shop_id = $1 and on_hand >= 1 order by version desc limit 1`,
    );
    const act: StockAct = {
      type: 'MOVE',
      kind: 'SALE',
      key: { scope: 'STOCK', key: newId() },
      item: { id: level?.item },
      location: { id: level?.location },
      quantity: quantity(1),
    };
    const { status, levels } = await service.postOne(actor, act);
    expect(status).toBe('APPLIED');
    expect(levels[0]?.version).toBe((level?.version ?? 0) + 1);
    expect(levels[0]?.onHand.toFixed(6)).toBe(
      quantity(level?.on_hand ?? 0)
        .minus(1)
        .toFixed(6),
    );
  });

  test.each(['RECEIPT', 'SALE', 'COUNT', 'ADJUSTMENT'] as const)(
    'the key of a seeded %s answers to the same act with what it made',
    async (kind) => {
      const [line] = await rows<
        Record<'id' | 'key' | 'item' | 'location' | 'asked', string> & Record<'reason' | 'reference', string | null>
      >(
        `select m.id, k.key, stock_item_id as item, location_id as location, reason, reference,
           case kind when 'COUNT' then counted when 'ADJUSTMENT' then quantity else abs(quantity) end as asked
         from stock_movement m join idempotency_key k on k.shop_id = m.shop_id and k.movement_ids = array[m.id]
         where m.shop_id = $1 and kind = $2 limit 1`,
        [seeding.shop.id, kind],
      );
      if (!line) throw new Error(`No ${kind} was seeded.`);
      const verdict = await service.postOne(actor, {
        type: 'MOVE',
        kind,
        key: { scope: 'STOCK', key: line.key },
        item: { id: line.item },
        location: { id: line.location },
        quantity: quantity(line.asked),
        reason: line.reason ?? undefined,
        reference: line.reference ?? undefined,
      });
      expect([verdict.status, verdict.movements.map(({ id }) => id)]).toEqual(['REPLAYED', [line.id]]);
    },
  );

  test('the checks see what does not agree', async () => {
    await client.query('begin');
    for (const table of ['stock_level', 'stock_movement', 'idempotency_key'])
      await client.query(`alter table ${table} disable trigger user`);
    await client.query(
      `update stock_level set on_hand = on_hand + 1 where id = (select id from stock_level where shop_id = $1 order by id limit 1)`,
      [seeding.shop.id],
    );
    await client.query(
      `delete from idempotency_key where ctid = (select ctid from idempotency_key where shop_id = $1 and cardinality(movement_ids) = 1 limit 1)`,
      [seeding.shop.id],
    );
    await client.query(
      `update stock_movement set balance_before = balance_before + 1, balance_after = balance_after + 1
       where id = (select id from stock_movement where shop_id = $1 and level_version = 2 and kind = 'SALE' order by seq limit 1)`,
      [seeding.shop.id],
    );
    const faults = await countFaults(client, seeding.shop.id, () => undefined);
    await client.query('rollback');
    expect(faults['levels that differ from their ledger']).toBe(1);
    expect(faults['lines that no key or several keys name']).toBe(1);
    expect(faults['lines that do not continue the one before']).toBeGreaterThanOrEqual(1);
  });
});

test('an interrupted seeding leaves nothing', async () => {
  const stop = new AbortController();
  const before = await count('shop', []);
  const seeded = seedScaleShop(database.url, {
    ...SIZE,
    signal: stop.signal,
    progress: (what, done) => {
      if (what === 'movements' && done > 0) stop.abort();
    },
  });
  await expect(seeded).rejects.toThrow();
  expect(await count('shop', [])).toBe(before);
  expect(await rows(`select tgname from pg_trigger where tgenabled = 'D'`, [])).toEqual([]);
});

test('the same seed makes the same items; some words are on 417 of 50,000, some on 42', () => {
  expect([...scaleItems(50, 3)]).toEqual([...scaleItems(50, 3)]);
  expect([...scaleItems(50, 3)]).not.toEqual([...scaleItems(50, 4)]);
  const texts = [...scaleItems(50_000, 1)].map(({ searchText }) => searchText);
  const hits = (word: string) => texts.filter((text) => text.includes(word.toLowerCase())).length;
  expect(new Set(MAKERS.map(hits))).toEqual(new Set([416, 417]));
  expect(new Set(RARE_WORDS.map(hits))).toEqual(new Set([41, 42]));
  expect(texts).toHaveLength(50_000);
});

describe('arguments', () => {
  test('have defaults', () => {
    expect(parseScaleOptions([], 'usage')).toEqual({ items: 50_000, locations: 4, movements: 1_000_000, seed: 1 });
    expect(parseScaleOptions(['--items', '9', '--movements=0'], 'usage')).toMatchObject({ items: 9, movements: 0 });
  });

  test.each([
    [['--items', '0'], '--items must be a whole number from 1 to 1000000'],
    [['--movements', '1e6'], '--movements must be a whole number from 0 to 100000000'],
    [['--locations', '-1'], 'usage'],
    [['--size', '1'], 'usage'],
    [['fast'], 'usage'],
    [['--items', '1000000', '--locations', '1000'], '--items times --locations must be at most 10000000'],
  ])('%j are refused', (args, message) => {
    expect(() => parseScaleOptions(args, 'usage')).toThrow(message);
  });
});
