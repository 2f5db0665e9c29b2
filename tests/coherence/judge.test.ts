import { describe, expect, test } from 'vitest';
import { Judge, Subject } from './judge.js';

function history() {
  const judge = new Judge();
  const level = new Subject('level 1');
  level.acknowledge(6);
  return { judge, level };
}

describe('the judge of reads', () => {
  test('a read that shows less than was acknowledged before it began is stale', () => {
    const { judge, level } = history();
    level.acknowledge(7);
    const read = judge.begin([level]);
    judge.end(read, [6], 'by sku, server 2');
    expect(judge.staleCount).toBe(1);
    expect(judge.stale).toEqual([{ subject: 'level 1', least: 7, seen: 6, by: 'by sku, server 2' }]);
  });

  test('a read that does not show what is there is stale', () => {
    const { judge, level } = history();
    judge.end(judge.begin([level]), [undefined], 'by sku');
    judge.end(judge.begin([level]), [], 'by sku');
    expect(judge.stale.map(({ seen }) => seen)).toEqual([undefined, undefined]);
  });

  test('a read that began before the acknowledgement may show the state before it', () => {
    const { judge, level } = history();
    const read = judge.begin([level]);
    level.acknowledge(7);
    judge.end(read, [6], 'by sku');
    expect(judge.staleCount).toBe(0);
  });

  test('a write may be seen before it is acknowledged', () => {
    const { judge, level } = history();
    judge.end(judge.begin([level]), [9], 'by sku');
    expect(judge.staleCount).toBe(0);
  });

  test('acknowledgements that arrive out of order leave the highest', () => {
    const { judge, level } = history();
    level.acknowledge(9);
    level.acknowledge(8);
    judge.end(judge.begin([level]), [8], 'by sku');
    expect(judge.stale).toMatchObject([{ least: 9, seen: 8 }]);
  });

  test('each subject of a read is compared with its own', () => {
    const { judge, level } = history();
    const name = new Subject('name of item 1');
    name.acknowledge(3);
    judge.end(judge.begin([name, level]), [3, 5], 'by id');
    judge.end(judge.begin([name, level]), [2, 6], 'by id');
    expect(judge.stale.map(({ subject }) => subject)).toEqual(['level 1', 'name of item 1']);
    expect(judge.compared).toBe(4);
  });

  test('details are bounded, the count is not', () => {
    const { judge, level } = history();
    for (let turn = 0; turn < 1_000; turn += 1) judge.end(judge.begin([level]), [1], 'by id');
    expect(judge.staleCount).toBe(1_000);
    expect(judge.staleReads.get('by id')).toBe(1_000);
    expect(judge.stale.length).toBeLessThan(100);
  });
});
