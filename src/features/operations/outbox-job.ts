export const OUTBOX_JOB_STATES = ['WAITING', 'SET_ASIDE'] as const;
/** WAITING: it will be done, or is being done. SET_ASIDE: it failed too often, or can never be done; nobody tries it until somebody asks. */
export type OutboxJobState = (typeof OUTBOX_JOB_STATES)[number];

/** What a mutation left to be done, as an operator sees it: by the class's name Node finds its GraphQL type. */
export class OutboxJob {
  declare readonly shopId: string;
  declare readonly id: string;
  /** What is to be done, such as product.look-up. */
  declare readonly task: string;
  /** What it is about, where there is one such job at most. */
  declare readonly subject: string | null;
  declare readonly attempts: number;
  declare readonly state: OutboxJobState;
  /** What went wrong last. */
  declare readonly reason: string | null;
  declare readonly createdAt: Date;
  /** Of one that waits: not before. */
  declare readonly runAt: Date;
  declare readonly setAsideAt: Date | null;
}
