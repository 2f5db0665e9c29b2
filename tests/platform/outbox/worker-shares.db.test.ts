import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { newId } from '../../../src/kernel/ids.js';
import { sweepTask } from '../../../src/platform/outbox/sweep.js';
import { NotNow, type RunningJob } from '../../../src/platform/outbox/task.js';
import { noting, OutboxBench } from './outbox-bench.js';

let bench: OutboxBench;
beforeEach(async () => {
  bench = await OutboxBench.open();
});
afterEach(() => bench.close());

const AN_HOUR_MS = 3_600_000;

describe('a shop that has much to be done', () => {
  test('leaves others their part, however long what it has takes', async () => {
    const [begun, told]: [string[], string[]] = [[], []];
    let end = (): void => undefined;
    const ended = new Promise<void>((resolve) => {
      end = resolve;
    });
    const other = newId();
    const run = async ({ shopId }: RunningJob): Promise<void> => {
      begun.push(shopId ?? '');
      if (shopId === other) told.push(shopId);
      else await ended;
    };
    const worker = await bench.worker([noting('asked', [], { concurrency: 8, run })], { works: true });
    await bench.enqueue(...Array.from({ length: 300 }, () => bench.job('asked')));
    await bench.enqueue(...Array.from({ length: 5 }, () => bench.job('asked', { shopId: other })));
    worker.wake();
    await expect.poll(() => told.length, { timeout: 10_000 }).toBe(5);
    expect(begun.filter((shopId) => shopId === bench.shopId)).toHaveLength(2);
    end();
    await expect.poll(async () => (await bench.jobs()).length, { timeout: 20_000 }).toBe(0);
  });

  test('is put off as a whole lane, spread over the time after it', async () => {
    const asked: RunningJob[] = [];
    const run = (job: RunningJob): Promise<void> => {
      asked.push(job);
      return Promise.reject(new NotNow('It is closed.', AN_HOUR_MS, { lane: true }));
    };
    const worker = await bench.worker([noting('asked', [], { run })]);
    await bench.enqueue(...Array.from({ length: 50 }, () => bench.job('asked', { lane: 'a' })));
    await worker.drain();
    expect(asked).toHaveLength(1);
    const jobs = await bench.jobs();
    expect(jobs).toHaveLength(50);
    expect(Math.min(...jobs.map(({ dueInMs }) => dueInMs))).toBeGreaterThan(AN_HOUR_MS - 60_000);
    expect(Math.max(...jobs.map(({ dueInMs }) => dueInMs))).toBeGreaterThan(AN_HOUR_MS * 1.2);
    expect(new Set(jobs.map(({ error }) => error))).toEqual(new Set(['It is closed.']));
  });
});

test('what recurs is there once for all instances, and rests in between', async () => {
  const runs: RunningJob[] = [];
  const tasks = [noting('sweep', runs, { everyMs: AN_HOUR_MS })];
  const workers = [await bench.worker(tasks), await bench.worker(tasks)];
  for (const worker of workers) await worker.drain();
  expect(runs).toHaveLength(1);
  await bench.pass(AN_HOUR_MS);
  for (const worker of workers) await worker.drain();
  expect(runs).toHaveLength(2);
  expect(await bench.jobs()).toMatchObject([{ task: 'sweep', attempts: 0, isClaimed: false }]);
});

test('what was set aside long ago is swept', async () => {
  await bench.enqueue(bench.job('old'), bench.job('new'), bench.job('waiting'));
  const { em } = bench.database.orm;
  await em.fork().execute("update outbox_job set set_aside_at = now() - interval '91 days' where task = 'old'");
  await em.fork().execute("update outbox_job set set_aside_at = now() - interval '89 days' where task = 'new'");
  await (await bench.worker([sweepTask(em)])).drain();
  expect((await bench.jobs()).map(({ task }) => task).toSorted()).toEqual(['new', 'outbox.sweep', 'waiting']);
});

test('what is committed is begun at once where the worker is told, and without a word soon after', async () => {
  const runs: RunningJob[] = [];
  const worker = await bench.worker([noting('asked', runs)], { works: true });
  await bench.enqueue(bench.job('asked'));
  worker.wake();
  await expect.poll(() => runs.length, { timeout: 5_000 }).toBe(1);
  await bench.enqueue(bench.job('asked'));
  await expect.poll(() => runs.length, { timeout: 10_000 }).toBe(2);
});
