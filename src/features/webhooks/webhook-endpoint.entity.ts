import { defineEntity, p } from '@mikro-orm/core';
import { instantColumn } from '../../platform/columns.js';
import { Shop } from '../access/index.js';
import type { WebhookKind } from './webhook-kind.js';

/** How long receivers may go on verifying with the secret before, after it was replaced. */
const ROTATION_WINDOW_MS = 24 * 3_600_000;

const WebhookEndpointSchema = defineEntity({
  name: 'WebhookEndpoint',
  tableName: 'webhook_endpoint',
  properties: {
    shopId: () => p.manyToOne(Shop).primary().mapToPk().fieldName('shop_id').deleteRule('restrict').updateRule('restrict'),
    id: p.uuid().primary(),
    url: p.text(),
    description: p.text().nullable(),
    kinds: p.array().$type<WebhookKind[]>().columnType('text[]'),
    enabled: p.boolean(),
    /** When the receiver said (410) that it will never be there again. */
    goneAt: instantColumn().nullable(),
    /** whsec_… and base64, as Standard Webhooks writes it. */
    secret: p.text().hidden(),
    previousSecret: p.text().nullable().hidden(),
    /** Until when the secret before is signed with too. */
    previousSecretEndsAt: instantColumn().nullable(),
    /** Of the latest delivery; the next has one more. Taken by hand, under the row's lock. */
    lastSequence: p.bigint('number').columnType('bigint'),
    createdAt: instantColumn(),
    updatedAt: instantColumn(),
  },
  checks: [
    { name: 'webhook_endpoint_kinds_check', expression: "kinds <> '{}' and kinds <@ array['alert', 'item', 'movement']" },
    { name: 'webhook_endpoint_gone_check', expression: 'gone_at is null or not enabled' },
    {
      name: 'webhook_endpoint_previous_secret_check',
      expression: '(previous_secret is null) = (previous_secret_ends_at is null)',
    },
    { name: 'webhook_endpoint_last_sequence_check', expression: 'last_sequence >= 0' },
  ],
});

/** Where a shop wants to be told of what happens in it. */
export class WebhookEndpoint extends WebhookEndpointSchema.class {
  declare goneAt: Date | null;
  declare previousSecret: string | null;
  declare previousSecretEndsAt: Date | null;

  /** From now on both are signed with, the one before for ROTATION_WINDOW_MS; one that was before that is forgotten. */
  rotateSecret(secret: string, now: Date): void {
    this.previousSecret = this.secret;
    this.previousSecretEndsAt = new Date(now.getTime() + ROTATION_WINDOW_MS);
    this.secret = secret;
    this.updatedAt = now;
  }

  /** The newest first. */
  secretsAt(now: Date): string[] {
    const isInWindow = this.previousSecretEndsAt !== null && now < this.previousSecretEndsAt;
    return this.previousSecret !== null && isInWindow ? [this.secret, this.previousSecret] : [this.secret];
  }

  /** Switching it on again forgets that it was gone. */
  setEnabled(enabled: boolean): void {
    this.enabled = enabled;
    if (enabled) this.goneAt = null;
  }

  /** The receiver is not there any more, by its own word. The first time stays. */
  markGone(now: Date): void {
    this.enabled = false;
    this.goneAt ??= now;
    this.updatedAt = now;
  }
}
WebhookEndpointSchema.setClass(WebhookEndpoint);
