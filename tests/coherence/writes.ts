import type { Counted } from './counted.js';
import { post, type Reply } from './http-connection.js';
import type { Ledger } from './ledger.js';
import { OPENING, type Item, type Level, type Shop } from './shop.js';

/** One write, sent as the same text until it is answered. */
export interface Write {
  readonly name: string;
  readonly request: string;
  /** Reads the reply and notes what it acknowledges; throws where it is a refusal. */
  settle(reply: Reply): Promise<void>;
  /** To be called at the end, however it ended. */
  readonly done?: () => void;
}

/** The shares of the kinds of movements; the rest are receipts. */
const SHARES = { transfer: 0.15, issue: 0.1, scan: 0.2 } as const;

interface Posted {
  readonly movements: readonly { readonly id: string }[];
  readonly replayed: boolean;
  readonly userErrors: readonly unknown[];
}
interface Leveled {
  readonly version: number;
}
interface Updated {
  readonly userErrors: readonly unknown[];
}

const POSTED = 'movements { id } replayed userErrors { code message }';
const MOVE = (field: string) =>
  `mutation ($input: StockInput!) { ${field}(input: $input) { level { version onHand } ${POSTED} } }`;
const TRANSFER = `mutation ($input: StockTransferInput!) {
  stockTransfer(input: $input) { from { version } to { version } ${POSTED} } }`;
const UPDATED = '{ userErrors { code message } }';

/** Makes the writes of all clients. */
export class Writes {
  private made = 0;
  private readonly renames: readonly (() => Write | undefined)[];

  constructor(
    private readonly shop: Shop,
    private readonly ledger: Ledger,
  ) {
    this.renames = this.allRenames();
  }

  /** One of any kind; `renameShare` of them change a name or a code. */
  next(renameShare: number): Write {
    const item = pick(this.shop.items);
    const [shelf, back, till] = item.levels as [Level, Level, Level];
    const rename = Math.random() < renameShare ? pick(this.renames)() : undefined;
    if (rename) return rename;
    const dice = Math.random();
    if (dice < SHARES.scan) return this.scan(item, till);
    if (dice < SHARES.scan + SHARES.issue) return this.move('stockIssue', item, pick([shelf, back]));
    if (dice < SHARES.scan + SHARES.issue + SHARES.transfer)
      return this.transfer(item, ...pick([[shelf, back] as const, [back, shelf] as const]));
    return this.move('stockReceive', item, pick(item.levels));
  }

  /** The first number of everything that is counted up. */
  first(): Write[] {
    return this.renames.flatMap((rename) => rename() ?? []);
  }

  private key(): string {
    this.made += 1;
    return `coherence-${String(this.made)}`;
  }

  private graphql(query: string, variables: object): string {
    return post('/graphql', this.shop.ownerKey, JSON.stringify({ query, variables }));
  }

  private move(field: 'stockReceive' | 'stockIssue', item: Item, level: Level): Write {
    const input = { key: this.key(), stockItem: { id: item.id }, location: level.locationId, quantity: '1' };
    const settle = (reply: Reply): Promise<void> => {
      const posted = dataOf(reply, field) as Posted & { level: Leveled };
      return this.ledger.acknowledge(posted.movements, [level], posted.replayed ? undefined : [posted.level.version]);
    };
    return { name: field, request: this.graphql(MOVE(field), { input }), settle };
  }

  private transfer(item: Item, from: Level, to: Level): Write {
    const input = { key: this.key(), stockItem: { sku: item.sku }, from: from.locationId, to: to.locationId, quantity: '1' };
    const settle = (reply: Reply): Promise<void> => {
      const posted = dataOf(reply, 'stockTransfer') as Posted & { from: Leveled; to: Leveled };
      const versions = posted.replayed ? undefined : [posted.from.version, posted.to.version];
      return this.ledger.acknowledge(posted.movements, [from, to], versions);
    };
    return { name: 'stockTransfer', request: this.graphql(TRANSFER, { input }), settle };
  }

  private scan(item: Item, till: Level): Write {
    const body = JSON.stringify({ id: this.key(), code: item.barcode, quantity: '1' });
    const settle = (reply: Reply): Promise<void> => {
      const { outcome, movement } = JSON.parse(reply.body) as Scanned;
      if ((outcome !== 'APPLIED' && outcome !== 'REPLAYED') || !movement) throw refused('POST /scan', reply);
      return this.ledger.acknowledge([movement], [till], [Number(movement.balanceAfter) - OPENING + 1]);
    };
    return { name: 'POST /scan', request: post('/scan', pick(this.shop.deviceKeys), body), settle };
  }

  private allRenames(): (() => Write | undefined)[] {
    const { name, items, categories, locations } = this.shop;
    const patch = (field: string, type: string, id: string) =>
      `mutation ($patch: ${type}!) { ${field}(id: "${id}", patch: $patch) ${UPDATED} }`;
    const update = (field: string, query: string, counted: Counted) => () =>
      this.rename(field, counted, (text) => this.graphql(query, { patch: { name: text } }));
    return [
      update('shopUpdate', `mutation ($patch: ShopPatch!) { shopUpdate(patch: $patch) ${UPDATED} }`, name),
      ...locations.map((each) => update('locationUpdate', patch('locationUpdate', 'LocationPatch', each.id), each.name)),
      ...categories.map((each) => update('categoryUpdate', patch('categoryUpdate', 'CategoryPatch', each.id), each.name)),
      ...items.flatMap(({ id, barcode, ...item }) => {
        const query = patch('stockItemUpdate', 'StockItemPatch', id);
        const codes = (text: string) => ({ patch: { barcodes: [{ value: barcode, isDefault: true }, { value: text }] } });
        const recode = () => this.rename('stockItemUpdate', item.code, (text) => this.graphql(query, codes(text)));
        return [update('stockItemUpdate', query, item.name), recode];
      }),
    ];
  }

  private rename(field: string, counted: Counted, request: (text: string) => string): Write | undefined {
    const next = counted.next();
    if (!next) return undefined;
    const settle = (reply: Reply): Promise<void> => {
      dataOf(reply, field);
      counted.acknowledge(next.number);
      return Promise.resolve();
    };
    return {
      name: field,
      request: request(next.text),
      settle,
      done: () => {
        counted.done();
      },
    };
  }
}

interface Scanned {
  readonly outcome: string;
  readonly movement: { readonly id: string; readonly balanceAfter: string } | null;
}

function dataOf(reply: Reply, field: string): Updated {
  const payload = (JSON.parse(reply.body) as { data?: Record<string, Updated | undefined> | null }).data?.[field];
  if (!payload || payload.userErrors.length > 0) throw refused(field, reply);
  return payload;
}

function refused(name: string, { status, body }: Reply): Error {
  return new Error(`${name}: ${String(status)} ${body}`);
}

export function pick<T>(values: readonly T[]): T {
  return values[Math.floor(Math.random() * values.length)] as T;
}
