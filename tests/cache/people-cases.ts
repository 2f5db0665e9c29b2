import type { MutationCase } from './mutation-case.js';

/** People and their places in shops are cached nowhere: nothing that is read shows them. */
export const PEOPLE_CASES: readonly MutationCase[] = [
  { mutation: 'memberUpdate', what: 'another role', act: ({ ids }) => `id: "${ids.member}", role: READER`, shows: [] },
  { mutation: 'memberEnd', what: 'somebody leaves', act: ({ ids }) => `id: "${ids.member}"`, shows: [] },
  { mutation: 'memberInvite', what: 'an address', act: () => 'input: { email: "new@example.co.za", role: CLERK }', shows: [] },
  { mutation: 'invitationRevoke', what: 'one that waits', act: ({ ids }) => `id: "${ids.invitation}"`, shows: [] },
];
