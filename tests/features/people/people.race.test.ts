import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { PasswordHasher, type VerifiedIdentity } from '../../../src/features/people/index.js';
import { toGlobalId } from '../../../src/graphql/global-id.js';
import { createTestDatabase, type TestDatabase } from '../../support/database.js';
import { holding } from './held.js';
import { openPeopleApp, PASSWORD, type PeopleApp } from './people-app.js';

const ROUNDS = 5;
const NEXT = 'seven quiet herons';
const ME = '{ me { email } }';
const END = 'mutation ($id: ID!) { memberEnd(id: $id) { member { endedAt } userErrors { code } } }';
const DEMOTE = 'mutation ($id: ID!) { memberUpdate(id: $id, role: CLERK) { member { role } userErrors { code } } }';
const CHANGE =
  'mutation ($current: String!, $next: String!) { passwordChange(current: $current, next: $next) { done userErrors { code } } }';
const UNAUTHENTICATED = { errors: [{ extensions: { code: 'UNAUTHENTICATED' } }] };

/** Two instances on one database, each of which takes requests. */
let database: TestDatabase;
let one: PeopleApp;
let two: PeopleApp;
let made = 0;
beforeAll(async () => {
  database = await createTestDatabase();
  [one, two] = [await openPeopleApp({ database }), await openPeopleApp({ database })];
}, 60_000);
afterAll(async () => {
  await one.close();
  await two.close();
  await database.drop();
});

interface Done {
  readonly userErrors: readonly { readonly code: string }[];
}
interface Owner {
  readonly email: string;
  readonly token: string;
  readonly id: string;
}

const address = (): string => `198.51.100.${String((made += 1))}`;

async function signInAt(app: PeopleApp, email: string, password = PASSWORD): Promise<string> {
  return (await app.signIn(email, password, address())) ?? '';
}

/** Two people who own one shop, signed in. */
async function openOwners(): Promise<{ shopId: string; owners: [Owner, Owner] }> {
  made += 1;
  const emails = ['a', 'b'].map((name) => `${name}${String(made)}@example.co.za`);
  const [first = '', second = ''] = emails;
  const { id: shopId, key } = await one.openShop(first, `Shop ${String(made)}`);
  await one.app.services.people.owners.add(shopId, { email: second, name: 'Sipho', password: PASSWORD });
  const { data } = await one.ask('{ members { id email } }', { token: key });
  const { members } = data as unknown as { members: { id: string; email: string }[] };
  const ownerOf = async (email: string): Promise<Owner> => {
    const id = members.find((member) => member.email === email)?.id ?? '';
    return { email, id, token: await signInAt(one, email) };
  };
  return { shopId, owners: [await ownerOf(first), await ownerOf(second)] };
}

async function ownersLeft(shopId: string): Promise<number> {
  const sql = "select count(*)::int as count from membership where shop_id = ? and role = 'OWNER' and ended_at is null";
  const [row] = await database.orm.em.fork().execute<{ count: number }[]>(sql, [shopId]);
  return row?.count ?? 0;
}

describe('of two owners, through two instances at the same moment', () => {
  test.each([
    ['who end each other', END, END],
    ['who make each other clerks', DEMOTE, DEMOTE],
    ['of whom one ends the other, who makes him a clerk', END, DEMOTE],
  ])('%s, one stays', async (_, firstAct, secondAct) => {
    for (let round = 0; round < ROUNDS; round += 1) {
      const { shopId, owners } = await openOwners();
      const [first, second] = owners;
      // Both are let in as owners, and wait for a row: each for its own, were it not for the shop's lock.
      const hold = `select 1 from membership where shop_id = '${shopId}' for update`;
      const replies = await holding(database, hold, async (holder) => {
        const both = Promise.all([
          one.ask(firstAct, { token: first.token, variables: { id: second.id } }),
          two.ask(secondAct, { token: second.token, variables: { id: first.id } }),
        ]);
        await holder.untilWaiting(2);
        await holder.release();
        return both;
      });
      const said = replies.flatMap(({ data }) => Object.values((data ?? {}) as unknown as Record<string, Done>));
      expect(said.map(({ userErrors }) => userErrors)).toEqual(expect.arrayContaining([[], [{ code: 'IN_USE' }]]));
      expect(await ownersLeft(shopId)).toBe(1);
    }
  });
});

