import type { EntityManager } from '@mikro-orm/postgresql';
import DataLoader from 'dataloader';
import { lowestIdAt } from '../../kernel/ids.js';
import { newestFirst } from '../../platform/newest-first.js';
import type { Connection, PageArgs } from '../../platform/paging.js';
import { selectRows } from '../../platform/read-rows.js';
import { arrayLiteral } from '../../platform/sql.js';
import { Where } from '../../platform/where.js';
import { inOrder, isStorable } from '../access/index.js';
import { AuditEntry } from './audit-entry.entity.js';

/** What a text that cannot be stored finds. */
const NO_OPERATION = '';

/** Row ids; what is absent narrows nothing. */
export interface AuditCriteria {
  readonly actorId?: string | undefined;
  readonly subjectId?: string | undefined;
  readonly operation?: string | null | undefined;
  /** From here on. */
  readonly since?: Date | null | undefined;
  /** Before this. */
  readonly until?: Date | null | undefined;
}

/** What a request reads of what was done in its shop. */
export class AuditEntryReader {
  private readonly entryById = new DataLoader<string, AuditEntry | undefined>(async (ids) => {
    const byIds = 'select * from audit_entry where shop_id = ? and id = any(?::uuid[])';
    return inOrder(ids, await selectRows(this.em, AuditEntry, [byIds, this.shopId, arrayLiteral(ids)]), ({ id }) => id);
  });

  constructor(
    private readonly em: EntityManager,
    private readonly shopId: string,
  ) {}

  byId(id: string): Promise<AuditEntry | undefined> {
    return this.entryById.load(id);
  }

  /** The newest first. Refuses (BAD_USER_INPUT) a page size or cursor that is none. */
  page({ actorId, subjectId, operation, since, until }: AuditCriteria, args: PageArgs): Promise<Connection<AuditEntry>> {
    const where = new Where()
      .add('shop_id = ?', this.shopId)
      .addIf(actorId, 'actor_id = ?::uuid')
      .addIf(subjectId, 'subject_id = ?::uuid')
      .addIf(operation == null || isStorable(operation) ? operation : NO_OPERATION, 'operation = ?')
      // An entry's id begins with its time, so that the list is walked no further than that.
      .addIf(since && lowestIdAt(since), 'id >= ?::uuid')
      .addIf(until && lowestIdAt(until), 'id < ?::uuid');
    return newestFirst(this.em, { type: AuditEntry, table: 'audit_entry', name: 'auditEntries', where }, args);
  }
}
