import { afterAll, beforeAll, expect, test } from 'vitest';
import { openPeopleApp, PASSWORD, type PeopleApp } from '../people/people-app.js';

const NEXT = 'seven quiet herons';

let world: PeopleApp;
let made = 0;
let calls = 0;
beforeAll(async () => {
  world = await openPeopleApp();
}, 60_000);
afterAll(() => world.close());

interface Entry {
  readonly operation: string | null;
  readonly action: string;
  readonly subjectType: string;
  readonly subject: string | null;
  readonly fields: string[];
  readonly actor: string | null;
}
interface Owned {
  readonly email: string;
  readonly key: string;
  /** Global id of his membership; row id of the shop. */
  readonly member: string;
  readonly shopId: string;
}

/** A shop of its own with an owner who signs in, called Thandi. */
async function openOwned(): Promise<Owned> {
  made += 1;
  const email = `owner-${String(made)}@example.co.za`;
  const { id: shopId, key } = await world.openShop(email, `Shop ${String(made)}`);
  return { email, key, shopId, member: await memberOf(key, email) };
}

async function memberOf(key: string, email: string): Promise<string> {
  const { data } = await world.ask('{ members { id email } }', { token: key });
  const { members } = data as unknown as { members: { id: string; email: string }[] };
  return members.find((each) => each.email === email)?.id ?? '';
}

/** From another address each time, so that no limit of attempts is met. */
async function ask(query: string, variables: Record<string, unknown>, token?: string): Promise<Record<string, unknown>> {
  calls += 1;
  const { data, errors } = await world.ask(query, { token, address: `198.51.100.${String(calls)}`, variables });
  expect(errors).toBeUndefined();
  return data as Record<string, unknown>;
}

function signIn(email: string, password = PASSWORD): Promise<string | undefined> {
  calls += 1;
  return world.signIn(email, password, `198.51.100.${String(calls)}`);
}

/** The newest first. */
async function entries(key: string, filter: string): Promise<Entry[]> {
  // What is refused is noted behind the reply.
  await world.app.services.people.signIn.noteNow();
  const query = `{ auditEntries(first: 100, filter: ${filter}) { nodes { operation action subjectType subject fields actor } } }`;
  const { data } = await world.ask(query, { token: key });
  return (data as unknown as { auditEntries: { nodes: Entry[] } }).auditEntries.nodes;
}

const entry = (operation: string, action: string, subject: string, fields: string[] = []) => ({
  ...{ operation, action, subjectType: 'Membership', subject, fields, actor: 'Thandi' },
});

test('a refused sign-in is not an act of whoever it was tried as', async () => {
  const { email, key, member } = await openOwned();
  expect(await signIn(email, 'wrong password')).toBeUndefined();
  // It is noted some time behind its reply.
  await world.app.services.people.signIn.noteNow();
  expect(await signIn(email)).toBeDefined();
  expect(await entries(key, `{ subject: "${member}", operation: "signIn" }`)).toEqual([
    entry('signIn', 'SIGNED_IN', member),
    { ...entry('signIn', 'SIGN_IN_REFUSED', member), actor: null },
  ]);
  expect(await entries(key, `{ actor: "${member}" }`)).toEqual([entry('signIn', 'SIGNED_IN', member)]);
});

test.each([false, true])('signing out is one, everywhere: %s, in each of his shops and in no other', async (everywhere) => {
  const [first, other] = [await openOwned(), await openOwned()];
  const second = await world.openShop(first.email, 'Second shop');
  const member = await memberOf(second.key, first.email);
  const [token] = [await signIn(first.email), await signIn(first.email)];
  const out = 'mutation ($everywhere: Boolean) { signOut(everywhere: $everywhere) { done } }';
  expect(await ask(out, { everywhere }, token)).toEqual({ signOut: { done: true } });
  const filter = '{ operation: "signOut" }';
  expect(await entries(first.key, filter)).toEqual([entry('signOut', 'SIGNED_OUT', first.member)]);
  expect(await entries(second.key, filter)).toEqual([entry('signOut', 'SIGNED_OUT', member)]);
  expect(await entries(other.key, filter)).toEqual([]);
});

test('a new password is one, and one that is refused is none', async () => {
  const { email, key, member } = await openOwned();
  const token = await signIn(email);
  const change = 'mutation ($next: String!) { passwordChange(current: "three green kettles", next: $next) { done } }';
  expect(await ask(change, { next: 'short' }, token)).toEqual({ passwordChange: { done: false } });
  expect(await entries(key, '{ operation: "passwordChange" }')).toEqual([]);
  expect(await ask(change, { next: NEXT }, token)).toEqual({ passwordChange: { done: true } });
  expect(await entries(key, '{ operation: "passwordChange" }')).toEqual([
    entry('passwordChange', 'UPDATED', member, ['password']),
  ]);
});

test('so is a password that is reset, and the session that begins with it', async () => {
  const { email, key, member } = await openOwned();
  const request = 'mutation ($email: String!) { passwordResetRequest(email: $email) { done } }';
  await ask(request, { email });
  await world.app.outbox.drain();
  const reset =
    'mutation ($secret: String!, $next: String!) { passwordReset(secret: $secret, password: $next) { me { email } } }';
  expect(await ask(reset, { secret: world.mailedSecret(), next: NEXT })).toEqual({ passwordReset: { me: { email } } });
  const said = await entries(key, '{ operation: "passwordReset" }');
  expect(said).toHaveLength(2);
  expect(said).toEqual(
    expect.arrayContaining([
      entry('passwordReset', 'UPDATED', member, ['password']),
      entry('passwordReset', 'SIGNED_IN', member),
    ]),
  );
});

test('so is an invitation that is accepted: who joined, by which one', async () => {
  const { key } = await openOwned();
  const email = 'sipho@example.co.za';
  const invite = 'mutation ($email: String!) { memberInvite(input: { email: $email, role: CLERK }) { invitation { id } } }';
  const { memberInvite } = (await ask(invite, { email }, key)) as { memberInvite: { invitation: { id: string } } };
  await world.app.outbox.drain();
  const accept =
    'mutation ($secret: String!, $next: String!) { invitationAccept(secret: $secret, name: "Sipho", password: $next) { me { email } } }';
  await ask(accept, { secret: world.mailedSecret(), next: NEXT });
  const member = await memberOf(key, email);
  const said = await entries(key, '{ operation: "invitationAccept" }');
  expect(said).toHaveLength(3);
  expect(said).toEqual(
    expect.arrayContaining([
      { ...entry('invitationAccept', 'CREATED', member), actor: null },
      { ...entry('invitationAccept', 'SIGNED_IN', member), actor: 'Sipho' },
      {
        ...entry('invitationAccept', 'UPDATED', memberInvite.invitation.id, ['acceptedAt']),
        ...{ subjectType: 'Invitation', actor: null },
      },
    ]),
  );
});

test('a shop is told no more of what who has left it does', async () => {
  const { email, key, member, shopId } = await openOwned();
  const token = await signIn(email);
  await world.app.services.people.owners.add(shopId, { email: `new-${email}`, name: 'Sipho', password: PASSWORD });
  await ask('mutation ($id: ID!) { memberEnd(id: $id) { userErrors { code } } }', { id: member }, key);
  expect(await ask('mutation { signOut { done } }', {}, token)).toEqual({ signOut: { done: true } });
  expect(await entries(key, '{ operation: "signOut" }')).toEqual([]);
});
