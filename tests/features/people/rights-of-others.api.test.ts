import { afterAll, beforeAll, expect, test } from 'vitest';
import { parseGlobalId } from '../../../src/graphql/global-id.js';
import { openPeopleApp, PASSWORD, type PeopleApp } from './people-app.js';

const OWNER = 'thandi@example.co.za';

let world: PeopleApp;
let shop: { id: string; key: string };
beforeAll(async () => {
  world = await openPeopleApp({ sendsMail: false });
  shop = await world.openShop(OWNER);
}, 60_000);
afterAll(() => world.close());

interface Invited {
  memberInvite: { secret: string | null };
}
interface Member {
  id: string;
  email: string;
}
let calls = 0;

async function invite(email: string, role: string, token: string): Promise<string> {
  const input = 'input: { email: $email, role: $role }';
  const { data } = await world.ask(
    `mutation ($email: String!, $role: Role!) { memberInvite(${input}) { secret userErrors { code } } }`,
    {
      token,
      variables: { email, role },
    },
  );
  return (data as unknown as Invited).memberInvite.secret ?? '';
}

async function accept(secret: string): Promise<unknown> {
  calls += 1;
  const { data } = await world.ask(
    'mutation ($secret: String!, $password: String!) { invitationAccept(secret: $secret, name: "Sipho", password: $password) { me { email } userErrors { code } } }',
    { address: `198.51.100.${String(calls)}`, variables: { secret, password: PASSWORD } },
  );
  return data;
}

async function memberId(email: string): Promise<string> {
  const { data } = await world.ask('{ members { id email } }', { token: shop.key });
  return (data as unknown as { members: Member[] }).members.find((member) => member.email === email)?.id ?? '';
}

const END = 'mutation ($id: ID!) { memberEnd(id: $id) { userErrors { code message } } }';
const DEMOTE = 'mutation ($id: ID!) { memberUpdate(id: $id, role: CLERK) { userErrors { code message } } }';
const VOID = { invitationAccept: { me: null, userErrors: [{ code: 'INVALID' }] } };

test.each([
  ['is sent away', END],
  ['becomes a clerk', DEMOTE],
])('an owner who %s does not come back by the invitations that he has made', async (what, act) => {
  const email = `${what.replaceAll(' ', '-')}@example.co.za`;
  await accept(await invite(email, 'OWNER', shop.key));
  const token = (await world.signIn(email, PASSWORD, `203.0.113.${String((calls += 1))}`)) ?? '';
  const secret = await invite(`back-${email}`, 'OWNER', token);
  const others = await invite(`other-${email}`, 'CLERK', shop.key);
  const id = await memberId(email);
  expect(await world.ask(act, { token: shop.key, variables: { id } })).toMatchObject({ data: expect.anything() as unknown });
  expect(await accept(secret)).toEqual(VOID);
  expect(await accept(others)).not.toEqual(VOID);
});

const SET = 'mutation ($id: ID!, $role: Role!) { memberUpdate(id: $id, role: $role) { member { role } userErrors { code } } }';

test.each([
  { from: 'OWNER', to: 'OWNER', staying: ['OWNER', 'MANAGER', 'CLERK'] },
  { from: 'MANAGER', to: 'OWNER', staying: ['OWNER', 'MANAGER', 'CLERK'] },
  { from: 'OWNER', to: 'MANAGER', staying: [] },
])('of the invitations of $from who becomes $to those stay that he could make then: $staying', async ({ from, to, staying }) => {
  const email = `from-${from}-to-${to}@example.co.za`.toLowerCase();
  await accept(await invite(email, from, shop.key));
  const id = await memberId(email);
  const em = world.database.orm.em.fork();
  const roles = ['OWNER', 'MANAGER', 'CLERK'];
  const secrets = new Map<string, string>();
  for (const role of roles) secrets.set(role, await invite(`${role}-${email}`, role, shop.key));
  // As if he had made them: a manager may not, and may have been more once.
  await em.execute('update invitation set invited_by = ? where email like ?', [parseGlobalId(id)?.id, `%-${email}`]);
  expect(await world.ask(SET, { token: shop.key, variables: { id, role: to } })).toMatchObject({
    data: { memberUpdate: { member: { role: to }, userErrors: [] } },
  });
  for (const role of roles) {
    const accepted = await accept(secrets.get(role) ?? '');
    if (staying.includes(role)) expect(accepted).toMatchObject({ invitationAccept: { userErrors: [] } });
    else expect(accepted).toEqual(VOID);
  }
});

