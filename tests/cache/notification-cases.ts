import type { MutationCase } from './mutation-case.js';

export const NOTIFICATION_CASES: readonly MutationCase[] = [
  {
    mutation: 'notificationRecipientCreate',
    what: 'he is listed',
    act: () => 'input: { name: "Another", phone: "0821234567" }',
    shows: ['recipients'],
  },
  {
    mutation: 'notificationRecipientUpdate',
    what: 'another language and hours',
    act: ({ ids }) => `id: "${ids.recipient}", patch: { language: ZU, quietFrom: "21:00", quietTo: "06:00" }`,
    shows: ['recipients'],
  },
  {
    mutation: 'notificationRecipientDelete',
    what: 'with all that was to be sent to him',
    act: ({ ids }) => `id: "${ids.recipient}"`,
    shows: ['recipients', 'notifications'],
  },
  {
    mutation: 'notificationSubscriptionsSet',
    what: 'another kind, at one place',
    act: ({ ids }) =>
      `recipient: "${ids.recipient}", subscriptions: [{ kind: OUT_OF_STOCK, channel: EMAIL, location: "${ids.shop}" }]`,
    shows: ['recipients'],
  },
  {
    mutation: 'notificationAddressResume',
    what: 'one that is not paused stays as it is',
    act: ({ ids }) => `recipient: "${ids.recipient}", channel: EMAIL`,
    shows: [],
  },
];
