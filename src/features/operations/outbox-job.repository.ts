import type { EntityManager } from '@mikro-orm/postgresql';
import { query } from '../../platform/sql.js';

export class OutboxJobRepository {
  constructor(
    private readonly em: EntityManager,
    private readonly shopId: string,
  ) {}

  /** Has it tried anew, with all its tries before it. False where no such job is set aside. */
  async replay(id: string): Promise<boolean> {
    const rows = await query(
      this.em,
      `update outbox_job set set_aside_at = null, attempts = 0, run_at = now()
       where shop_id = ? and id = ? and set_aside_at is not null returning id`,
      [this.shopId, id],
    );
    return rows.length > 0;
  }

  /** Whether it waits already. */
  async isWaiting(id: string): Promise<boolean> {
    const sql = 'select id from outbox_job where shop_id = ? and id = ? and set_aside_at is null';
    return (await query(this.em, sql, [this.shopId, id])).length > 0;
  }
}
