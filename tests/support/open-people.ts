import type { App } from '../../src/app.js';
import type { Actor } from '../../src/features/access/index.js';
import { toGlobalId } from '../../src/graphql/global-id.js';

/** Somebody who works in the shop, and somebody who is asked to. */
export async function openPeople({ services: { people } }: App, actor: Actor, name: string) {
  const emailOf = (who: string): string => `${name.toLowerCase()}.${who}@example.co.za`;
  const owner = { email: emailOf('owner'), name: `${name} owner`, password: `four wet ${name} stones` };
  const member = await people.owners.add(actor.shopId, owner);
  const { invitation } = await people.invitations.invite(actor, { email: emailOf('clerk'), role: 'CLERK' });
  return { member: toGlobalId('Membership', member.id), invitation: toGlobalId('Invitation', invitation.id) };
}
