import type { EntityManager } from '@mikro-orm/postgresql';
import { query } from '../../platform/sql.js';

/** So many questions in so much time. */
interface QuestionLimit {
  readonly questions: number;
  readonly periodMs: number;
}

/** How many questions were asked since a period began. */
interface CountedPeriod {
  readonly periodMs: number;
  readonly beganAtMs: number;
  readonly questions: number;
}

interface SourceRow {
  readonly now_ms: number;
  readonly blocked_until_ms: number | null;
  readonly periods: readonly CountedPeriod[];
}

/**
 * How often all instances together have asked a source. The database's clock is the one that counts. A source's row is locked from `take` to
 * the end of the transaction, which must be short: nothing is asked within it.
 */
export class ProductSourceRepository {
  constructor(private readonly em: EntityManager) {}

  /** 0: one question may be asked now, and is counted. Otherwise for how many milliseconds none may be asked; nothing is counted then. */
  async take(name: string, limits: readonly QuestionLimit[]): Promise<number> {
    await query(this.em, 'insert into product_source (name) values (?) on conflict do nothing', [name]);
    const [row] = await query<SourceRow>(
      this.em,
      `select extract(epoch from clock_timestamp())::float8 * 1000 as now_ms,
         extract(epoch from blocked_until)::float8 * 1000 as blocked_until_ms, periods
       from product_source where name = ? for update`,
      [name],
    );
    if (!row) throw new Error('The row of a source is gone.');
    const periods = limits.map((limit) => currentPeriod(limit, row));
    const waitMs = Math.max(blockedMs(row), ...periods.map((period, index) => fullMs(period, limits[index], row)));
    if (waitMs > 0) return Math.ceil(waitMs);
    const counted = periods.map((period) => ({ ...period, questions: period.questions + 1 }));
    await query(this.em, 'update product_source set periods = ?::jsonb where name = ?', [JSON.stringify(counted), name]);
    return 0;
  }

  /** For a question that was not asked in the end. */
  async giveBack(name: string): Promise<void> {
    await query(
      this.em,
      `update product_source set periods = coalesce((
         select jsonb_agg(jsonb_set(period, '{questions}', to_jsonb(greatest(0, (period ->> 'questions')::int - 1))))
         from jsonb_array_elements(periods) as period), '[]') where name = ?`,
      [name],
    );
  }

  /** From now on and for so long nobody asks this source, whatever its limits say. A longer pause that was asked for before stands. */
  async pause(name: string, pauseMs: number): Promise<void> {
    await query(
      this.em,
      `insert into product_source (name, blocked_until) values (?, clock_timestamp() + make_interval(secs => ?::float8 / 1000))
       on conflict (name) do update set blocked_until = greatest(product_source.blocked_until, excluded.blocked_until)`,
      [name, pauseMs],
    );
  }
}

/** A period begins with the first question after the one before it has ended. */
function currentPeriod({ periodMs }: QuestionLimit, { now_ms: nowMs, periods }: SourceRow): CountedPeriod {
  const known = periods.find((period) => period.periodMs === periodMs);
  const isCurrent = known !== undefined && nowMs >= known.beganAtMs && nowMs < known.beganAtMs + periodMs;
  return isCurrent ? known : { periodMs, beganAtMs: nowMs, questions: 0 };
}

function fullMs(
  { beganAtMs, periodMs, questions }: CountedPeriod,
  limit: QuestionLimit | undefined,
  { now_ms: nowMs }: SourceRow,
) {
  return limit !== undefined && questions >= limit.questions ? beganAtMs + periodMs - nowMs : 0;
}

function blockedMs({ blocked_until_ms: untilMs, now_ms: nowMs }: SourceRow): number {
  return untilMs === null ? 0 : Math.max(0, untilMs - nowMs);
}
