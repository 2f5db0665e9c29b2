import { z } from 'zod';
import { readAllowedHost, type AllowedHost } from '../platform/allowed-host.js';

const MAX_HOSTS = 100;

function hostsOf(text: string): readonly AllowedHost[] | undefined {
  const hosts = text.split(',').map((part) => readAllowedHost(part.trim()));
  const isList = hosts.length <= MAX_HOSTS && !hosts.includes(undefined);
  return isList ? hosts.filter((host) => host !== undefined) : undefined;
}

/** Where webhooks may be sent besides to the whole internet. */
export const webhookSettings = {
  WEBHOOK_ALLOW_HOSTS: z
    .string()
    .transform((text, refusals) => {
      const hosts = hostsOf(text);
      if (!hosts) refusals.addIssue('write host or host:port, several with commas between them, such as 127.0.0.1:9000');
      return hosts ?? [];
    })
    .optional(),
};

export interface WebhookConfig {
  /** Asked whatever their addresses are, and over plain HTTP too: for development, and for receivers in the operator's own network. */
  readonly allowedHosts: readonly AllowedHost[];
}

export function webhookConfig(value: z.output<z.ZodObject<typeof webhookSettings>>): WebhookConfig {
  return { allowedHosts: value.WEBHOOK_ALLOW_HOSTS ?? [] };
}
