import type { MutationCase } from './mutation-case.js';

export const WEBHOOK_CASES: readonly MutationCase[] = [
  {
    mutation: 'webhookEndpointCreate',
    what: 'it is listed',
    act: () => 'input: { url: "https://hooks.example.com/another", kinds: [ITEM, MOVEMENT] }',
    shows: ['webhooks'],
  },
  {
    mutation: 'webhookEndpointUpdate',
    what: 'switched off',
    act: ({ ids }) => `id: "${ids.webhook}", patch: { enabled: false, description: null }`,
    shows: ['webhooks', 'deliveries'],
  },
  {
    mutation: 'webhookEndpointRotateSecret',
    what: 'two secrets for a while',
    act: ({ ids }) => `id: "${ids.webhook}"`,
    shows: ['webhooks'],
  },
  {
    mutation: 'webhookEndpointDelete',
    what: 'with its deliveries',
    act: ({ ids }) => `id: "${ids.webhook}"`,
    shows: ['webhooks', 'deliveries'],
  },
  {
    mutation: 'webhookEndpointTest',
    what: 'a ping that waits',
    act: ({ ids }) => `id: "${ids.webhook}"`,
    shows: ['deliveries'],
  },
  {
    mutation: 'webhookDeliveryReplay',
    what: 'from the beginning',
    act: ({ ids }) => `id: "${ids.delivery}"`,
    shows: ['deliveries'],
  },
  {
    mutation: 'webhookDeliveriesReplay',
    what: 'there is none that was given up',
    act: ({ ids }) => `endpoint: "${ids.webhook}"`,
    shows: [],
  },
];
