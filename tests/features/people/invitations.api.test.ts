import { afterAll, beforeAll, expect, test } from 'vitest';
import { openPeopleApp, PASSWORD, type PeopleApp } from './people-app.js';

let world: PeopleApp;
let shop: { id: string; key: string };
beforeAll(async () => {
  world = await openPeopleApp();
  shop = await world.openShop('thandi@example.co.za');
}, 60_000);
afterAll(() => world.close());

const INVITE =
  'mutation ($email: String!, $role: Role!) { memberInvite(input: { email: $email, role: $role }) { secret invitation { id email } userErrors { code path } } }';
const ACCEPT =
  'mutation ($secret: String!, $name: String, $password: String) { invitationAccept(secret: $secret, name: $name, password: $password) { token me { shops { name role } } userErrors { code path } } }';
const OTHER_PASSWORD = 'seven quiet herons';
const REFUSED = { invitationAccept: { token: null, me: null, userErrors: [{ code: 'INVALID', path: ['secret'] }] } };

interface Invited {
  memberInvite: { secret: string | null; invitation: { id: string } | null; userErrors: { code: string }[] };
}
interface Accepted {
  invitationAccept: { token: string | null };
}
let calls = 0;

async function invite(email: string, { role = 'CLERK', key = shop.key } = {}): Promise<{ id: string; secret: string }> {
  const { data } = await world.ask(INVITE, { token: key, variables: { email, role } });
  const { invitation, secret } = (data as unknown as Invited).memberInvite;
  expect(secret).toBeNull();
  await world.app.outbox.drain();
  expect(world.mailed.at(-1)?.to.address).toBe(email.toLowerCase());
  return { id: invitation?.id ?? '', secret: world.mailedSecret() };
}

/** Each from another address, so that no limit of attempts is met. */
async function accept(secret: string, variables: object = { name: 'Sipho', password: OTHER_PASSWORD }, token?: string) {
  calls += 1;
  const { data } = await world.ask(ACCEPT, {
    token,
    address: `198.51.100.${String(calls)}`,
    variables: { secret, ...variables },
  });
  return data as unknown as Accepted;
}

test('whoever reads the mail of an invited address joins, once, with a password of his own', async () => {
  const { secret } = await invite('Sipho@Example.co.za');
  const accepted = await accept(secret);
  expect(accepted).toMatchObject({
    invitationAccept: {
      token: expect.stringMatching(/^srs_/) as unknown,
      me: { shops: [{ name: 'Corner shop', role: 'CLERK' }] },
    },
  });
  const token = accepted.invitationAccept.token ?? '';
  expect(await world.ask('{ shop { name } }', { token })).toMatchObject({ data: { shop: { name: 'Corner shop' } } });
  expect(await world.ask('{ members { id } }', { token })).toMatchObject({ errors: [{ extensions: { code: 'FORBIDDEN' } }] });
  expect(await accept(secret)).toEqual(REFUSED);
  expect(await world.signIn('sipho@example.co.za', OTHER_PASSWORD, '192.0.2.71')).toBeDefined();
});

test('a secret is void when it is revoked, asked for anew, too old, or none', async () => {
  const revoked = await invite('one@example.co.za');
  const revoke = 'mutation ($id: ID!) { invitationRevoke(id: $id) { userErrors { code } } }';
  await world.ask(revoke, { token: shop.key, variables: { id: revoked.id } });
  expect(await accept(revoked.secret)).toEqual(REFUSED);
  const [before, anew] = [await invite('two@example.co.za'), await invite('two@example.co.za')];
  expect(await accept(before.secret)).toEqual(REFUSED);
  expect((await accept(anew.secret)).invitationAccept.token).not.toBeNull();
  const old = await invite('three@example.co.za');
  const em = world.database.orm.em.fork();
  await em.execute("update invitation set expires_at = now() - interval '1 second' where email = 'three@example.co.za'");
  expect(await accept(old.secret)).toEqual(REFUSED);
  for (const none of [`sri_${'0'.repeat(39)}`, 'x', '', anew.secret.toUpperCase()]) expect(await accept(none)).toEqual(REFUSED);
});

test('an invitation neither opens nor changes the account of who has one already: he accepts as himself', async () => {
  const second = await world.openShop('lindiwe@example.co.za', 'Second shop');
  const { secret } = await invite('thandi@example.co.za', { key: second.key, role: 'MANAGER' });
  expect(await accept(secret)).toEqual(REFUSED);
  expect(await world.signIn('thandi@example.co.za', OTHER_PASSWORD, '192.0.2.72')).toBeUndefined();
  const stranger = await world.signIn('lindiwe@example.co.za', PASSWORD, '192.0.2.73');
  expect(await accept(secret, {}, stranger)).toEqual(REFUSED);
  const token = await world.signIn('thandi@example.co.za', PASSWORD, '192.0.2.74');
  expect(await accept(secret, {}, token)).toMatchObject({
    invitationAccept: { token: null, me: { shops: [{ role: 'OWNER' }, { name: 'Second shop', role: 'MANAGER' }] } },
  });
});

test('a member is not invited again, nobody as a device, and what is no address not at all', async () => {
  for (const [email, role, code] of [
    ['thandi@example.co.za', 'CLERK', 'DUPLICATE'],
    ['four@example.co.za', 'DEVICE', 'INVALID'],
    ['four', 'CLERK', 'INVALID'],
  ] as const) {
    expect(await world.ask(INVITE, { token: shop.key, variables: { email, role } })).toMatchObject({
      data: { memberInvite: { invitation: null, userErrors: [{ code }] } },
    });
  }
});

test('an easy password is refused, and the invitation stays', async () => {
  const { secret } = await invite('five@example.co.za');
  for (const password of ['short', 'password1234', 'aaaaaaaaaaaaaaaa', 'qwertyuiop12', null]) {
    expect(await accept(secret, { name: 'Five', password })).toMatchObject({
      invitationAccept: { token: null, userErrors: [{ code: 'INVALID', path: ['password'] }] },
    });
  }
  expect((await accept(secret, { name: 'Five', password: OTHER_PASSWORD })).invitationAccept.token).not.toBeNull();
});

test('two who accept with one secret at once: one joins', async () => {
  const { secret } = await invite('six@example.co.za');
  const both = await Promise.all([accept(secret), accept(secret)]);
  expect(both.filter(({ invitationAccept: { token } }) => token !== null)).toHaveLength(1);
});
