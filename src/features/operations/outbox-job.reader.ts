import type { EntityManager } from '@mikro-orm/postgresql';
import DataLoader from 'dataloader';
import {
  buildConnection,
  encodeCursor,
  parsePage,
  type Connection,
  type KeysetOrder,
  type PageArgs,
} from '../../platform/paging.js';
import { revive } from '../../platform/revive.js';
import { arrayLiteral, countRows, query } from '../../platform/sql.js';
import { Where } from '../../platform/where.js';
import { inOrder } from '../access/index.js';
import { OutboxJob, type OutboxJobState } from './outbox-job.js';

const ORDER: KeysetOrder = { name: 'outboxJobs', kinds: ['id'] };

interface JobRow {
  readonly shop_id: string;
  readonly id: string;
  readonly task: string;
  readonly key: string | null;
  readonly attempts: number;
  readonly error: string | null;
  readonly created_at: string | Date;
  readonly run_at: string | Date;
  readonly set_aside_at: string | Date | null;
}

const COLUMNS = 'j.shop_id, j.id, j.task, j.key, j.attempts, j.error, j.created_at, j.run_at, j.set_aside_at';

/** What a request reads of what its shop has left to be done. What was done is gone. */
export class OutboxJobReader {
  private readonly jobById = new DataLoader<string, OutboxJob | undefined>(async (ids) => {
    const byIds = `select ${COLUMNS} from outbox_job j where j.shop_id = ? and j.id = any(?::uuid[])`;
    const rows = await query<JobRow>(this.em, byIds, [this.shopId, arrayLiteral(ids)]);
    return inOrder(ids, rows.map(readJob), ({ id }) => id);
  });

  constructor(
    private readonly em: EntityManager,
    private readonly shopId: string,
  ) {}

  byId(id: string): Promise<OutboxJob | undefined> {
    return this.jobById.load(id);
  }

  /** The first that came first. Refuses (BAD_USER_INPUT) a page size or cursor that is none. */
  async page(state: OutboxJobState, args: PageArgs): Promise<Connection<OutboxJob>> {
    const page = parsePage(args, ORDER);
    const where = this.inState(state);
    if (page.after) where.add('j.id > ?::uuid', ...page.after);
    const sql = `select ${COLUMNS} from outbox_job j where ${where.sql} order by j.id limit ?`;
    const rows = await query<JobRow>(this.em, sql, [...where.parameters, page.size + 1]);
    return buildConnection(
      rows.map(readJob),
      page,
      ({ id }) => encodeCursor(ORDER, [id]),
      () => countRows(this.em, 'outbox_job j', this.inState(state)),
    );
  }

  private inState(state: OutboxJobState): Where {
    return new Where().add('j.shop_id = ?', this.shopId).add(`j.set_aside_at is ${state === 'SET_ASIDE' ? 'not null' : 'null'}`);
  }
}

function readJob({ shop_id: shopId, key: subject, error: reason, ...row }: JobRow): OutboxJob {
  const setAsideAt = row.set_aside_at === null ? null : new Date(row.set_aside_at);
  const { id, task, attempts } = row;
  return revive(OutboxJob, {
    ...{ shopId, id, task, subject, attempts, reason, setAsideAt },
    state: setAsideAt ? 'SET_ASIDE' : 'WAITING',
    createdAt: new Date(row.created_at),
    runAt: new Date(row.run_at),
  });
}
