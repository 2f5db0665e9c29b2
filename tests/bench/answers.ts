import type { Expected } from './expected.js';
import type { Job } from './load.js';
import { faultOf } from './requests.js';
import { COUNTER } from './set-up.js';
import type { ItemFact } from './shop.js';

/** One answer in so many is compared with what it must be; all are looked at for errors. */
const CHECKED_EVERY = 64;
const ONE = 1;

interface Levelled {
  levels: { onHand: string; location: { code: string } }[];
}
interface ShownItem extends Levelled {
  id: string;
  sku: string;
  name: string;
  salePrice: string | null;
}
interface ListedItem extends ShownItem {
  category: { name: string; parent: { name: string } | null } | null;
}
interface Scanned {
  outcome: string;
  stockItem: { sku: string; name: string } | null;
  level: { onHand: string } | null;
  movement: { quantity: string; balanceAfter: string } | null;
}

type Judge = Job['judge'];

/** Each is called when its request is sent, and what it returns when the reply is there. */
export function answerCheck(expected: Expected) {
  let seen = 0;
  const judge = (isRight: (body: never) => boolean): Judge => {
    seen += 1;
    const isChecked = seen % CHECKED_EVERY === 0;
    return (reply) => {
      const fault = faultOf(reply);
      if (fault !== undefined || !isChecked) return fault;
      return isRight(JSON.parse(reply.body) as never) ? undefined : `wrong answer: ${reply.body.slice(0, 500)}`;
    };
  };
  return {
    lookup: (sku: string): Judge => {
      const fact = expected.fact(sku);
      const mayBe = expected.tally.read(sku);
      return judge(({ data: { stockItem: item } }: { data: { stockItem: ShownItem & { onHand: string } } }) => {
        const total = item.levels.reduce((sum, { onHand }) => sum + Number(onHand), 0);
        return isItem(item, fact) && hasLevels(item, fact, mayBe) && Number(item.onHand) === total;
      });
    },

    page: (skus: readonly string[]): Judge =>
      judge(({ data }: { data: { stockItems: { nodes: ListedItem[] } } }) => {
        const { nodes } = data.stockItems;
        return nodes.length === skus.length && skus.every((sku, index) => isListed(nodes[index], expected.fact(sku)));
      }),

    scannedLookup: (sku: string): Judge => {
      const mayBe = expected.tally.read(sku);
      return judge(({ outcome, stockItem, level, movement }: Scanned) => {
        return outcome === 'APPLIED' && stockItem?.sku === sku && movement === null && mayBe(Number(level?.onHand));
      });
    },

    scannedMove: (sku: string, mode: 'SALE' | 'RECEIVE'): Judge => {
      const mayBe = expected.tally.read(sku);
      const acknowledge = expected.tally.send(sku, mode === 'SALE' ? 'sold' : 'received', ONE);
      const quantity = mode === 'SALE' ? -ONE : ONE;
      const isRight = judge(({ outcome, stockItem, movement }: Scanned) => {
        const isApplied = outcome === 'APPLIED' && stockItem?.sku === sku;
        return isApplied && Number(movement?.quantity) === quantity && mayBe(Number(movement?.balanceAfter));
      });
      return (reply) => {
        if (reply.status === 200) acknowledge();
        return isRight(reply);
      };
    },
  };
}

function isItem({ id, sku, name, salePrice }: ShownItem, fact: ItemFact): boolean {
  return id === fact.id && sku === fact.sku && name === fact.name && salePrice === fact.salePrice;
}

/** All its levels and no other, each as it was; the counter's as it may be now. */
function hasLevels({ levels }: Levelled, fact: ItemFact, mayBe?: (onHand: number) => boolean): boolean {
  if (levels.length !== fact.levels.size) return false;
  return levels.every(({ onHand, location: { code } }) =>
    mayBe && code === COUNTER ? mayBe(Number(onHand)) : fact.levels.get(code) === onHand,
  );
}

function isListed(item: ListedItem | undefined, fact: ItemFact): boolean {
  if (item === undefined || !isItem(item, fact) || !hasLevels(item, fact)) return false;
  return (
    item.category?.name === (fact.category ?? undefined) && item.category?.parent?.name === (fact.categoryParent ?? undefined)
  );
}
