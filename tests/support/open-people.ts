import type { App } from '../../src/app.js';
import type { Actor } from '../../src/features/access/index.js';
import { toGlobalId } from '../../src/graphql/global-id.js';

let opened = 0;

/** Somebody who works in the shop, and somebody who is asked to. */
export async function openPeople({ services: { people } }: App, actor: Actor, name: string) {
  // Other shops of the same name have other people.
  opened += 1;
  const emailOf = (who: string): string => `${name.toLowerCase()}.${who}${String(opened)}@example.co.za`;
  const owner = { email: emailOf('owner'), name: `${name} owner`, password: `four wet ${name} stones` };
  const member = await people.owners.add(actor.shopId, owner);
  const { invitation } = await people.invitations.invite(actor, { email: emailOf('clerk'), role: 'CLERK' });
  return { member: toGlobalId('Membership', member.id), invitation: toGlobalId('Invitation', invitation.id) };
}
