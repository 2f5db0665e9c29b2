import type { Transaction } from '../../platform/unit-of-work.js';

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
  /** Forgets what `collect` gives, and gives that. What the ledger says of who did what stays: it knows pseudonyms only. */
  readonly erase: (transaction: Transaction, shopId: string, address: string) => Promise<readonly PersonalRecord[]>;
}
