import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { newId } from '../../../src/kernel/ids.js';
import { doubling, GiveUp, NotNow, type RunningJob } from '../../../src/platform/outbox/task.js';
import { noting, OutboxBench, type JobRow } from './outbox-bench.js';

let bench: OutboxBench;
beforeEach(async () => {
  bench = await OutboxBench.open();
});
afterEach(() => bench.close());

const AN_HOUR_MS = 3_600_000;

describe('what a transaction leaves to be done', () => {
  test('is there when it commits, by event or by job, and is done once', async () => {
    const runs: RunningJob[] = [];
    const worker = await bench.worker([noting('told', runs), noting('asked', runs)]);
    let woken = 0;
    await bench
      .work(() => (woken += 1))
      .run(bench, (transaction) => {
        transaction.emit({ type: 'told', shopId: bench.shopId });
        transaction.enqueue(bench.job('asked', { payload: { item: 'x' } }));
        return Promise.resolve();
      });
    await worker.drain();
    await worker.drain();
    expect(runs.map(({ payload }) => payload)).toEqual(expect.arrayContaining([{ of: 'event' }, { item: 'x' }]));
    expect(runs).toHaveLength(2);
    expect(runs.map(({ shopId, attempt }) => [shopId, attempt])).toEqual(Array(2).fill([bench.shopId, 1]));
    expect([woken, await bench.jobs()]).toEqual([1, []]);
  });

  test.each([
    ['fails', () => Promise.reject(new Error('no'))],
    ['is discarded', undefined],
  ])('is not there when it %s', async (_, failure) => {
    let woken = 0;
    const run = bench
      .work(() => (woken += 1))
      .run(bench, (transaction) => {
        transaction.enqueue(bench.job('asked'));
        if (!failure) transaction.discard();
        return failure?.() ?? Promise.resolve();
      });
    await (failure ? expect(run).rejects.toThrow('no') : run);
    expect([woken, await bench.jobs()]).toEqual([0, []]);
  });
});

describe('of jobs with one key', () => {
  test('one waits, for the earliest time that was asked for', async () => {
    const soon = new Date(Date.now() + 1_000);
    const late = new Date(Date.now() + AN_HOUR_MS);
    await bench.enqueue(bench.job('asked', { key: 'k', runAt: late }), bench.job('asked', { key: 'k', runAt: late }));
    await bench.enqueue(bench.job('asked', { key: 'k', runAt: soon }), bench.job('asked', { key: 'other' }), bench.job('asked'));
    const due = (await bench.jobs()).map(({ dueInMs }) => dueInMs < 60_000);
    expect(due).toEqual([true, true, true]);
  });

  test('one that comes while that runs makes it run once more', async () => {
    const runs: RunningJob[] = [];
    const worker = await bench.worker([
      noting('asked', runs, {
        run: async (job) => {
          runs.push(job);
          if (runs.length === 1) await bench.enqueue(bench.job('asked', { key: 'k' }), bench.job('asked', { key: 'k' }));
        },
      }),
    ]);
    await bench.enqueue(bench.job('asked', { key: 'k' }));
    await worker.drain();
    expect(runs).toHaveLength(2);
    expect(await bench.jobs()).toEqual([]);
  });

  test('two shops wait beside each other', async () => {
    await bench.enqueue(bench.job('asked', { key: 'k' }), bench.job('asked', { key: 'k', shopId: newId() }));
    expect(await bench.jobs()).toHaveLength(2);
  });
});

