import { afterAll, beforeAll, expect, test } from 'vitest';
import { toGlobalId } from '../../../src/graphql/global-id.js';
import { openPeopleApp, PASSWORD, type PeopleApp } from './people-app.js';

let world: PeopleApp;
let calls = 0;
beforeAll(async () => {
  world = await openPeopleApp({ sendsMail: false });
}, 60_000);
afterAll(() => world.close());

const ACCEPT =
  'mutation ($secret: String!, $name: String, $password: String) { invitationAccept(secret: $secret, name: $name, password: $password) { me { shops { name role } } userErrors { code } } }';

function openShopAlone(name: string) {
  return world.app.services.shops.create({ name, currency: 'ZAR', timeZone: 'Africa/Johannesburg' });
}

async function accept(secret: string, { token, name }: { token?: string | undefined; name?: string }): Promise<unknown> {
  calls += 1;
  const variables = { secret, ...(name === undefined ? {} : { name, password: PASSWORD }) };
  const { data } = await world.ask(ACCEPT, { token, address: `198.51.100.${String(calls)}`, variables });
  return data;
}

test('an account whose address nobody proved is not made an owner by that address: its holder is invited', async () => {
  const { invitations, owners } = world.app.services.people;
  const mallory = await openShopAlone('Mallory');
  const email = 'lindiwe@example.co.za';
  // Where no mail is sent whoever invites has the code, and makes himself an account of another one's address.
  const { secret } = await invitations.invite(mallory.actor, { email, role: 'READER' });
  await accept(secret ?? '', { name: 'Not Lindiwe' });
  const stolen = await world.signIn(email, PASSWORD, '192.0.2.91');
  expect(stolen).toBeDefined();

  const { shop, actor } = await openShopAlone('Lindiwe');
  await expect(owners.add(shop.id, { email, name: 'Lindiwe', password: 'her own long password' })).rejects.toMatchObject({
    code: 'DUPLICATE',
    path: ['email'],
  });
  const reachable = async () => world.ask('{ shop { name } }', { token: stolen, shop: toGlobalId('Shop', shop.id) });
  expect(await reachable()).toMatchObject({ errors: [{ extensions: { code: 'FORBIDDEN' } }] });
  // To be invited gives the account nothing either, until somebody has the code that was handed to her.
  const invited = await invitations.invite(actor, { email, role: 'OWNER' });
  expect(await reachable()).toMatchObject({ errors: [{ extensions: { code: 'FORBIDDEN' } }] });
  expect(invited.secret).toMatch(/^sri_/);
});

test('an invitation to a lower role does not lower who is a member by then, and a higher one raises him', async () => {
  const { invitations, owners } = world.app.services.people;
  const { shop, actor, secret: key } = await openShopAlone('Roles');
  const email = 'role-owner@example.co.za';
  const stale = await invitations.invite(actor, { email, role: 'CLERK' });
  await owners.add(shop.id, { email, name: 'Thandi', password: PASSWORD });
  const token = await world.signIn(email, PASSWORD, '192.0.2.92');
  const ofRole = (role: string) => ({ invitationAccept: { me: { shops: [{ name: 'Roles', role }] }, userErrors: [] } });
  expect(await accept(stale.secret ?? '', { token })).toEqual(ofRole('OWNER'));
  // It was accepted, and is not good again once he is a clerk indeed.
  await owners.add(shop.id, { email: 'role-second@example.co.za', name: 'Sipho', password: PASSWORD });
  const { data } = await world.ask('{ members { id email } }', { token: key });
  const { members } = data as unknown as { members: { id: string; email: string }[] };
  const id = members.find((member) => member.email === email)?.id;
  await world.ask('mutation ($id: ID!) { memberUpdate(id: $id, role: CLERK) { userErrors { code } } }', {
    token: key,
    variables: { id },
  });
  expect(await accept(stale.secret ?? '', { token })).toMatchObject({ invitationAccept: { userErrors: [{ code: 'INVALID' }] } });
  // One that was made before he came in as less than that.
  const em = world.database.orm.em.fork();
  await em.execute('update membership set ended_at = now() where shop_id = ? and role = ?', [shop.id, 'CLERK']);
  const higher = await invitations.invite(actor, { email, role: 'MANAGER' });
  await em.execute("update membership set ended_at = null where shop_id = ? and role = 'CLERK'", [shop.id]);
  expect(await accept(higher.secret ?? '', { token })).toEqual(ofRole('MANAGER'));
});

test('who left comes back with the role of his invitation, not with the one he had', async () => {
  const { invitations, owners } = world.app.services.people;
  const { shop, actor, secret: key } = await openShopAlone('Back');
  const email = 'back@example.co.za';
  const member = await owners.add(shop.id, { email, name: 'Thandi', password: PASSWORD });
  await owners.add(shop.id, { email: 'stays@example.co.za', name: 'Sipho', password: PASSWORD });
  const token = await world.signIn(email, PASSWORD, '192.0.2.93');
  await world.ask('mutation ($id: ID!) { memberEnd(id: $id) { userErrors { code } } }', {
    token: key,
    variables: { id: toGlobalId('Membership', member.id) },
  });
  const { secret } = await invitations.invite(actor, { email, role: 'READER' });
  expect(await accept(secret ?? '', { token })).toEqual({
    invitationAccept: { me: { shops: [{ name: 'Back', role: 'READER' }] }, userErrors: [] },
  });
});

test('two who are new under one address at once: one has the account, the other is told so', async () => {
  const { invitations } = world.app.services.people;
  for (let round = 0; round < 5; round += 1) {
    const email = `both-${String(round)}@example.co.za`;
    const secrets = await Promise.all(
      ['One', 'Two'].map(
        async (name) => (await invitations.invite((await openShopAlone(name)).actor, { email, role: 'CLERK' })).secret,
      ),
    );
    const replies = await Promise.all(secrets.map((secret) => accept(secret ?? '', { name: 'Sipho' })));
    expect(replies).toEqual(
      expect.arrayContaining([
        { invitationAccept: { me: { shops: [expect.anything()] }, userErrors: [] } },
        { invitationAccept: { me: null, userErrors: [{ code: 'INVALID' }] } },
      ]),
    );
  }
});