test('a key that may only manage people, or only keys, removes nobody who may do more', async () => {
  await accept(await invite('second@example.co.za', 'OWNER', shop.key));
  const keyFor = async (permission: string): Promise<string> => {
    const { data } = await world.ask(
      `mutation { apiKeyCreate(input: { name: "Narrow", role: OWNER, permissions: [${permission}] }) { secret } }`,
      { token: shop.key },
    );
    return (data as unknown as { apiKeyCreate: { secret: string } }).apiKeyCreate.secret;
  };
  const people = await keyFor('PEOPLE');
  const id = await memberId('second@example.co.za');
  for (const [act, field] of [
    [END, 'memberEnd'],
    [DEMOTE, 'memberUpdate'],
  ] as const) {
    const { data } = await world.ask(act, { token: people, variables: { id } });
    expect(data).toMatchObject({ [field]: { userErrors: [{ code: 'INVALID' }] } });
  }
  const keys = await keyFor('KEYS');
  await world.ask('mutation { apiKeyCreate(input: { name: "Third", role: OWNER }) { secret } }', { token: shop.key });
  const listed = await world.ask('{ apiKeys { id name } }', { token: shop.key });
  const third = (listed.data as unknown as { apiKeys: { id: string; name: string }[] }).apiKeys.find(
    ({ name }) => name === 'Third',
  );
  const revoked = await world.ask('mutation ($id: ID!) { apiKeyRevoke(id: $id) { userErrors { code } } }', {
    token: keys,
    variables: { id: third?.id },
  });
  expect(revoked.data).toMatchObject({ apiKeyRevoke: { userErrors: [{ code: 'INVALID' }] } });
});

test('a dozen addresses together do not keep the owner out, nor use up his resets', async () => {
  const wrong = 'wrong horse battery';
  for (let address = 1; address <= 12; address += 1) {
    for (let n = 0; n < 8; n += 1) await world.signIn(OWNER, wrong, `192.0.2.${String(100 + address)}`);
  }
  expect(await world.signIn(OWNER, PASSWORD, '198.51.100.200')).toBeDefined();
});

test('who may only manage people voids no invitation of one who may do more', async () => {
  const made = await world.ask(
    'mutation { apiKeyCreate(input: { name: "People only", role: OWNER, permissions: [PEOPLE, READ] }) { secret userErrors { code } } }',
    { token: shop.key },
  );
  const narrow = (made.data as unknown as { apiKeyCreate: { secret: string } }).apiKeyCreate.secret;
  const secret = await invite('future-owner@example.co.za', 'OWNER', shop.key);
  const { data } = await world.ask('{ invitations { id email } }', { token: shop.key });
  const { id } =
    (data as unknown as { invitations: Member[] }).invitations.find(({ email }) => email === 'future-owner@example.co.za') ?? {};
  const REVOKE = 'mutation ($id: ID!) { invitationRevoke(id: $id) { userErrors { code path } } }';
  expect(await world.ask(REVOKE, { token: narrow, variables: { id } })).toMatchObject({
    data: { invitationRevoke: { userErrors: [{ code: 'INVALID', path: ['id'] }] } },
  });
  expect(await invite('future-owner@example.co.za', 'READER', narrow)).toBe('');
  expect(await accept(secret)).not.toEqual(VOID);
});
