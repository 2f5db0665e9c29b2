/** What is kept with a job: ids rather than contents, so that it is done with what is true when it is done. */
export type JobPayload = Readonly<Record<string, unknown>>;

/** What is still to be done once a transaction has committed: a row that is written in the same transaction. */
export interface Job {
  /** The name of the task that does it. */
  readonly task: string;
  readonly shopId: string;
  readonly payload: JobPayload;
  /** The id under which it goes to the far side, the same for every try. Made where it is absent. */
  readonly id?: string;
  /** Of jobs with one task, shop and key only one waits at a time; one that comes while that runs makes it run once more. */
  readonly key?: string;
  /** What it shares its way with: jobs of one task, shop and lane can be put off together. */
  readonly lane?: string;
  /** Not before; at once where it is absent. */
  readonly runAt?: Date;
}

/** What a mutation did, told to those whom the table of hooks names. Each room declares its own. */
export interface DomainEvent {
  readonly type: string;
  readonly shopId: string;
}
