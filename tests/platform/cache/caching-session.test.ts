import { setImmediate } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { NO_METRICS } from '../../../src/platform/cache/cache-metrics.js';
import { CachingSession } from '../../../src/platform/cache/caching-session.js';
import { Loads } from '../../../src/platform/cache/loads.js';
import { NearTier } from '../../../src/platform/cache/near-tier.js';
import { ProcessTier } from '../../../src/platform/cache/process-tier.js';
import type { KeptText } from '../../../src/platform/cache/shared-tier.js';
import { Stamps } from '../../../src/platform/cache/stamps.js';
import type { View } from '../../../src/platform/cache/view-keeper.js';
import { gate, TEXTS, Truth, ttls } from './cache-fixture.js';

const MEMORY_BYTES = 1024 * 1024;

/** A memory whose answers can be held back, as those of one behind a network are. */
class HeldTier extends ProcessTier {
  held = Promise.resolve();

  override async setIfAbsent(namespace: string, texts: readonly KeptText[]): Promise<string[]> {
    const { held } = this;
    const standing = await super.setIfAbsent(namespace, texts);
    await held;
    return standing;
  }
}

function viewOf(epoch: number): View {
  return { epoch, token: `token-${String(epoch)}`, isOn: true };
}

test('a request that goes from one view to the next while it waits for a stamp leaves nothing that others believe', async () => {
  const shared = new HeldTier('test');
  const near = new NearTier(MEMORY_BYTES);
  const sizes = { ttlMs: ttls(), unknownTtlMs: 0, metrics: NO_METRICS };
  const stamps = new Stamps(shared);
  const truth = new Truth();
  let view = viewOf(1);
  const parts = { views: { trusted: () => view }, shared, near, stamps, loads: new Loads({ shared, near, ...sizes }), ...sizes };

  /** Finds the stamp of a/1, waits for that of another, and meanwhile is in the next view. */
  const readOnTheWay = async (): Promise<string | undefined> => {
    await new CachingSession(parts).getMany(TEXTS, ['a/0'], truth.load);
    const session = new CachingSession(parts);
    const answer = gate();
    shared.held = answer.passed;
    const reading = session.getMany(TEXTS, ['a/1', 'b/1'], truth.load);
    await setImmediate();
    shared.held = Promise.resolve();
    view = viewOf(view.epoch + 1);
    await session.getMany(TEXTS, ['c/1'], truth.load);
    answer.open();
    return (await reading)[0];
  };

  truth.rows.set('a/1', 'old');
  expect(await readOnTheWay()).toBe('old');
  truth.rows.set('a/1', 'new');
  await stamps.renew(view.token, ['a']);
  expect(await readOnTheWay()).toBe('new');
});