describe('what has ended through one instance is refused through the other from the next request on', () => {
  const endings: readonly (readonly [string, (owner: Owner) => Promise<unknown>])[] = [
    ['a session that is signed out', ({ token }) => one.ask('mutation { signOut { done } }', { token })],
    [
      'one that is signed out everywhere from another',
      async ({ email }) => one.ask('mutation { signOut(everywhere: true) { done } }', { token: await signInAt(one, email) }),
    ],
    [
      'one before a new password that another set',
      async ({ email }) =>
        one.ask(CHANGE, { token: await signInAt(one, email), address: address(), variables: { current: PASSWORD, next: NEXT } }),
    ],
  ];
  test.each(endings)('%s', async (_, end) => {
    const {
      owners: [owner],
    } = await openOwners();
    for (const app of [one, two])
      expect(await app.ask(ME, { token: owner.token })).toMatchObject({ data: { me: { email: owner.email } } });
    expect((await end(owner)) as object).not.toHaveProperty('errors');
    expect(await two.ask(ME, { token: owner.token })).toMatchObject(UNAUTHENTICATED);
    expect(await one.ask(ME, { token: owner.token })).toMatchObject(UNAUTHENTICATED);
  });

  test('a membership', async () => {
    const { shopId, owners } = await openOwners();
    const [first, second] = owners;
    const shop = toGlobalId('Shop', shopId);
    expect((await two.ask('{ shop { id } }', { token: second.token, shop })).errors).toBeUndefined();
    await one.ask(END, { token: first.token, variables: { id: second.id } });
    expect(await two.ask('{ shop { id } }', { token: second.token, shop })).toMatchObject({
      errors: [{ extensions: { code: 'FORBIDDEN' } }],
    });
  });
});

describe('a password that was right when it was looked at, while its account is locked', () => {
  const lockOf = (email: string): string => `select 1 from person where email = '${email}' for update`;
  const set = 'update person set password_hash = ? where email = ?';

  test('lets nobody in where it is another by the time that the session begins', async () => {
    const { owners } = await openOwners();
    const [{ email }] = owners;
    const hash = await new PasswordHasher().hash(NEXT);
    const token = await holding(database, lockOf(email), async (holder) => {
      const signingIn = signInAt(one, email);
      await holder.untilWaiting(1);
      await holder.execute(set, [hash, email]);
      await holder.release();
      return signingIn;
    });
    expect(token).toBe('');
    expect(await signInAt(one, email, NEXT)).not.toBe('');
  });

  test('sets no other one either', async () => {
    const { owners } = await openOwners();
    const [{ email, token }] = owners;
    const hash = await new PasswordHasher().hash(NEXT);
    const reply = await holding(database, lockOf(email), async (holder) => {
      const changing = one.ask(CHANGE, {
        token,
        address: address(),
        variables: { current: PASSWORD, next: 'nine patient otters' },
      });
      await holder.untilWaiting(1);
      await holder.execute(set, [hash, email]);
      await holder.release();
      return changing;
    });
    expect(reply).toMatchObject({ data: { passwordChange: { done: false, userErrors: [{ code: 'INVALID' }] } } });
    expect(await signInAt(one, email, NEXT)).not.toBe('');
  });

  test('lets in where it is the same still', async () => {
    const { owners } = await openOwners();
    const [{ email }] = owners;
    const token = await holding(database, lockOf(email), async (holder) => {
      const signingIn = signInAt(one, email);
      await holder.untilWaiting(1);
      await holder.release();
      return signingIn;
    });
    expect(await two.ask(ME, { token })).toMatchObject({ data: { me: { email } } });
  });
});

test('a sign-in on its way is ended too where its account goes to whoever comes by his provider', async () => {
  const { owners } = await openOwners();
  const [{ email }] = owners;
  const { actor } = await one.app.services.shops.create({ name: 'Other', currency: 'ZAR', timeZone: 'UTC' });
  const { invitations } = one.app.services.people;
  await invitations.invite(actor, { email, role: 'CLERK' });
  await one.app.outbox.drain();
  const identity: VerifiedIdentity = {
    issuer: 'https://id.example',
    subject: 'hers',
    email,
    isEmailVerified: true,
    name: undefined,
  };
  // The sign-in has written its session, and waits with the last thing before its commit.
  const token = await holding(database, 'lock table audit_entry in share mode', async (holder) => {
    const signingIn = signInAt(one, email);
    await holder.untilWaiting(1);
    const accepting = invitations.accept({ secret: one.mailedSecret(), identity });
    await holder.untilWaiting(2);
    await holder.release();
    await accepting;
    return signingIn;
  });
  expect(token).toMatch(/^srs_/);
  expect(await one.ask(ME, { token })).toMatchObject(UNAUTHENTICATED);
  expect(await signInAt(two, email)).toBe('');
});
