import type { Client } from 'pg';
import { hashAct, type StockAct } from '../../src/features/stock/acts.js';
import { quantity } from '../../src/kernel/quantity.js';
import { BulkInsert } from './bulk-insert.js';
import { ScaleLedger, type ScaleAct, type ScaleLine } from './ledger.js';
import type { ScaleLoad } from './load.js';
import { instant, type ScaleShop } from './write-catalogue.js';

const BATCH_LINES = 5_000;
const BATCH_LEVELS = 10_000;
const THOUSANDTHS = 1_000;
/** Of so many levels one has a rule. */
const ONE_RULE_OF = 11;
const REORDER_POINT = '3';
const REASONS: Partial<Record<ScaleLine['kind'], string>> = {
  ADJUSTMENT: 'Stock room check',
  DAMAGE: 'Broken in the shop',
  EXPIRY: 'Past its date',
  REVERSAL: 'Typed in wrongly',
};

/**
 * Levels as they are at the end, which is known from walking the ledger once without writing it: so each row is written once, and the
 * table has no dead half.
 */
export async function writeLevels(client: Client, shop: ScaleShop, load: ScaleLoad): Promise<void> {
  const ledger = newLedger(load);
  ledger.finish();
  const rows = new BulkInsert(client, shop.id, 'stock_level', {
    id: { type: 'uuid' },
    stock_item_id: { type: 'uuid' },
    location_id: { type: 'uuid' },
    on_hand: { type: 'numeric' },
    floor: { type: 'numeric' },
    reorder_point: { type: 'numeric' },
    reorder_quantity: { type: 'numeric' },
    version: { type: 'int' },
    updated_at: { type: 'timestamptz' },
  });
  const total = ledger.onHand.length;
  for (let level = 0; level < total; level += 1) {
    rows.add({
      id: load.levelId(level),
      stock_item_id: load.itemId(load.itemOf(level)),
      location_id: load.locationIdOf(level),
      on_hand: decimal(ledger.onHand[level] ?? 0),
      floor: '0',
      reorder_point: level % ONE_RULE_OF === 0 ? REORDER_POINT : null,
      reorder_quantity: level % ONE_RULE_OF === 0 ? REORDER_POINT : null,
      version: String(ledger.versions[level]),
      updated_at: instant(ledger.changedAt[level] ?? 0),
    });
    if (rows.size < BATCH_LEVELS && level + 1 < total) continue;
    load.step('levels', level + 1, total);
    await rows.flush();
  }
}

/** What is open of the levels as they are, and one that is over for each level with a rule. */
export async function writeAlerts(client: Client, shop: ScaleShop): Promise<void> {
  const causes = {
    LOW_STOCK: 'on_hand <= reorder_point',
    OUT_OF_STOCK: 'on_hand <= 0 and version > 0',
  };
  const add = (kind: string, resolvedAt: string, cause: string) =>
    client.query(
      `insert into stock_alert (shop_id, id, kind, level_id, opened_at, resolved_at)
       select shop_id, gen_random_uuid(), $2, id, updated_at, ${resolvedAt} from stock_level where shop_id = $1 and ${cause}`,
      [shop.id, kind],
    );
  for (const [kind, cause] of Object.entries(causes)) await add(kind, 'null', cause);
  await add('LOW_STOCK', 'updated_at', 'reorder_point is not null');
}

/** Lines of the ledger, the key that each act has spent, and what reversed what. */
export async function writeMovements(client: Client, shop: ScaleShop, load: ScaleLoad): Promise<void> {
  const tables = ledgerTables(client, shop);
  const writer = new ActWriter(tables, shop, load);
  const { movements: total } = load.options;
  let sent: Promise<unknown> = Promise.resolve();
  for (const act of newLedger(load).acts()) {
    writer.add(act);
    if (tables.movements.size < BATCH_LINES && writer.written < total) continue;
    // The database works on one batch while the next one is made.
    await sent;
    load.step('movements', writer.written, total);
    sent = sendAll(tables);
    sent.catch(() => undefined);
  }
  await sent;
}

function sendAll({ movements, keys, reversals }: LedgerTables): Promise<void> {
  const batches = [movements.take(), keys.take(), reversals.take()];
  return batches.reduce((sent, send) => sent.then(send), Promise.resolve());
}

function newLedger({ options, at, stepOf }: ScaleLoad): ScaleLedger {
  return new ScaleLedger({ ...options, from: at.from, to: at.to, stepOf });
}

type LedgerTables = ReturnType<typeof ledgerTables>;

