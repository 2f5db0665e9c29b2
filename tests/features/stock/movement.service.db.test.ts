import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { MovementService, STOCK_REFUSALS, type StockAct, type Verdict } from '../../../src/features/stock/index.js';
import { systemClock } from '../../../src/kernel/clock.js';
import { newId } from '../../../src/kernel/ids.js';
import { formatQuantity, quantity } from '../../../src/kernel/quantity.js';
import { UnitOfWork } from '../../../src/platform/unit-of-work.js';
import { createShop, type ShopFixture } from '../../support/shop-fixture.js';
import { createTestDatabase, type TestDatabase } from '../../support/database.js';

let database: TestDatabase;
let service: MovementService;
let shop: ShopFixture;

beforeAll(async () => {
  database = await createTestDatabase();
  service = new MovementService(new UnitOfWork(database.orm.em, STOCK_REFUSALS), systemClock);
  shop = await createShop(database.orm.em, { locations: 2, items: 30 });
});
afterAll(() => database.drop());

let nextItem = 0;
function freshItem() {
  const item = shop.items[nextItem++];
  if (!item) throw new Error('The fixture has too few items.');
  return item;
}

type Move = Extract<StockAct, { type: 'MOVE' }>;
function move(kind: Move['kind'], itemId: string, amount: string, more: Partial<Move> = {}): Move {
  const location = { id: shop.locations[0]?.id };
  return {
    type: 'MOVE',
    kind,
    key: { scope: 'STOCK', key: newId() },
    item: { id: itemId },
    location,
    quantity: quantity(amount),
    ...more,
  };
}

const onHand = ({ levels }: Verdict) => levels.map((level) => formatQuantity(level.onHand));
const lines = ({ movements }: Verdict) =>
  movements.map((line) => `${line.kind} ${formatQuantity(line.quantity)} → ${formatQuantity(line.balanceAfter)}`);

describe('one act', () => {
  test('a receipt and an issue change the level and stand in the ledger', async () => {
    const { id } = freshItem();
    const received = await service.postOne(shop.actor, move('RECEIPT', id, '12.5'));
    const issued = await service.postOne(shop.actor, move('ISSUE', id, '2.25'));
    expect([received.status, lines(received), onHand(received)]).toEqual(['APPLIED', ['RECEIPT 12.5 → 12.5'], ['12.5']]);
    expect([issued.status, lines(issued), onHand(issued)]).toEqual(['APPLIED', ['ISSUE -2.25 → 10.25'], ['10.25']]);
    expect(issued.levels[0]?.version).toBe(2);
  });

  test('an issue of more than there is is refused with the level as it is, and its key stays good', async () => {
    const { id } = freshItem();
    await service.postOne(shop.actor, move('RECEIPT', id, '5'));
    const tooMuch = move('ISSUE', id, '6');
    const refused = await service.postOne(shop.actor, tooMuch);
    expect([refused.status, refused.refusal?.code, onHand(refused)]).toEqual(['REFUSED', 'INSUFFICIENT_STOCK', ['5']]);
    const again = await service.postOne(shop.actor, { ...tooMuch, quantity: quantity('4') });
    expect([again.status, onHand(again)]).toEqual(['APPLIED', ['1']]);
  });

  test('the same key is answered with the same movement and the level as it is now', async () => {
    const { id } = freshItem();
    const act = move('RECEIPT', id, '5');
    const first = await service.postOne(shop.actor, act);
    await service.postOne(shop.actor, move('ISSUE', id, '1'));
    const second = await service.postOne(shop.actor, { ...act, quantity: quantity('5.000') });
    expect([second.status, onHand(second)]).toEqual(['REPLAYED', ['4']]);
    expect(second.movements.map((line) => line.id)).toEqual(first.movements.map((line) => line.id));
    const other = await service.postOne(shop.actor, { ...act, quantity: quantity('6') });
    expect(other.refusal?.code).toBe('KEY_REUSED');
  });

  test('a count sets the level, records what was found, and counting what is there is a line of 0', async () => {
    const { id } = freshItem();
    await service.postOne(shop.actor, move('RECEIPT', id, '5'));
    const less = await service.postOne(shop.actor, move('COUNT', id, '3'));
    const same = await service.postOne(shop.actor, move('COUNT', id, '3'));
    expect([lines(less), lines(same)]).toEqual([['COUNT -2 → 3'], ['COUNT 0 → 3']]);
    expect(same.movements[0]?.counted?.toString()).toBe('3');
  });

  test('expectOnHand refuses a level that has moved on', async () => {
    const { id } = freshItem();
    await service.postOne(shop.actor, move('RECEIPT', id, '5'));
    const stale = await service.postOne(
      shop.actor,
      move('ADJUSTMENT', id, '1', { reason: 'found', expectOnHand: quantity('4') }),
    );
    expect([stale.refusal?.code, onHand(stale)]).toEqual(['STALE_QUANTITY', ['5']]);
  });

  test.each([
    ['nothing', () => move('RECEIPT', newId(), '0'), 'INVALID', ['quantity']],
    ['less than nothing', () => move('ISSUE', newId(), '-1'), 'INVALID', ['quantity']],
    ['an adjustment without a reason', () => move('ADJUSTMENT', newId(), '1'), 'INVALID', ['reason']],
    ['a blank key', () => move('RECEIPT', newId(), '1', { key: { scope: 'STOCK', key: ' ' } }), 'INVALID', ['key']],
    ['a key with NUL', () => move('RECEIPT', newId(), '1', { key: { scope: 'STOCK', key: 'a\0b' } }), 'INVALID', ['key']],
    ['an unknown item', () => move('RECEIPT', newId(), '1'), 'NOT_FOUND', ['stockItem']],
  ])('%s is refused', async (_, act, code, path) => {
    const { refusal } = await service.postOne(shop.actor, act());
    expect([refusal?.code, refusal?.path]).toEqual([code, path]);
  });

  test('an unknown location is refused, and so is no location in a shop of two', async () => {
    const { id } = freshItem();
    const unknown = await service.postOne(shop.actor, move('RECEIPT', id, '1', { location: { id: newId() } }));
    const none = await service.postOne(shop.actor, move('RECEIPT', id, '1', { location: undefined }));
    expect([unknown.refusal?.code, none.refusal?.code]).toEqual(['NOT_FOUND', 'INVALID']);
  });
});

