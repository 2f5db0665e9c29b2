import { toGlobalId } from '../../graphql/global-id.js';
import type { Clock } from '../../kernel/clock.js';
import { NotNow, type RunningJob, type Task } from '../../platform/outbox/task.js';
import type { UnitOfWork } from '../../platform/unit-of-work.js';
import { nextTryAt, triesEndAt } from './retry-schedule.js';
import type { WebhookDelivery } from './webhook-delivery.entity.js';
import { WebhookDeliveryRepository } from './webhook-delivery.repository.js';
import type { WebhookEndpoint } from './webhook-endpoint.entity.js';
import { WebhookEndpointRepository } from './webhook-endpoint.repository.js';
import type { WebhookEndpointService } from './webhook-endpoint.service.js';
import { retryWithin } from './webhook-fan-out.js';
import { SEND_TASK, type SendPayload } from './webhook-jobs.js';
import type { WebhookOutcome, WebhookSender } from './webhook-sender.port.js';
import { signedHeaders } from './webhook-signature.js';

/** More than one receiver is sent at once, so that a slow one leaves room for others. */
const CONCURRENCY = 16;
const FIRST_SUCCESS = 200;
const FIRST_REDIRECT = 300;
const FIRST_CLIENT_ERROR = 400;
const GONE = 410;
const SWITCHED_OFF = 'The endpoint is switched off.';

interface Pending {
  readonly delivery: WebhookDelivery;
  readonly endpoint: WebhookEndpoint;
}

type Held = Extract<WebhookOutcome, { kind: 'HELD' }>;

/** What a try came to, in one word, a status and a sentence. */
type Result =
  | { readonly kind: 'DELIVERED'; readonly status: number }
  | { readonly kind: 'GONE'; readonly status: number; readonly reason: string }
  | {
      readonly kind: 'FAILED';
      readonly status: number | null;
      readonly reason: string;
      readonly retryAfterMs?: number | undefined;
    }
  | { readonly kind: 'EXPIRED'; readonly reason: string };

/**
 * Sends deliveries, one a job. The row of the delivery says how often it was tried and when next; the job only carries it there: a failure that is
 * the receiver's puts the job off, so that nothing but a fault of our own is counted as the job's.
 */
export class WebhookDispatch {
  constructor(
    private readonly work: UnitOfWork,
    private readonly clock: Clock,
    private readonly parts: { readonly sender: WebhookSender; readonly endpoints: Pick<WebhookEndpointService, 'markGone'> },
  ) {}

  get task(): Task {
    const run: Task['run'] = (job, signal) => this.run(job, signal);
    return { name: SEND_TASK, concurrency: CONCURRENCY, retryInMs: retryWithin, run };
  }

  /** Safe to run again: what was delivered or given up is left alone. Throws NotNow where it is to be tried again. */
  async run({ shopId, payload }: Pick<RunningJob, 'shopId' | 'payload'>, signal: AbortSignal): Promise<void> {
    if (shopId === null) throw new TypeError('A delivery belongs to a shop.');
    const { delivery: id } = payload as SendPayload;
    const pending = await this.find(shopId, id);
    if (!pending) return;
    if (!pending.endpoint.enabled) {
      await this.change(shopId, id, (delivery) => {
        delivery.giveUp(SWITCHED_OFF, this.clock.now());
      });
      return;
    }
    const outcome = await this.send(pending, signal);
    const result = outcome.kind === 'HELD' ? this.heldOf(outcome, pending) : resultOf(outcome);
    if (result.kind === 'GONE') await this.parts.endpoints.markGone(shopId, pending.endpoint.id);
    const nextAt = await this.change(shopId, id, (delivery) => this.note(delivery, result));
    if (nextAt)
      throw new NotNow('reason' in result ? result.reason : '', Math.max(0, nextAt.getTime() - this.clock.now().getTime()));
  }

  private send({ delivery, endpoint }: Pending, signal: AbortSignal): Promise<WebhookOutcome> {
    const [{ body }, now] = [delivery, this.clock.now()];
    const id = toGlobalId('WebhookDelivery', delivery.id);
    const headers = { 'content-type': 'application/json', ...signedHeaders({ id, body, now }, endpoint.secretsAt(now)) };
    return this.parts.sender.send({ endpoint: endpoint.id, url: endpoint.url, headers, body }, signal);
  }

  /**
   * All that waits for the endpoint is put off in one go, and no delivery is written, so that a dead receiver keeps nobody from being sent to. A
   * turn may never come: what is left alone for as long as it would have been tried is given up.
   */
  private heldOf({ reason, delayMs }: Held, { delivery }: Pending): Result {
    if (this.clock.now() < triesEndAt(delivery.triesFrom)) throw new NotNow(reason, delayMs, { lane: true });
    return { kind: 'EXPIRED', reason };
  }

  /** Gives when it is tried again, if it is. */
  private note(delivery: WebhookDelivery, result: Result): Date | undefined {
    const now = this.clock.now();
    switch (result.kind) {
      case 'DELIVERED':
        delivery.succeed(result.status, now);
        return undefined;
      case 'GONE':
        delivery.fail(result, undefined, now);
        return undefined;
      case 'FAILED': {
        const { triesFrom } = delivery;
        const nextAt = nextTryAt({ failures: delivery.failures + 1, triesFrom, now, retryAfterMs: result.retryAfterMs });
        delivery.fail(result, nextAt, now);
        return nextAt;
      }
      case 'EXPIRED':
        delivery.giveUp(result.reason, now);
        return undefined;
    }
  }

  private find(shopId: string, id: string): Promise<Pending | undefined> {
    return this.work.run({ shopId }, async ({ em }) => {
      const delivery = await new WebhookDeliveryRepository(em, shopId).find(id);
      if (delivery?.state !== 'PENDING') return undefined;
      const endpoint = await new WebhookEndpointRepository(em, shopId).find(delivery.endpoint.id);
      return endpoint && { delivery, endpoint };
    });
  }

  /** Does nothing where it is not waiting any more: another worker, who was believed dead, has had the last word. */
  private change<T>(shopId: string, id: string, act: (delivery: WebhookDelivery) => T): Promise<T | undefined> {
    return this.work.run({ shopId }, async ({ em }) => {
      const delivery = await new WebhookDeliveryRepository(em, shopId).findForUpdate(id);
      return delivery?.state === 'PENDING' ? act(delivery) : undefined;
    });
  }
}

function resultOf(outcome: Exclude<WebhookOutcome, Held>): Result {
  if (outcome.kind === 'FAILED') return { kind: 'FAILED', status: null, reason: outcome.reason };
  const { status, retryAfterMs } = outcome;
  if (status >= FIRST_SUCCESS && status < FIRST_REDIRECT) return { kind: 'DELIVERED', status };
  const answered = `The receiver answered ${String(status)}`;
  if (status === GONE)
    return { kind: 'GONE', status, reason: `${answered}: it is gone for good, and the endpoint was switched off.` };
  const isRedirect = status >= FIRST_REDIRECT && status < FIRST_CLIENT_ERROR;
  const reason = isRedirect ? `${answered}: redirects are not followed, enter the right URL.` : `${answered}.`;
  return { kind: 'FAILED', status, reason, retryAfterMs };
}