function ledgerTables(client: Client, shop: ScaleShop) {
  const movements = new BulkInsert(client, shop.id, 'stock_movement', {
    id: { type: 'uuid' },
    kind: { type: 'text' },
    level_id: { type: 'uuid' },
    stock_item_id: { type: 'uuid' },
    location_id: { type: 'uuid' },
    quantity: { type: 'numeric' },
    balance_before: { type: 'numeric' },
    balance_after: { type: 'numeric' },
    level_version: { type: 'int' },
    counted: { type: 'numeric' },
    reason: { type: 'text' },
    reference: { type: 'text' },
    actor_id: { type: 'uuid' },
    reverses_id: { type: 'uuid' },
    counterpart_id: { type: 'uuid' },
    occurred_at: { type: 'timestamptz' },
    recorded_at: { type: 'timestamptz' },
  });
  const keys = new BulkInsert(client, shop.id, 'idempotency_key', {
    scope: { type: 'text' },
    key: { type: 'text' },
    input_hash: { type: 'text', expression: `decode(r.input_hash, 'hex')` },
    // An array of arrays would come apart into its innermost values.
    movement_ids: { type: 'text', expression: 'r.movement_ids::uuid[]' },
    created_at: { type: 'timestamptz' },
  });
  const reversals = new BulkInsert(client, shop.id, 'stock_reversal', {
    movement_id: { type: 'uuid' },
    reversal_id: { type: 'uuid' },
  });
  return { movements, keys, reversals };
}

class ActWriter {
  written = 0;

  constructor(
    private readonly tables: LedgerTables,
    private readonly shop: ScaleShop,
    private readonly load: ScaleLoad,
  ) {}

  add(act: ScaleAct): void {
    const [first, second] = act.lines;
    this.addLine(first, act, second);
    if (second) this.addLine(second, act, first);
    const key = this.load.ids('act', first.at, first.ordinal);
    this.tables.keys.add({
      scope: 'STOCK',
      key,
      input_hash: hashAct(this.asSent(act, key)).toString('hex'),
      movement_ids: `{${act.lines.map((line) => this.idOf(line)).join(',')}}`,
      created_at: instant(first.at),
    });
    if (act.reverses) this.tables.reversals.add({ movement_id: this.idOf(act.reverses), reversal_id: this.idOf(first) });
    this.written += act.lines.length;
  }

  private addLine(line: ScaleLine, { reverses }: ScaleAct, counterpart: ScaleLine | undefined): void {
    const { load } = this;
    const after = line.before + line.change;
    this.tables.movements.add({
      id: this.idOf(line),
      kind: line.kind,
      level_id: load.levelId(line.level),
      stock_item_id: load.itemId(load.itemOf(line.level)),
      location_id: load.locationIdOf(line.level),
      quantity: decimal(line.change),
      balance_before: decimal(line.before),
      balance_after: decimal(after),
      level_version: String(line.version),
      counted: line.kind === 'COUNT' ? decimal(after) : null,
      reason: REASONS[line.kind] ?? null,
      reference: referenceOf(line) ?? null,
      actor_id: this.shop.ownerKeyId,
      reverses_id: reverses ? this.idOf(reverses) : null,
      counterpart_id: counterpart ? this.idOf(counterpart) : null,
      occurred_at: instant(reverses?.at ?? line.at),
      recorded_at: instant(line.at),
    });
  }

  private idOf(line: ScaleLine): string {
    return this.load.ids('movement', line.at, line.ordinal);
  }

  /** The act as a client would have sent it, so that its key answers to the same act sent again. */
  private asSent({ lines: [line, second], reverses }: ScaleAct, key: string): StockAct {
    const common = { key: { scope: 'STOCK', key } as const, reason: REASONS[line.kind] };
    if (reverses) return { type: 'REVERSAL', ...common, movementId: this.idOf(reverses) };
    const item = { id: this.load.itemId(this.load.itemOf(line.level)) };
    const from = { id: this.load.locationIdOf(line.level) };
    if (second) {
      const to = { id: this.load.locationIdOf(second.level) };
      return { type: 'TRANSFER', ...common, item, from, to, quantity: quantity(decimal(second.change)) };
    }
    return {
      type: 'MOVE',
      ...common,
      kind: moveKind(line.kind),
      item,
      location: from,
      quantity: quantity(decimal(askedFor(line))),
      reference: referenceOf(line),
    };
  }
}

type MoveKind = Extract<StockAct, { type: 'MOVE' }>['kind'];

function moveKind(kind: ScaleLine['kind']): MoveKind {
  if (kind === 'TRANSFER_IN' || kind === 'TRANSFER_OUT' || kind === 'REVERSAL') throw new Error(`${kind} is no move.`);
  return kind;
}

/** What was found, what an adjustment adds, or how much was given or taken. */
function askedFor({ kind, before, change }: ScaleLine): number {
  if (kind === 'COUNT') return before + change;
  return kind === 'ADJUSTMENT' ? change : Math.abs(change);
}

function referenceOf({ kind, ordinal }: ScaleLine): string | undefined {
  return kind === 'RECEIPT' ? `GRN-${String(ordinal + 1)}` : undefined;
}

function decimal(thousandths: number): string {
  return thousandths === 0 ? '0' : String(thousandths / THOUSANDTHS);
}
