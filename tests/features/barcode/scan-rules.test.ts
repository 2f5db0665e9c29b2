import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { orderBySeq } from '../../../src/features/barcode/scan-order.js';
import { MAX_SAY_LENGTH, sayLeft, sayParked, sayRefused } from '../../../src/features/barcode/scan-say.js';
import { scanClock } from '../../../src/features/barcode/scan-time.js';
import { readTextScan } from '../../../src/features/barcode/scan-door.js';
import { toGlobalId } from '../../../src/graphql/global-id.js';
import { DomainError, InvalidError } from '../../../src/kernel/errors.js';
import { newId } from '../../../src/kernel/ids.js';
import { formatQuantity, quantity } from '../../../src/kernel/quantity.js';

describe('order', () => {
  test('scans without seq keep their place, equal ones their order', () => {
    const seqs = [5, undefined, 3, 3, undefined, 1];
    expect(orderBySeq(seqs.map((seq) => ({ seq })))).toEqual([5, 1, 2, 3, 4, 0]);
  });

  test('is a permutation with ascending seq', () => {
    fc.assert(
      fc.property(fc.array(fc.option(fc.integer(), { nil: undefined })), (seqs) => {
        const order = orderBySeq(seqs.map((seq) => ({ seq })));
        const numbers = order.flatMap((index) => seqs[index] ?? []);
        expect([...order].sort((a, b) => a - b)).toEqual(seqs.map((_, index) => index));
        expect(numbers).toEqual([...numbers].sort((a, b) => a - b));
        for (const [place, index] of order.entries()) expect(seqs[place] === undefined).toBe(seqs[index] === undefined);
      }),
    );
  });
});

describe('time', () => {
  const now = new Date('2026-11-22T12:00:00Z');
  test.each([
    ['a clock that is right', undefined, '2026-11-22T11:00:00Z', '2026-11-22T11:00:00.000Z'],
    ['one that is an hour behind', '2026-11-22T11:00:00Z', '2026-11-22T10:30:00Z', '2026-11-22T11:30:00.000Z'],
    ['one that is an hour ahead', '2026-11-22T13:00:00Z', '2026-11-22T12:30:00Z', '2026-11-22T11:30:00.000Z'],
    ['one that was reset', '1970-01-01T01:00:00Z', '1970-01-01T00:59:00Z', '2026-11-22T11:59:00.000Z'],
    ['a time to come', undefined, '2026-11-23T11:00:00Z', '2026-11-22T12:00:00.000Z'],
    ['a time before there were scanners', undefined, '1999-12-31T23:59:59Z', '2026-11-22T12:00:00.000Z'],
  ])('%s', (...[, sentAt, scannedAt, expected]) => {
    const clock = scanClock(now, sentAt === undefined ? undefined : new Date(sentAt));
    expect(clock.correct(new Date(scannedAt)).toISOString()).toBe(expected);
  });

  test('the skew is how much the device is behind', () => {
    expect(scanClock(now, new Date('2026-11-22T11:00:00Z')).clockSkewMs).toBe(3_600_000);
    expect(scanClock(now, new Date('2026-11-22T12:00:01Z')).clockSkewMs).toBe(-1000);
    expect(scanClock(now).clockSkewMs).toBe(0);
  });
});

describe('the line on the small screen', () => {
  const item = (name: string, unit = 'each') => ({ name, unit });
  const level = (onHand: string) => ({ onHand: quantity(onHand) });

  test('names what is left, with the unit where there is one to name', () => {
    expect(sayLeft(item('Maize meal 10 kg'), level('11'))).toBe('Maize meal 10 kg: 11 left');
    expect(sayLeft(item('Tomatoes loose', 'kg'), level('3.500000'))).toBe('Tomatoes loose: 3.5 kg left');
    expect(sayLeft(item('Bread'), undefined)).toBe('Bread: 0 left');
  });

  test('says in short why not', () => {
    const insufficient = new DomainError('INSUFFICIENT_STOCK', 'Only 2 on hand; 3 asked for. Nothing was taken.');
    expect(sayRefused(insufficient, item('Maize meal 10 kg'), level('2'))).toBe('Maize meal 10 kg: only 2 left, nothing taken');
    expect(sayRefused(new InvalidError('No.'), item('Bread'), undefined)).toBe('Bread: No.');
    expect(sayRefused(new InvalidError('The code is blank.'), undefined, undefined)).toBe('The code is blank.');
  });

  test('keeps the start of a long code', () => {
    expect(sayParked('6001087340014', true)).toBe('6001087340014: unknown code, kept');
    expect(sayParked('https://example.com/01/06001087340014/10/LOT42', true)).toBe(
      'https://example.com/01/06001087340014/1…: unknown code, kept',
    );
  });

  test('is one line of at most 120 characters whose end is whole, whatever the names', () => {
    const text = fc.string({ unit: 'binary', maxLength: 300 });
    fc.assert(
      fc.property(text, text, (name, reason) => {
        const lines = [
          sayLeft(item(name), level('11')),
          sayParked(name, true),
          sayRefused(new InvalidError(reason), item(name), undefined),
          sayRefused(new InvalidError(reason), undefined, undefined),
        ];
        for (const line of lines) {
          expect(line.length).toBeLessThanOrEqual(MAX_SAY_LENGTH);
          expect(line).not.toMatch(/[\p{Cc}\u2028\u2029]/u);
          expect(line.isWellFormed()).toBe(true);
        }
        expect(lines[0]).toMatch(/: 11 left$/);
      }),
    );
  });
});

describe('a scan as text', () => {
  const read = (more: object) => readTextScan({ code: 'x', ...more });

  test('without an id gets one of its own', () => {
    expect(read({}).id).not.toBe(read({}).id);
    expect(read({ id: 'a' }).id).toBe('a');
  });

  test.each([
    ['2026-11-22T13:30:00+02:00', '2026-11-22T11:30:00.000Z'],
    ['1795347000', '2026-11-22T11:30:00.000Z'],
    [1795347000, '2026-11-22T11:30:00.000Z'],
    [1795347000123, '2026-11-22T11:30:00.123Z'],
    ['1795347000123', '2026-11-22T11:30:00.123Z'],
    [1795347000.5, '2026-11-22T11:30:00.500Z'],
  ])('the time %s', (scannedAt, expected) => {
    expect(read({ scannedAt }).scannedAt?.toISOString()).toBe(expected);
  });

  test('a location may be a code or a global id', () => {
    const id = newId();
    const globalId = toGlobalId('Location', id);
    expect(read({ location: globalId }).location).toEqual({ sent: globalId, id, code: globalId });
    expect(read({ location: 'L1' }).location).toEqual({ sent: 'L1', id: undefined, code: 'L1' });
  });

  test.each([
    [{ mode: 'SELL' }, 'mode'],
    [{ quantity: '1e3' }, 'quantity'],
    [{ quantity: '1.0000001' }, 'quantity'],
    [{ scannedAt: 'yesterday' }, 'scannedAt'],
    [{ scannedAt: -1 }, 'scannedAt'],
    [{ scannedAt: '2026-11-22 13:30' }, 'scannedAt'],
  ])('%j is refused', (sent, field) => {
    expect(read(sent).fault).toMatchObject({ code: 'INVALID', path: [field] });
  });

  test('values are read as they are', () => {
    const { mode, quantity: packs, seq, fault } = read({ mode: 'sale', quantity: '2.50', seq: 4 });
    expect([mode, packs && formatQuantity(packs), seq, fault]).toEqual(['SALE', '2.5', 4, undefined]);
  });
});
