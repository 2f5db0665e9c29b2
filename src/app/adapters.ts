import { join } from 'node:path';
import { ImageCodeReader } from '../adapters/decode/image-code-reader.js';
import { createFileStore } from '../adapters/files/create-file-store.js';
import { Outbound, type OutboundTools } from '../adapters/http/outbound.js';
import { userAgentOf } from '../adapters/http/user-agent.js';
import { OidcIdentity } from '../adapters/oidc/oidc-identity.js';
import { OIDC_POLICY } from '../adapters/oidc/provider-keys.js';
import { SmtpMail } from '../adapters/mail/smtp-mail.js';
import { createSms } from '../adapters/sms/create-sms.js';
import { createProductSources } from '../adapters/product-lookup/product-sources.js';
import { HttpWebhookSender } from '../adapters/webhook/http-webhook-sender.js';
import type { Config } from '../config/config.js';
import type { CodeReader } from '../features/barcode/index.js';
import type { IdentityPort } from '../features/people/index.js';
import type { WebhookSender } from '../features/webhooks/index.js';
import type { Ways } from '../features/notifications/index.js';
import { passFailpoint, type Failpoints } from '../platform/failpoints.js';
import type { Logger } from '../platform/log.js';
import type { Metrics } from '../platform/metrics.js';
import { createOutboundMetrics, NO_OUTBOUND_METRICS } from '../platform/outbound-metrics.js';

export interface AdapterOptions {
  readonly config: Config;
  readonly log: Logger;
  /** Undefined: nobody reads metrics. */
  readonly registry: Metrics['registry'] | undefined;
}

/** The ways out of the process, one for each outside thing. `close` lets go of their connections. */
export type Adapters = ReturnType<typeof createAdapters>;

/** For checks: the far side has heard, and the process dies before it could note that. */
function dyingAfterSend(sender: WebhookSender, failpoints: Failpoints): WebhookSender {
  return {
    urlFault: (url) => sender.urlFault(url),
    send: async (request, signal) => {
      const outcome = await sender.send(request, signal);
      passFailpoint(failpoints, 'webhook.sent');
      return outcome;
    },
  };
}

/** Makes every adapter that the configuration asks for, once a process. Connects to nothing: what is down must not keep the shop from opening. */
export function createAdapters({ config, log, registry }: AdapterOptions) {
  const metrics = registry ? createOutboundMetrics(registry) : NO_OUTBOUND_METRICS;
  const outbound: OutboundTools = { log, metrics, userAgent: userAgentOf(config.outbound.contact) };
  const { smtp, sms, reportUrl, windowMs, publicUrl } = config.notifications;
  const mail = smtp && new SmtpMail(smtp);
  const smsOutbound = sms && new Outbound('sms', {}, outbound);
  const productSources = createProductSources(config.productLookup, outbound);
  const webhooks = new HttpWebhookSender({ ...config.webhooks, tools: outbound });
  const oidc = config.oidc && new OidcIdentity(new Outbound('oidc', OIDC_POLICY, outbound), config.oidc);
  const files = createFileStore({ ...config.files, folder: join(config.dataDir, 'files') });
  const codeReader = new ImageCodeReader({ ...config.images, log });
  return {
    codeReader: codeReader as CodeReader,
    /** Whose tokens of an identity provider are believed; undefined: nobody's. */
    identity: oidc as IdentityPort | undefined,
    webhooks: dyingAfterSend(webhooks, config.failpoints),
    /** Where files lie, and how large they may be. */
    files: { ...files, limits: config.files.limits },
    /** Who is asked what an unknown code is, and how long the answer is believed. */
    productLookup: { ...config.productLookup, sources: productSources.sources },
    /** How people are told. What would go by a way that is undefined is kept. */
    notifying: {
      ways: { EMAIL: mail, SMS: sms && smsOutbound && createSms(smsOutbound, sms, reportUrl) } as Ways,
      ...{ windowMs, publicUrl },
    },
    close: async (): Promise<void> => {
      mail?.close();
      smsOutbound?.close();
      productSources.close();
      webhooks.close();
      oidc?.close();
      files.close();
      await codeReader.close();
    },
  };
}
