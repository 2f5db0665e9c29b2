import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { endOfSpan, isWithin, nextAt, startOfDay } from '../../../src/features/notifications/wall-clock.js';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const LAST_MINUTE = 1_439;
/** Half hours, three quarters, clocks that are set at midnight, by half an hour, twice a year around Ramadan, and never. */
const ZONES = [
  'Africa/Johannesburg',
  'Africa/Casablanca',
  'America/New_York',
  'America/Santiago',
  'America/St_Johns',
  'Asia/Beirut',
  'Asia/Kathmandu',
  'Australia/Lord_Howe',
  'Europe/London',
  'Pacific/Chatham',
];

const formats = new Map(
  ZONES.map((timeZone) => [
    timeZone,
    new Intl.DateTimeFormat('en-US', { timeZone, hour: 'numeric', minute: 'numeric', hourCycle: 'h23' }),
  ]),
);

/** What the wall shows, read in another way than the program reads it. */
function wallMinute(at: number, zone: string): number {
  const [hours = '', minutes = ''] = (formats.get(zone)?.format(at) ?? '').split(':');
  return Number(hours) * 60 + Number(minutes);
}

function walk(from: number, isThere: (at: number) => boolean): number {
  let at = (Math.floor(from / MINUTE_MS) + 1) * MINUTE_MS;
  while (!isThere(at)) at += MINUTE_MS;
  return at;
}

/** Moments of which many lie close to where some clock is set. */
const moment = fc.oneof(
  fc.integer({ min: Date.UTC(2025, 0), max: Date.UTC(2028, 0) }),
  fc
    .tuple(
      fc.constantFrom(
        Date.UTC(2026, 2, 8, 7),
        Date.UTC(2026, 10, 1, 6),
        Date.UTC(2026, 2, 29, 1),
        Date.UTC(2026, 9, 25, 1),
        Date.UTC(2026, 3, 4, 15),
        Date.UTC(2026, 9, 3, 15, 30),
        Date.UTC(2026, 8, 6, 4),
        Date.UTC(2026, 3, 5, 3),
        Date.UTC(2026, 2, 28, 22),
      ),
      fc.integer({ min: -14 * HOUR_MS, max: 3 * HOUR_MS }),
    )
    .map(([setting, offset]) => setting + offset),
);
const minute = fc.integer({ min: 0, max: LAST_MINUTE });
const zone = fc.constantFrom(...ZONES);

describe('the clock on the wall', () => {
  test('a span ends at the first minute that does not lie in it, wherever clocks are set', () => {
    fc.assert(
      fc.property(moment, zone, fc.tuple(minute, minute), (now, timeZone, [from, to]) => {
        fc.pre(from !== to);
        const isIn = (at: number): boolean => isWithin(wallMinute(at, timeZone), from, to);
        const expected = isIn(now) ? walk(now, (at) => !isIn(at)) : now;
        expect(endOfSpan(new Date(now), timeZone, { from, to }).getTime()).toBe(expected);
      }),
      { numRuns: 300 },
    );
  });

  test.each([
    [
      'over midnight',
      '2026-06-01T20:30:00Z',
      'Africa/Johannesburg',
      { from: 22 * 60, to: 6 * 60 },
      '2026-06-02T04:00:00Z',
    ] as const,
    [
      'after midnight',
      '2026-06-01T23:30:00Z',
      'Africa/Johannesburg',
      { from: 22 * 60, to: 6 * 60 },
      '2026-06-02T04:00:00Z',
    ] as const,
    ['not yet', '2026-06-01T19:59:59Z', 'Africa/Johannesburg', { from: 22 * 60, to: 6 * 60 }, '2026-06-01T19:59:59Z'] as const,
    [
      'not any more',
      '2026-06-02T04:00:00Z',
      'Africa/Johannesburg',
      { from: 22 * 60, to: 6 * 60 },
      '2026-06-02T04:00:00Z',
    ] as const,
    [
      'a night that is an hour shorter',
      '2026-03-08T04:00:00Z',
      'America/New_York',
      { from: 22 * 60, to: 6 * 60 },
      '2026-03-08T10:00:00Z',
    ] as const,
    [
      'a night that is an hour longer',
      '2026-11-01T03:00:00Z',
      'America/New_York',
      { from: 22 * 60, to: 6 * 60 },
      '2026-11-01T11:00:00Z',
    ] as const,
    [
      'an end that the clock jumps over',
      '2026-03-08T05:30:00Z',
      'America/New_York',
      { from: 22 * 60, to: 150 },
      '2026-03-08T07:00:00Z',
    ] as const,
  ])('%s', (...[, now, timeZone, span, end]) => {
    expect(endOfSpan(new Date(now), timeZone, span)).toEqual(new Date(end));
  });

  test('the next time of the day is the first one to come', () => {
    fc.assert(
      fc.property(moment, zone, minute, (now, timeZone, wanted) => {
        const next = nextAt(new Date(now), timeZone, wanted).getTime();
        const shown = wallMinute(next, timeZone);
        // Shown, or jumped over within this minute.
        const isReached = (at: number): boolean => {
          const [before, after] = [wallMinute(at - MINUTE_MS, timeZone), wallMinute(at, timeZone)];
          return after === wanted || (after !== (before + 1) % 1_440 && isWithin(wanted, (before + 1) % 1_440, after));
        };
        // In whole minutes, as the clock on the wall goes on.
        const latest = Math.ceil(now / MINUTE_MS) * MINUTE_MS + 26 * HOUR_MS;
        expect([next > now, isReached(next), next <= latest]).toEqual([true, true, true]);
        expect(next).toBeLessThanOrEqual(walk(now, (at) => wallMinute(at, timeZone) === wanted));
        if (shown === wanted) expect(walk(now, isReached)).toBeLessThanOrEqual(next);
      }),
      { numRuns: 100, examples: [[1_774_724_579_999, 'Asia/Beirut', 3]] },
    );
  });

  test('a day begins at its midnight, or where the clock jumped over it', () => {
    expect(startOfDay(new Date('2026-06-01T21:59:00Z'), 'Africa/Johannesburg')).toEqual(new Date('2026-05-31T22:00:00Z'));
    expect(startOfDay(new Date('2026-06-01T22:00:00Z'), 'Africa/Johannesburg')).toEqual(new Date('2026-06-01T22:00:00Z'));
    expect(startOfDay(new Date('2026-11-01T20:00:00Z'), 'America/New_York')).toEqual(new Date('2026-11-01T04:00:00Z'));
    expect(startOfDay(new Date('2026-09-06T12:00:00Z'), 'America/Santiago')).toEqual(new Date('2026-09-06T04:00:00Z'));
  });
});
