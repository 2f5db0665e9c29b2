import type { MutationCase } from './mutation-case.js';

export const PRIVACY_CASES: readonly MutationCase[] = [
  {
    mutation: 'personalDataExport',
    what: 'what is kept of whoever is told',
    act: () => 'address: "world@example.co.za"',
    shows: [],
  },
  {
    mutation: 'personalDataErase',
    what: 'nobody is told any more',
    act: () => 'address: "world@example.co.za"',
    shows: ['recipients', 'notifications'],
  },
];
