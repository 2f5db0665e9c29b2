import { describe, expect, test } from 'vitest';
import { ProcessTier } from '../../../src/platform/cache/process-tier.js';
import { PATIENCE } from './cache-fixture.js';

const TTL_MS = 600_000;
const SHORT_TTL_MS = 20;
const MANY = 20;
/** More than it keeps. */
const TOO_MANY = 150_000;

const text = (name: string, of: string, ttlMs = TTL_MS) => ({ name, text: of, ttlMs });

describe("a process's own memory", () => {
  test('keeps texts by name, apart for each namespace, for their time', async () => {
    const tier = new ProcessTier('me');
    await tier.set('one', [text('a', '1'), text('b', '2', SHORT_TTL_MS)]);
    await tier.offer('other', [text('a', '3')]);
    expect(await tier.get('one', ['a', 'none'])).toEqual(['1', undefined]);
    expect(await tier.get('other', ['a', 'b'])).toEqual(['3', undefined]);
    await expect.poll(() => tier.get('one', ['b']), PATIENCE).toEqual([undefined]);
  });

  test('of many who set what is absent at a time one has set it for all', async () => {
    const tier = new ProcessTier('me');
    await tier.set('one', [text('there', 'kept')]);
    const setting = Array.from({ length: MANY }, (_, number) =>
      tier.setIfAbsent('one', [text('there', String(number)), text('a', String(number))]),
    );
    expect(await Promise.all(setting)).toEqual(setting.map(() => ['kept', '0']));
    expect(await tier.get('one', ['there', 'a'])).toEqual(['kept', '0']);
  });

  test('forgets what was not asked for longest rather than grow without end', async () => {
    const tier = new ProcessTier('me');
    const name = (number: number): string => `text ${String(number)}`;
    for (let number = 0; number < TOO_MANY; number += 1) await tier.set('one', [text(name(number), 'kept')]);
    const kept = await tier.get(
      'one',
      Array.from({ length: TOO_MANY }, (_, number) => name(number)),
    );
    expect(kept[0]).toBeUndefined();
    expect(kept.at(-1)).toBe('kept');
    expect(kept.filter((of) => of !== undefined).length).toBeLessThan(TOO_MANY);
  });

  test('is named by whose it is', () => {
    expect(new ProcessTier('me').link).not.toBe(new ProcessTier('you').link);
  });
});
