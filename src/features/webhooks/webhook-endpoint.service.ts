import type { Clock } from '../../kernel/clock.js';
import { InvalidError } from '../../kernel/errors.js';
import { newId } from '../../kernel/ids.js';
import type { Transaction, UnitOfWork } from '../../platform/unit-of-work.js';
import { optionalText, ShopRepository, type Actor, type RowRef } from '../access/index.js';
import { WebhookDeliveryRepository } from './webhook-delivery.repository.js';
import type { WebhookEndpoint } from './webhook-endpoint.entity.js';
import { WebhookEndpointRepository } from './webhook-endpoint.repository.js';
import { WEBHOOK_KINDS, type WebhookKind } from './webhook-kind.js';
import { noSuchEndpoint } from './webhook-refusals.js';
import type { WebhookSender } from './webhook-sender.port.js';
import { newWebhookSecret } from './webhook-signature.js';

/** Each event costs one delivery for each of them. */
export const MAX_ENDPOINTS = 20;
const MAX_DESCRIPTION_LENGTH = 500;

export interface WebhookEndpointDraft {
  readonly url: string;
  readonly kinds: readonly WebhookKind[];
  readonly description?: string | null | undefined;
  /** True where absent. */
  readonly enabled?: boolean | null | undefined;
}

/** Absent: unchanged. Only the description can be cleared. */
export interface WebhookEndpointChanges {
  readonly url?: string | null | undefined;
  readonly kinds?: readonly WebhookKind[] | null | undefined;
  readonly description?: string | null | undefined;
  readonly enabled?: boolean | null | undefined;
}

/** The secret is shown when it is made, and never again. */
export interface NewWebhookSecret {
  readonly endpoint: WebhookEndpoint;
  readonly secret: string;
}

interface Setting {
  readonly em: Transaction['em'];
  readonly endpoints: WebhookEndpointRepository;
  readonly now: Date;
}

/**
 * Where a shop wants to be told of what happens in it. Each act is a transaction of its own, and keeps the shop's own row, which every actor has at
 * hand, in step with what any endpoint in use listens to.
 */
export class WebhookEndpointService {
  constructor(
    private readonly work: UnitOfWork,
    private readonly clock: Clock,
    private readonly sender: Pick<WebhookSender, 'urlFault'>,
  ) {}

  /** Refuses (INVALID) a URL that may not be asked, no kinds, and more than MAX_ENDPOINTS. */
  create({ shopId }: Actor, draft: WebhookEndpointDraft): Promise<NewWebhookSecret> {
    const [url, kinds] = [this.checkedUrl(draft.url), checkedKinds(draft.kinds)];
    const description = optionalText(draft.description, ['description'], MAX_DESCRIPTION_LENGTH);
    return this.inTurn(shopId, async ({ endpoints, now }) => {
      if ((await endpoints.count()) >= MAX_ENDPOINTS) {
        throw new InvalidError(`A shop has at most ${String(MAX_ENDPOINTS)} webhook endpoints.`);
      }
      const secret = newWebhookSecret();
      const none = { goneAt: null, previousSecret: null, previousSecretEndsAt: null, lastSequence: 0 };
      const fields = { ...none, url, kinds, description, secret, enabled: draft.enabled ?? true };
      return { endpoint: endpoints.add({ id: newId(), ...fields, createdAt: now, updatedAt: now }), secret };
    });
  }

  /** Refuses (INVALID) what `create` refuses, and to clear what is needed; NOT_FOUND. Switching it on forgets that it was gone. */
  update({ shopId }: Actor, ref: RowRef, changes: WebhookEndpointChanges): Promise<WebhookEndpoint> {
    const url = changes.url === undefined ? undefined : this.checkedUrl(changes.url);
    const kinds = changes.kinds === undefined ? undefined : checkedKinds(changes.kinds);
    const { enabled } = changes;
    if (enabled === null) throw new InvalidError('Say true or false.', ['enabled']);
    return this.inTurn(shopId, async ({ endpoints, now }) => {
      const endpoint = await findLocked(endpoints, ref);
      if (url !== undefined) endpoint.url = url;
      if (kinds !== undefined) endpoint.kinds = kinds;
      if (changes.description !== undefined) {
        endpoint.description = optionalText(changes.description, ['description'], MAX_DESCRIPTION_LENGTH);
      }
      if (enabled !== undefined) endpoint.setEnabled(enabled);
      endpoint.updatedAt = now;
      return endpoint;
    });
  }

  /** With all its deliveries: what was not sent yet never will be. Gives it as it was. Refuses NOT_FOUND. */
  delete({ shopId }: Actor, ref: RowRef): Promise<WebhookEndpoint> {
    return this.inTurn(shopId, async ({ em, endpoints }) => {
      const endpoint = await findLocked(endpoints, ref);
      await new WebhookDeliveryRepository(em, shopId).removeAllOf(endpoint.id);
      endpoints.remove(endpoint);
      return endpoint;
    });
  }

  /** A new secret; what is sent within the next day is signed with the one before as well. Refuses NOT_FOUND. */
  rotateSecret({ shopId }: Actor, ref: RowRef): Promise<NewWebhookSecret> {
    return this.inTurn(shopId, async ({ endpoints, now }) => {
      const endpoint = await findLocked(endpoints, ref);
      const secret = newWebhookSecret();
      endpoint.rotateSecret(secret, now);
      return { endpoint, secret };
    });
  }

  /** The receiver has said that it is gone for good: nothing more is sent to it until somebody switches it on again. */
  async markGone(shopId: string, id: string): Promise<void> {
    await this.inTurn(shopId, async ({ endpoints, now }) => {
      const endpoint = await endpoints.findForUpdate(id);
      if (endpoint?.enabled) endpoint.markGone(now);
    });
  }

  private inTurn<T>(shopId: string, act: (setting: Setting) => Promise<T>): Promise<T> {
    return this.work.run({ shopId }, async (transaction) => {
      const { em } = transaction;
      const shops = new ShopRepository(em);
      await shops.lock(shopId);
      const [endpoints, now] = [new WebhookEndpointRepository(em, shopId), this.clock.now()];
      const result = await act({ em, endpoints, now });
      await transaction.flush();
      const [shop, kinds] = [await shops.find(shopId), await endpoints.kindsInUse()];
      if (String(shop.webhookKinds) !== String(kinds)) shop.webhookKinds = kinds;
      return result;
    });
  }

  private checkedUrl(text: string | null): string {
    const url = text?.trim() ?? '';
    const fault = this.sender.urlFault(url);
    if (fault !== undefined) throw new InvalidError(fault, ['url']);
    return new URL(url).href;
  }
}

/** Each once, in alphabetical order. */
function checkedKinds(kinds: readonly WebhookKind[] | null): WebhookKind[] {
  const wanted = WEBHOOK_KINDS.filter((kind) => kinds?.includes(kind));
  if (wanted.length === 0) throw new InvalidError('Name at least one kind of event.', ['kinds']);
  return wanted;
}

async function findLocked(endpoints: WebhookEndpointRepository, { id }: RowRef): Promise<WebhookEndpoint> {
  const endpoint = id === undefined ? undefined : await endpoints.findForUpdate(id);
  if (!endpoint) throw noSuchEndpoint('id');
  return endpoint;
}
