import type { Clock } from '../../kernel/clock.js';
import { doubling, type RunningJob, type Task } from '../../platform/outbox/task.js';
import type { Transaction, UnitOfWork } from '../../platform/unit-of-work.js';
import { namesOf } from './actor-names.js';
import { dataOf, type WebhookReaders } from './webhook-data.js';
import { WebhookDeliveryRepository, type DeliveryDraft, type DeliveryKey } from './webhook-delivery.repository.js';
import { WebhookEndpointRepository, type Listener } from './webhook-endpoint.repository.js';
import { FAN_OUT_TASK, sendJob, type FanOutPayload } from './webhook-jobs.js';
import type { WebhookEventType } from './webhook-kind.js';

/** Of one shop a quarter: what it reads overlaps, though its endpoints are written one after the other. */
const CONCURRENCY = 16;
const FIRST_RETRY_MS = 1_000;
const MAX_RETRY_MS = 600_000;
/** Some four days. */
const MAX_TRIES = 600;

/** For what fails within: the database is away, or there is a fault in the program. */
export const retryWithin = doubling(FIRST_RETRY_MS, MAX_TRIES, MAX_RETRY_MS);

/** An event as every endpoint is told of it, but for its number there. */
interface WebhookEvent {
  readonly eventType: WebhookEventType;
  readonly eventId: string;
  readonly at: Date;
  readonly data: object;
  readonly actorId?: string | undefined;
}

/** Writes what happened to each endpoint that listens, as deliveries that are sent one by one. */
export class WebhookFanOut {
  constructor(
    private readonly work: UnitOfWork,
    private readonly clock: Clock,
    private readonly readersOf: (shopId: string) => WebhookReaders,
  ) {}

  get task(): Task {
    return { name: FAN_OUT_TASK, concurrency: CONCURRENCY, retryInMs: retryWithin, run: (job) => this.run(job) };
  }

  /** Safe to run again, also at the same time: each endpoint gets one delivery of an event. */
  async run(job: Pick<RunningJob, 'id' | 'shopId' | 'payload' | 'createdAt'>): Promise<void> {
    const { shopId } = job;
    if (shopId === null) throw new TypeError('Events belong to a shop.');
    const payload = job.payload as FanOutPayload;
    const events = await this.eventsOf(shopId, payload, job);
    if (events.length === 0) return;
    await this.work.run({ shopId }, async (transaction) => {
      const endpoints = new WebhookEndpointRepository(transaction.em, shopId);
      const deliveries = new WebhookDeliveryRepository(transaction.em, shopId);
      const listeners = await endpoints.lockListeners(payload.kind);
      if (listeners.length === 0) return;
      const known = await deliveries.findKnown(
        listeners.map(({ id }) => id),
        payload.type,
        events.map(({ eventId }) => eventId),
      );
      const drafts = draftsFor(listeners, await asNamedNow(transaction, shopId, events), known);
      if (drafts.length === 0) return;
      const ids = await deliveries.add(drafts, this.clock.now());
      const last = new Map(drafts.map(({ endpointId, sequence }) => [endpointId, sequence]));
      await endpoints.setSequences([...last].map(([id, lastSequence]) => ({ id, lastSequence })));
      for (const [index, { endpointId }] of drafts.entries()) transaction.enqueue(sendJob(shopId, endpointId, ids[index] ?? ''));
    });
  }

  /** A movement is an event for itself; all else is told of once for each job. */
  private async eventsOf(
    shopId: string,
    payload: FanOutPayload,
    job: Pick<RunningJob, 'id' | 'createdAt'>,
  ): Promise<WebhookEvent[]> {
    const readers = this.readersOf(shopId);
    const told = await Promise.all(
      payload.ids.map(async (id) => {
        const found = await dataOf(readers, payload, id);
        const eventId = payload.kind === 'item' ? job.id : id;
        if (!found) return undefined;
        const { data, actorId } = found;
        return { eventType: payload.type, eventId, at: found.at ?? job.createdAt, data, actorId };
      }),
    );
    return told.filter((event) => event !== undefined);
  }
}

/** Under the listeners' locks: who has been forgotten since the events were read is not told of by the name that he had. */
async function asNamedNow(transaction: Transaction, shopId: string, events: readonly WebhookEvent[]): Promise<WebhookEvent[]> {
  const ids = events.flatMap(({ actorId }) => actorId ?? []);
  const names = ids.length === 0 ? new Map<string, string>() : await namesOf(transaction, shopId, ids);
  return events.map((event) => {
    const actor = event.actorId === undefined ? undefined : names.get(event.actorId);
    return actor === undefined ? event : { ...event, data: { ...event.data, actor } };
  });
}

/** The number of a delivery is the next of its endpoint, whose row is locked. */
function draftsFor(
  listeners: readonly Listener[],
  events: readonly WebhookEvent[],
  known: readonly DeliveryKey[],
): DeliveryDraft[] {
  const done = new Set(known.map(keyOf));
  return listeners.flatMap(({ id: endpointId, lastSequence }) =>
    events
      .filter((event) => !done.has(keyOf({ ...event, endpointId })))
      .map((event, index) => draftOf(event, endpointId, lastSequence + index + 1)),
  );
}

function keyOf({ endpointId, eventType, eventId }: DeliveryKey): string {
  return `${endpointId}/${eventType}/${eventId}`;
}

/** As Standard Webhooks has it; the sequence says where one is missing, and in which order they were written. */
export function draftOf({ eventType, eventId, at, data }: WebhookEvent, endpointId: string, sequence: number): DeliveryDraft {
  const body = JSON.stringify({ type: eventType, timestamp: at.toISOString(), sequence, data });
  return { endpointId, eventType, eventId, sequence, body };
}