describe('a job that fails', () => {
  test('is tried again later under the same id, and set aside with its reason after the last try', async () => {
    const runs: RunningJob[] = [];
    const task = noting('asked', runs, {
      retryInMs: doubling(10_000, 3),
      run: (job) => {
        runs.push(job);
        return Promise.reject(new Error(`no ${String(job.attempt)}`));
      },
    });
    const worker = await bench.worker([task]);
    await bench.enqueue(bench.job('asked'));
    await worker.drain();
    expect(await bench.jobs()).toMatchObject([{ attempts: 1, error: 'no 1', isClaimed: false, isSetAside: false }]);
    await worker.drain();
    expect(runs).toHaveLength(1);
    for (let left = 3; left > 0; left -= 1) {
      await bench.pass(AN_HOUR_MS);
      await worker.drain();
    }
    expect(runs.map(({ id }) => id)).toEqual(Array(3).fill(runs[0]?.id));
    expect(await bench.jobs()).toMatchObject([{ attempts: 3, error: 'no 3', isSetAside: true }]);
    expect(bench.ended.map(([, outcome]) => outcome)).toEqual(['failed', 'failed', 'set_aside']);
  });

  test('is set aside at once where no try will be better', async () => {
    const giveUp = (): Promise<void> => Promise.reject(new GiveUp('The address is none.'));
    const worker = await bench.worker([noting('asked', [], { retryInMs: doubling(1, 9), run: giveUp })]);
    await bench.enqueue(bench.job('asked'));
    await worker.drain();
    expect(await bench.jobs()).toMatchObject([{ error: 'The address is none.', isSetAside: true }]);
  });

  test('counts no try where the far side asks for time', async () => {
    const wait = (): Promise<void> => Promise.reject(new NotNow('It is busy.', AN_HOUR_MS));
    const worker = await bench.worker([noting('asked', [], { run: wait })]);
    await bench.enqueue(bench.job('asked'));
    await worker.drain();
    const [job] = await bench.jobs();
    expect(job).toMatchObject({ attempts: 0, error: 'It is busy.', isSetAside: false });
    expect(job?.dueInMs).toBeGreaterThan(AN_HOUR_MS - 60_000);
  });

  test('by ending its process each time is set aside as well', async () => {
    const runs: RunningJob[] = [];
    const worker = await bench.worker([noting('asked', runs, { retryInMs: doubling(1, 2) })]);
    await bench.enqueue(bench.job('asked'));
    await bench.database.orm.em.fork().execute('update outbox_job set attempts = 9, deaths = 9, claim = gen_random_uuid()');
    await worker.drain();
    expect(runs).toEqual([]);
    expect(await bench.jobs()).toMatchObject([{ isSetAside: true, error: expect.stringContaining('process ended') as string }]);
  });

  test('keeps others from nothing', async () => {
    const runs: RunningJob[] = [];
    const fail = (): Promise<void> => Promise.reject(new Error('no'));
    const worker = await bench.worker([noting('bad', [], { run: fail }), noting('good', runs)]);
    await bench.enqueue(bench.job('bad'), bench.job('good'));
    await worker.drain();
    expect(runs).toHaveLength(1);
  });
});

test('what comes while a keyed job runs is not lost where that can never be done', async () => {
  const runs: RunningJob[] = [];
  const run = async (job: RunningJob): Promise<void> => {
    runs.push(job);
    if (runs.length > 1) return;
    await bench.enqueue(bench.job('asked', { key: 'k' }));
    throw new GiveUp('Not this one.');
  };
  const worker = await bench.worker([noting('asked', runs, { run })]);
  await bench.enqueue(bench.job('asked', { key: 'k' }));
  await worker.drain();
  expect(runs).toHaveLength(2);
  expect(await bench.jobs()).toEqual([]);
});

describe('several workers', () => {
  test('share what there is, and each job is done by one', async () => {
    const runs: RunningJob[] = [];
    const tasks = [noting('asked', runs, { concurrency: 4 })];
    const workers = await Promise.all([1, 2, 3].map(() => bench.worker(tasks)));
    await bench.enqueue(...Array.from({ length: 60 }, () => bench.job('asked')));
    await Promise.all(workers.map((worker) => worker.drain()));
    expect(runs).toHaveLength(60);
    expect(new Set(runs.map(({ id }) => id)).size).toBe(60);
  });

  test('leave to another what it is taking at this moment', async () => {
    const runs: RunningJob[] = [];
    const worker = await bench.worker([noting('asked', runs)]);
    await bench.enqueue(bench.job('asked'));
    const other = bench.database.orm.em.fork();
    await other.begin();
    await other.execute("update outbox_job set claim = gen_random_uuid(), run_at = now() + interval '1 minute'");
    await worker.drain();
    await other.commit();
    await worker.drain();
    expect(runs).toEqual([]);
  });

  test('what a dead one held is done by another once its lease has run out, and its late mark changes nothing', async () => {
    const runs: RunningJob[] = [];
    let revive = (): void => undefined;
    const hung = new Promise<void>((resolve) => {
      revive = resolve;
    });
    const dead = await bench.worker([noting('asked', [], { run: () => hung })]);
    const alive = await bench.worker([noting('asked', runs, { retryInMs: doubling(1, 5) })]);
    await bench.enqueue(bench.job('asked'));
    const draining = dead.drain();
    await expect.poll(async () => (await bench.jobs())[0]?.isClaimed).toBe(true);
    await alive.drain();
    expect(runs).toEqual([]);
    const [held] = await bench.jobs();
    expect(held?.dueInMs).toBeLessThanOrEqual(10_000);
    await bench.pass(AN_HOUR_MS);
    const seen: JobRow[] = [];
    const slow = noting('asked', runs, {
      retryInMs: doubling(1, 5),
      run: async (job) => {
        runs.push(job);
        revive();
        await draining;
        seen.push(...(await bench.jobs()));
      },
    });
    await (await bench.worker([slow])).drain();
    // The try that its process did not survive counts as none.
    expect(runs.map(({ attempt }) => attempt)).toEqual([1]);
    expect(seen).toMatchObject([{ isClaimed: true, attempts: 2 }]);
    expect(await bench.jobs()).toEqual([]);
  });
});
