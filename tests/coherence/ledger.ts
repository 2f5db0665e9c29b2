import pg from 'pg';
import { idOf } from '../../src/graphql/global-id.js';
import type { Level } from './shop.js';

/** Enough to see what is wrong. */
const MAX_FAULTS = 20;

interface Line {
  readonly level: string;
  readonly version: number;
}

const LINES = `select id, level_id as level, level_version as version from stock_movement where shop_id = $1`;

/** What the clients were told, beside what the database says. */
export class Ledger {
  /** By the movement's row id. */
  private readonly acknowledged = new Map<string, Line>();

  private constructor(
    private readonly shopId: string,
    private readonly database: pg.Client,
  ) {}

  static async open(shopId: string, databaseUrl: string): Promise<Ledger> {
    const database = new pg.Client(databaseUrl);
    await database.connect();
    return new Ledger(shopId, database);
  }

  /**
   * A write was acknowledged: movements, the level of each, and its version after it. Versions are undefined for an act that was replayed,
   * whose reply shows the levels as they are now; the database knows what they were then.
   */
  async acknowledge(
    movements: readonly { id: string }[],
    levels: readonly Level[],
    versions: readonly number[] | undefined,
  ): Promise<void> {
    if (movements.length !== levels.length) throw new Error(`${String(movements.length)} movements of ${String(levels.length)}`);
    const ids = movements.map(({ id }) => idOf('StockMovement', id) ?? '');
    const own = versions ?? (await this.versionsOf(ids));
    for (const [index, level] of levels.entries()) {
      const version = own[index] ?? 0;
      level.acknowledge(version);
      this.acknowledged.set(ids[index] ?? '', { level: idOf('StockLevel', level.id) ?? '', version });
    }
  }

  /** What the database says otherwise than the clients were told, or than itself; empty where all is well. */
  async faults(): Promise<string[]> {
    const faults = [...(await this.faultsOfLevels()), ...(await this.faultsOfKeys()), ...(await this.faultsOfReplies())];
    return faults.slice(0, MAX_FAULTS);
  }

  async close(): Promise<void> {
    await this.database.end();
  }

  private async versionsOf(ids: readonly string[]): Promise<number[]> {
    const { rows } = await this.database.query<Line & { id: string }>(`${LINES} and id = any($2)`, [this.shopId, ids]);
    return ids.map((id) => {
      const line = rows.find((row) => row.id === id);
      if (!line) throw new Error(`a movement was acknowledged that is not there: ${id}`);
      return line.version;
    });
  }

  private async faultsOfReplies(): Promise<string[]> {
    const { rows } = await this.database.query<Line & { id: string }>(LINES, [this.shopId]);
    const written = new Map(rows.map(({ id, ...line }) => [id, line]));
    return [...this.acknowledged].flatMap(([id, told]) => {
      const line = written.get(id);
      if (line?.level === told.level && line.version === told.version) return [];
      return [`movement ${id} was acknowledged as ${JSON.stringify(told)} and is ${JSON.stringify(line)}`];
    });
  }

  /** Each level is the sum of its lines and has as many versions as lines. */
  private async faultsOfLevels(): Promise<string[]> {
    const { rows } = await this.database.query<{ id: string }>(
      `select l.id from stock_level l left join stock_movement m on m.shop_id = l.shop_id and m.level_id = l.id where l.shop_id = $1
       group by l.shop_id, l.id having l.on_hand <> coalesce(sum(m.quantity), 0) or l.version <> count(m.id)`,
      [this.shopId],
    );
    return rows.map(({ id }) => `level ${id} is not the sum of its ledger`);
  }

  /** Each movement was made under one key, so an act that was sent twice was applied once. */
  private async faultsOfKeys(): Promise<string[]> {
    const { rows } = await this.database.query<{ id: string }>(
      `select m.id from stock_movement m
       left join (select k.shop_id, unnest(k.movement_ids) as id from idempotency_key k where k.shop_id = $1) k using (shop_id, id)
       where m.shop_id = $1 group by m.id having count(k.id) <> 1`,
      [this.shopId],
    );
    return rows.map(({ id }) => `movement ${id} is not of one key`);
  }
}
