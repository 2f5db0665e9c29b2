export const OUTBOX_JOB_STATES = ['WAITING', 'SET_ASIDE'] as const;
/** WAITING: it will be done, or is being done. SET_ASIDE: it failed too often, or can never be done; nobody tries it until somebody asks. */
export type OutboxJobState = (typeof OUTBOX_JOB_STATES)[number];

/** What a mutation left to be done, as an operator sees it. Its class has the name of its GraphQL type, by which Node finds that. */
export class OutboxJob {
  constructor(
    readonly shopId: string,
    readonly id: string,
    /** What is to be done, such as product.look-up. */
    readonly task: string,
    /** What it is about, where there is one such job at most. */
    readonly subject: string | null,
    readonly attempts: number,
    readonly state: OutboxJobState,
    /** What went wrong last. */
    readonly reason: string | null,
    readonly createdAt: Date,
    /** Of one that waits: not before. */
    readonly runAt: Date,
    readonly setAsideAt: Date | null,
  ) {}
}
