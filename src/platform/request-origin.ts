import { AsyncLocalStorage } from 'node:async_hooks';

/** What a change comes from: a mutation that somebody sent, or a job. What is absent nobody knows, or there is none. */
export interface RequestOrigin {
  /** The mutation's name in the schema, or the task's. */
  readonly operation: string;
  readonly requestId?: string | undefined;
  /** The client's, as the transport believes it. */
  readonly address?: string | undefined;
  /** Row id of the shop that the actor acts for. */
  readonly shopId?: string | undefined;
  /** Row id of the principal. */
  readonly actorId?: string | undefined;
  /** Row id of the person, where one is signed in. */
  readonly personId?: string | undefined;
}

const origins = new AsyncLocalStorage<RequestOrigin>();

/** Runs `act`, and all that it awaits, as coming from there. */
export function fromOrigin<T>(origin: RequestOrigin, act: () => T): T {
  return origins.run(origin, act);
}

/** Undefined where the program acts by itself: a command, a start. */
export function currentOrigin(): RequestOrigin | undefined {
  return origins.getStore();
}
