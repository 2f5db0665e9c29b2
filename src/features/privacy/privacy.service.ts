import type { Clock } from '../../kernel/clock.js';
import { InvalidError, NotFoundError } from '../../kernel/errors.js';
import type { AuditAction } from '../../platform/audit/audit-note.js';
import { EVERY_SHOP } from '../../platform/tenancy.js';
import type { Transaction, UnitOfWork } from '../../platform/unit-of-work.js';
import type { Actor } from '../access/index.js';
import type { AccountKeeper, PersonalDataKeeper, PersonalRecord } from './personal-data.port.js';

/** Somebody who has signed in. */
export interface Oneself {
  /** Row id of the person. */
  readonly id: string;
  readonly email: string;
}

/** Everything that a shop keeps of somebody, by the names of the keepers. */
type Kept = Readonly<Record<string, readonly PersonalRecord[]>>;

interface Noted {
  readonly shopId: string;
  /** Row id of the principal, where that is not who sent the request. */
  readonly actorId?: string;
  /** Whether from where it was asked is to be forgotten too. */
  readonly isUnplaced?: true;
}

/**
 * What a person may ask for (Protection of Personal Information Act 4 of 2013, sections 23 and 24): what is kept of him, and to forget it. Its transactions see every
 * shop, since people who sign in belong to none; each statement of the keepers names the shop.
 */
export class PrivacyService {
  constructor(
    private readonly work: UnitOfWork,
    private readonly clock: Clock,
    private readonly places: { readonly keepers: readonly PersonalDataKeeper[]; readonly account: AccountKeeper },
  ) {}

  /** All that the shop keeps of whoever has this address, as JSON. The audit log says that it was handed out. Refuses INVALID at `address`; NOT_FOUND. */
  export(actor: Actor, address: string): Promise<string> {
    return this.work.run(EVERY_SHOP, async (transaction) => {
      const kept = await this.each(({ collect }) => collect(transaction, actor.shopId, address));
      if (count(kept) === 0) throw nobody();
      note(transaction, actor, 'EXPORTED', kept);
      return this.written({ shop: actor.shop.name, ...dataOf(kept) });
    });
  }

  /**
   * Forgets it, in one transaction; gives how many records that were. The ledger, its sums and the ids of who acted stay as they are. The audit log says that
   * it was done, and to which records, and nothing of what stood in them. Refuses INVALID at `address`, also a member who may do more than the actor; NOT_FOUND; IN_USE for the last owner.
   */
  erase(actor: Actor, address: string): Promise<number> {
    return this.work.run(EVERY_SHOP, async (transaction) => {
      const kept = await this.each(({ erase }) => erase(transaction, actor.shopId, address, actor));
      if (count(kept) === 0) throw nobody();
      const isHimself = Object.values(kept)
        .flat()
        .some(({ subjectId }) => subjectId === actor.actorId);
      note(transaction, { ...actor, ...(isHimself && { isUnplaced: true }) }, 'ERASED', kept);
      return count(kept);
    });
  }

  /** One's own account, and all that the shops keep in which one is or was a member, as JSON. */
  exportOwn({ id, email }: Oneself): Promise<string> {
    return this.work.run(EVERY_SHOP, async (transaction) => {
      const shops: object[] = [];
      for (const { shopId, id: actorId } of await this.places.account.memberships(transaction, id)) {
        const kept = await this.each(({ collect }) => collect(transaction, shopId, email));
        note(transaction, { shopId, actorId }, 'EXPORTED', kept);
        shops.push(dataOf(kept));
      }
      return this.written({ account: await this.places.account.collect(transaction, id), shops });
    });
  }

  /**
   * Forgets oneself: in every shop in which one is or was a member as `erase` does, and the account. `confirmation` is one's own e-mail address, so that nobody does this by
   * mistake. Refuses (INVALID at `email`) another; IN_USE for the last owner of any of them, and then nothing is forgotten. Gives how many records that were.
   */
  async eraseOwn({ id, email }: Oneself, confirmation: string): Promise<number> {
    if (confirmation.trim().toLowerCase() !== email)
      throw new InvalidError('Write your own e-mail address to confirm.', ['email']);
    return this.work.run(EVERY_SHOP, async (transaction) => {
      let erased = 1;
      for (const { shopId, id: actorId } of await this.places.account.memberships(transaction, id)) {
        const kept = await this.each(({ erase }) => erase(transaction, shopId, email));
        note(transaction, { shopId, actorId, isUnplaced: true }, 'ERASED', kept);
        erased += count(kept);
      }
      await this.places.account.erase(transaction, id);
      return erased;
    });
  }

  private async each(ask: (keeper: PersonalDataKeeper) => Promise<readonly PersonalRecord[]>): Promise<Kept> {
    const kept: Record<string, readonly PersonalRecord[]> = {};
    for (const keeper of this.places.keepers) kept[keeper.name] = await ask(keeper);
    return kept;
  }

  private written(data: object): string {
    return JSON.stringify({ exportedAt: this.clock.now().toISOString(), ...data }, null, 2);
  }
}

function count(kept: Kept): number {
  return Object.values(kept).flat().length;
}

/** Without the keepers that have nothing. */
function dataOf(kept: Kept): object {
  const found = Object.entries(kept).filter(([, records]) => records.length > 0);
  return Object.fromEntries(found.map(([name, records]) => [name, records.map(({ data }) => data)]));
}

function note(transaction: Transaction, { shopId, actorId, isUnplaced }: Noted, action: AuditAction, kept: Kept): void {
  const by = { ...(actorId !== undefined && { actorId }), ...(isUnplaced && { isUnplaced }) };
  for (const { subjectType, subjectId } of Object.values(kept).flat()) {
    transaction.note({ shopId, action, subjectType, subjectId, ...by });
  }
}

function nobody(): NotFoundError {
  return new NotFoundError('The shop keeps nothing of anybody with this address.', ['address']);
}
