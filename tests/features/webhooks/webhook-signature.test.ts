import { Webhook } from 'standardwebhooks';
import { expect, test } from 'vitest';
import { newWebhookSecret, signedHeaders } from '../../../src/features/webhooks/webhook-signature.js';

const BODY = '{"type":"webhook.ping","data":{"text":"é 🥖"}}';

function signed(secrets: readonly string[], body = BODY): Record<string, string> {
  return signedHeaders({ id: 'msg-1', body, now: new Date() }, secrets);
}

test('a secret is what Standard Webhooks says, and never the same', () => {
  const secrets = [newWebhookSecret(), newWebhookSecret()];
  for (const secret of secrets) {
    expect(secret).toMatch(/^whsec_[A-Za-z\d+/]{43}=$/);
    expect(Buffer.from(secret.slice('whsec_'.length), 'base64')).toHaveLength(32);
  }
  expect(secrets[0]).not.toBe(secrets[1]);
});

test('receivers verify with the package of the specification', () => {
  const secret = newWebhookSecret();
  expect(new Webhook(secret).verify(BODY, signed([secret]))).toEqual(JSON.parse(BODY));
});

test('with two secrets, who knows either verifies', () => {
  const [after, before] = [newWebhookSecret(), newWebhookSecret()];
  const headers = signed([after, before]);
  for (const secret of [after, before]) expect(() => new Webhook(secret).verify(BODY, headers)).not.toThrow();
  expect(() => new Webhook(newWebhookSecret()).verify(BODY, headers)).toThrow('No matching signature');
});

test('another id, time or body does not verify', () => {
  const secret = newWebhookSecret();
  const [headers, receiver] = [signed([secret]), new Webhook(secret)];
  const later = String(Number(headers['webhook-timestamp']) + 1);
  expect(() => receiver.verify(`${BODY} `, headers)).toThrow('No matching signature');
  expect(() => receiver.verify(BODY, { ...headers, 'webhook-id': 'msg-2' })).toThrow('No matching signature');
  expect(() => receiver.verify(BODY, { ...headers, 'webhook-timestamp': later })).toThrow('No matching signature');
});