test('a refusal where there never was stock names no level: none was left behind', async () => {
  const { id } = freshItem();
  const refused = await service.postOne(shop.actor, move('ISSUE', id, '1'));
  expect([refused.refusal?.code, refused.levels]).toEqual(['INSUFFICIENT_STOCK', []]);
  expect(refused.refusal).toMatchObject({ userErrorDetails: { level: null } });
  expect(await database.orm.em.fork().execute('select 1 from stock_level where stock_item_id = ?', [id])).toEqual([]);
});

describe('transfers and reversals', () => {
  const transfer = (itemId: string, amount: string): StockAct => ({
    type: 'TRANSFER',
    key: { scope: 'STOCK', key: newId() },
    item: { id: itemId },
    from: { id: shop.locations[0]?.id },
    to: { id: shop.locations[1]?.id },
    quantity: quantity(amount),
  });
  const reverse = (movementId: string | undefined): StockAct => ({
    type: 'REVERSAL',
    key: { scope: 'STOCK', key: newId() },
    movementId,
  });

  test('a transfer writes two lines that know each other; its reversal undoes both', async () => {
    const { id } = freshItem();
    await service.postOne(shop.actor, move('RECEIPT', id, '5'));
    const moved = await service.postOne(shop.actor, transfer(id, '2'));
    expect([lines(moved), onHand(moved)]).toEqual([
      ['TRANSFER_OUT -2 → 3', 'TRANSFER_IN 2 → 2'],
      ['3', '2'],
    ]);
    const undone = await service.postOne(shop.actor, reverse(moved.movements[1]?.id));
    expect(lines(undone)).toEqual(['REVERSAL -2 → 0', 'REVERSAL 2 → 5']);
    const twice = await service.postOne(shop.actor, reverse(moved.movements[0]?.id));
    expect(twice.refusal?.code).toBe('ALREADY_DONE');
  });

  test('a transfer of more than there is changes neither side', async () => {
    const { id } = freshItem();
    await service.postOne(shop.actor, move('RECEIPT', id, '1'));
    const refused = await service.postOne(shop.actor, transfer(id, '2'));
    expect(refused.refusal?.code).toBe('INSUFFICIENT_STOCK');
  });

  test('a reversal that cannot be done is refused at its id', async () => {
    const { id } = freshItem();
    const received = await service.postOne(shop.actor, move('RECEIPT', id, '5'));
    await service.postOne(shop.actor, move('ISSUE', id, '1'));
    const { refusal } = await service.postOne(shop.actor, reverse(received.movements[0]?.id));
    expect([refusal?.code, refusal?.path]).toEqual(['INSUFFICIENT_STOCK', ['id']]);
  });

  test('a reversal is stamped as the original, and a count has none', async () => {
    const { id } = freshItem();
    const received = await service.postOne(
      shop.actor,
      move('RECEIPT', id, '5', { occurredAt: new Date('2026-05-01T10:00:00Z') }),
    );
    const undone = await service.postOne(shop.actor, reverse(received.movements[0]?.id));
    expect(undone.movements[0]?.occurredAt).toEqual(new Date('2026-05-01T10:00:00Z'));
    const counted = await service.postOne(shop.actor, move('COUNT', id, '1'));
    expect((await service.postOne(shop.actor, reverse(counted.movements[0]?.id))).refusal?.code).toBe('UNSUPPORTED');
    expect((await service.postOne(shop.actor, reverse(newId()))).refusal?.code).toBe('NOT_FOUND');
  });
});

