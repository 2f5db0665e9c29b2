import { randomBytes } from 'node:crypto';
import { Webhook } from 'standardwebhooks';

/** Standard Webhooks asks for 24 to 64. */
const SECRET_BYTES = 32;
const SECRET_PREFIX = 'whsec_';

export function newWebhookSecret(): string {
  return SECRET_PREFIX + randomBytes(SECRET_BYTES).toString('base64');
}

/** What is signed: `id` stays the same over all tries, `now` is that of the try. */
export interface Signable {
  readonly id: string;
  readonly body: string;
  readonly now: Date;
}

/**
 * The headers of the Standard Webhooks specification: a v1 signature (HMAC-SHA256 of id, timestamp and body) by each secret, so that receivers
 * that know only one of them can verify.
 */
export function signedHeaders({ id, body, now }: Signable, secrets: readonly string[]): Record<string, string> {
  const seconds = Math.floor(now.getTime() / 1_000);
  const signatures = secrets.map((secret) => new Webhook(secret).sign(id, now, body));
  return {
    'webhook-id': id,
    'webhook-timestamp': String(seconds),
    'webhook-signature': signatures.join(' '),
  };
}
