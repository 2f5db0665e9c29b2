import type { MutationCase } from './mutation-case.js';

export const OPERATIONS_CASES: readonly MutationCase[] = [
  {
    mutation: 'outboxJobReplay',
    what: 'it waits again',
    act: ({ ids }) => `id: "${ids.job}"`,
    shows: ['setAside'],
  },
];