describe('many acts', () => {
  test('are judged in order against the running level', async () => {
    const { id } = freshItem();
    const verdicts = await service.post(shop.actor, [
      move('RECEIPT', id, '5'),
      move('ISSUE', id, '3'),
      move('ISSUE', id, '3'),
      move('ISSUE', id, '2'),
    ]);
    expect(verdicts.map(({ status }) => status)).toEqual(['APPLIED', 'APPLIED', 'REFUSED', 'APPLIED']);
    expect(verdicts.flatMap(lines)).toEqual(['RECEIPT 5 → 5', 'ISSUE -3 → 2', 'ISSUE -2 → 0']);
  });

  test('atomic: one refusal leaves nothing, and the innocent are NOT_APPLIED', async () => {
    const { id } = freshItem();
    const acts = [move('RECEIPT', id, '5'), move('ISSUE', id, '6')];
    const refused = await service.post(shop.actor, acts, { atomic: true });
    expect(refused.map(({ refusal }) => refusal?.code)).toEqual(['NOT_APPLIED', 'INSUFFICIENT_STOCK']);
    const later = await service.post(shop.actor, [acts[0] ?? move('RECEIPT', id, '5')], { atomic: true });
    expect(later.map(onHand)).toEqual([['5']]);
  });

  test('the same key twice in one batch is one movement', async () => {
    const { id } = freshItem();
    const act = move('RECEIPT', id, '5');
    const verdicts = await service.post(shop.actor, [act, act, { ...act, quantity: quantity('6') }]);
    expect(verdicts.map(({ status, refusal }) => refusal?.code ?? status)).toEqual(['APPLIED', 'REPLAYED', 'KEY_REUSED']);
    expect(verdicts.map(onHand)).toEqual([['5'], ['5'], ['5']]);
  });

  test('atomic: a repetition of an act that was taken back is NOT_APPLIED too, one of an earlier act is still answered', async () => {
    const { id } = freshItem();
    const earlier = move('RECEIPT', id, '1');
    await service.postOne(shop.actor, earlier);
    const act = move('RECEIPT', id, '5');
    const verdicts = await service.post(shop.actor, [earlier, act, act, move('ISSUE', id, '100')], { atomic: true });
    const outcomes = verdicts.map(({ status, refusal }) => refusal?.code ?? status);
    expect(outcomes).toEqual(['REPLAYED', 'NOT_APPLIED', 'NOT_APPLIED', 'INSUFFICIENT_STOCK']);
    expect(verdicts.map(lines)).toEqual([['RECEIPT 1 → 1'], [], [], []]);
  });
});
