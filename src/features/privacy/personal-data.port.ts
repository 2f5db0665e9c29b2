import type { Transaction } from '../../platform/unit-of-work.js';
import type { Actor } from '../access/index.js';

/** Something that is kept of a person. */
export interface PersonalRecord {
  /** As its GraphQL type is named. */
  readonly subjectType: string;
  /** Row id. */
  readonly subjectId: string;
  /** What stands in it, in words that a person can read; it can be written as JSON. No secrets. */
  readonly data: object;
}

/** A place where something of persons is kept. Each room that has one names it here. */
export interface PersonalDataKeeper {
  /** What an export calls it. */
  readonly name: string;
  /** All that the shop keeps of whoever has this e-mail address or mobile number. Refuses (INVALID at `address`) what is neither. */
  readonly collect: (transaction: Transaction, shopId: string, address: string) => Promise<readonly PersonalRecord[]>;
  /**
   * Forgets what `collect` gives, and gives that. What the ledger says of who did what stays: it knows pseudonyms only. `by` is whose wish it is, where it is not
   * the person's own.
   */
  readonly erase: (
    transaction: Transaction,
    shopId: string,
    address: string,
    by?: Pick<Actor, 'permissions' | 'actorId'>,
  ) => Promise<readonly PersonalRecord[]>;
}

/** What is kept of a person who signs in, beside his places in shops. The transactions see every shop. */
export interface AccountKeeper {
  /** By what he is let in, without the secrets; undefined where there is no such person. */
  readonly collect: (transaction: Transaction, personId: string) => Promise<object | undefined>;
  /** His places in shops, those that he has left too, in the order in which shops are locked. The row id is the principal's. */
  readonly memberships: (
    transaction: Transaction,
    personId: string,
  ) => Promise<readonly { readonly shopId: string; readonly id: string }[]>;
  /** Forgets what is left of him once he is a member nowhere. */
  readonly erase: (transaction: Transaction, personId: string) => Promise<void>;
}
