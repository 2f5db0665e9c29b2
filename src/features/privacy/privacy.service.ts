import type { Clock } from '../../kernel/clock.js';
import { NotFoundError } from '../../kernel/errors.js';
import type { AuditAction } from '../../platform/audit/audit-note.js';
import type { Transaction, UnitOfWork } from '../../platform/unit-of-work.js';
import type { Actor } from '../access/index.js';
import type { PersonalDataKeeper, PersonalRecord } from './personal-data.port.js';

/** What a person may ask a shop for (Protection of Personal Information Act 4 of 2013, sections 23 and 24): what it keeps of him, and to forget it. */
export class PrivacyService {
  constructor(
    private readonly work: UnitOfWork,
    private readonly clock: Clock,
    private readonly keepers: readonly PersonalDataKeeper[],
  ) {}

  /** All that the shop keeps of whoever has this address, as JSON. The audit log says that it was handed out. Refuses INVALID at `address`; NOT_FOUND. */
  export(actor: Actor, address: string): Promise<string> {
    return this.work.run(actor, async (transaction) => {
      const kept: Record<string, readonly object[]> = {};
      for (const { name, collect } of this.keepers) {
        const records = await collect(transaction, actor.shopId, address);
        if (records.length > 0) kept[name] = records.map(({ data }) => data);
        note(transaction, actor, 'EXPORTED', records);
      }
      if (Object.keys(kept).length === 0) throw nobody();
      return JSON.stringify({ shop: actor.shop.name, exportedAt: this.clock.now().toISOString(), ...kept }, null, 2);
    });
  }

  /**
   * Forgets it, in one transaction; gives how many records that were. The ledger, its sums and the ids of who acted stay as they are. The audit log says that
   * it was done, and to which records, and nothing of what stood in them. Refuses INVALID at `address`; NOT_FOUND.
   */
  erase(actor: Actor, address: string): Promise<number> {
    return this.work.run(actor, async (transaction) => {
      let count = 0;
      for (const { erase } of this.keepers) {
        const records = await erase(transaction, actor.shopId, address);
        note(transaction, actor, 'ERASED', records);
        count += records.length;
      }
      if (count === 0) throw nobody();
      return count;
    });
  }
}

function note(transaction: Transaction, { shopId }: Actor, action: AuditAction, records: readonly PersonalRecord[]): void {
  for (const { subjectType, subjectId } of records) transaction.note({ shopId, action, subjectType, subjectId });
}

function nobody(): NotFoundError {
  return new NotFoundError('The shop keeps nothing of anybody with this address.', ['address']);
}
