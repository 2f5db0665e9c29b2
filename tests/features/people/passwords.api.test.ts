import { afterAll, beforeAll, expect, test } from 'vitest';
import { openPeopleApp, PASSWORD, type PeopleApp } from './people-app.js';

let world: PeopleApp;
beforeAll(async () => {
  world = await openPeopleApp();
  await world.openShop('thandi@example.co.za');
  await world.openShop('sipho@example.co.za');
}, 60_000);
afterAll(() => world.close());

const NEXT = 'seven quiet herons';
const REQUEST = 'mutation ($email: String!) { passwordResetRequest(email: $email) { done userErrors { code } } }';
const RESET =
  'mutation ($secret: String!, $password: String!) { passwordReset(secret: $secret, password: $password) { token userErrors { code path } } }';
const CHANGE =
  'mutation ($current: String!, $next: String!) { passwordChange(current: $current, next: $next) { done userErrors { code path } } }';
const ME = '{ me { email } }';
const UNAUTHENTICATED = { errors: [{ extensions: { code: 'UNAUTHENTICATED' } }] };
const REFUSED = { data: { passwordReset: { token: null, userErrors: [{ code: 'INVALID', path: ['secret'] }] } } };
let calls = 0;

/** From another address each time, so that no limit of attempts is met. */
function ask(query: string, variables: Record<string, unknown>, token?: string) {
  calls += 1;
  return world.ask(query, { token, address: `198.51.100.${String(calls)}`, variables });
}

async function mailedFor(email: string): Promise<string> {
  expect(await ask(REQUEST, { email })).toMatchObject({ data: { passwordResetRequest: { done: true } } });
  await world.app.outbox.drain();
  expect(world.mailed.at(-1)?.to.address).toBe(email);
  return world.mailedSecret();
}

test('a new password ends all other sessions, and needs the one before', async () => {
  const [token, other] = [await world.signIn('sipho@example.co.za'), await world.signIn('sipho@example.co.za')];
  expect(await ask(CHANGE, { current: 'not the one', next: NEXT }, token)).toMatchObject({
    data: { passwordChange: { done: false, userErrors: [{ code: 'INVALID' }] } },
  });
  expect(await ask(CHANGE, { current: PASSWORD, next: 'sipho@example.co.za' }, token)).toMatchObject({
    data: { passwordChange: { done: false, userErrors: [{ code: 'INVALID', path: ['next'] }] } },
  });
  expect((await ask(ME, {}, other)).errors).toBeUndefined();
  expect(await ask(CHANGE, { current: PASSWORD, next: NEXT }, token)).toMatchObject({ data: { passwordChange: { done: true } } });
  expect((await ask(ME, {}, token)).errors).toBeUndefined();
  expect(await ask(ME, {}, other)).toMatchObject(UNAUTHENTICATED);
  expect(await world.signIn('sipho@example.co.za', PASSWORD, '192.0.2.81')).toBeUndefined();
  expect(await world.signIn('sipho@example.co.za', NEXT, '192.0.2.82')).toBeDefined();
});

test('who reads the mail sets a password, once, and everybody else is out', async () => {
  const before = await world.signIn('thandi@example.co.za');
  const secret = await mailedFor('thandi@example.co.za');
  expect((await ask(ME, {}, before)).errors).toBeUndefined();
  expect(await ask(RESET, { secret, password: 'thandi@example.co.za' })).toMatchObject({
    data: { passwordReset: { token: null, userErrors: [{ code: 'INVALID', path: ['password'] }] } },
  });
  const { data } = await ask(RESET, { secret, password: NEXT });
  const { token } = (data as unknown as { passwordReset: { token: string } }).passwordReset;
  expect((await ask(ME, {}, token)).errors).toBeUndefined();
  expect(await ask(ME, {}, before)).toMatchObject(UNAUTHENTICATED);
  expect(await ask(RESET, { secret, password: PASSWORD })).toMatchObject(REFUSED);
});

test('a code is void when another was asked for, when it is too old, and where it is of another kind', async () => {
  const [first, second] = [await mailedFor('thandi@example.co.za'), await mailedFor('thandi@example.co.za')];
  expect(first).not.toBe(second);
  expect(await ask(RESET, { secret: first, password: PASSWORD })).toMatchObject(REFUSED);
  expect(await ask(RESET, { secret: second.replace('srp_', 'sri_'), password: PASSWORD })).toMatchObject(REFUSED);
  await world.database.orm.em.fork().execute("update password_reset set expires_at = now() - interval '1 second'");
  expect(await ask(RESET, { secret: second, password: PASSWORD })).toMatchObject(REFUSED);
});

test('nobody learns from a request whether the address is known, and nobody else is mailed', async () => {
  const count = world.mailed.length;
  const unknown = await ask(REQUEST, { email: 'nobody@example.co.za' });
  await world.app.outbox.drain();
  expect(world.mailed).toHaveLength(count);
  const known = await ask(REQUEST, { email: 'thandi@example.co.za' });
  expect(JSON.stringify(unknown.data)).toBe(JSON.stringify(known.data));
});

test('where no mail is sent, a reset is refused, and an invitation is handed over', async () => {
  const silent = await openPeopleApp({ sendsMail: false });
  try {
    const { key } = await silent.openShop('thandi@example.co.za');
    expect(await silent.ask(REQUEST, { variables: { email: 'thandi@example.co.za' } })).toMatchObject({
      data: { passwordResetRequest: { done: false, userErrors: [{ code: 'UNSUPPORTED' }] } },
    });
    const invite = 'mutation { memberInvite(input: { email: "sipho@example.co.za", role: CLERK }) { secret } }';
    expect(await silent.ask(invite, { token: key })).toMatchObject({
      data: { memberInvite: { secret: expect.stringMatching(/^sri_[0-9a-z]{39}$/) as unknown } },
    });
  } finally {
    await silent.close();
  }
}, 60_000);

test('a password that is changed while it is being looked at lets nobody in', async () => {
  const email = 'racer@example.co.za';
  await world.openShop(email, 'Race shop');
  const token = await world.signIn(email, PASSWORD, '203.0.113.40');
  const next = 'nine patient otters';
  const change =
    'mutation ($current: String!, $next: String!) { passwordChange(current: $current, next: $next) { userErrors { code } } }';
  const [tries] = await Promise.all([
    Promise.all(Array.from({ length: 6 }, (_, n) => world.signIn(email, PASSWORD, `203.0.113.${String(50 + n)}`))),
    world.ask(change, { token, address: '203.0.113.41', variables: { current: PASSWORD, next } }),
  ]);
  expect(await world.signIn(email, next, '203.0.113.42')).toBeDefined();
  // Those who were let in before the change were ended by it, and those who came later were not let in.
  for (const old of tries) {
    if (old !== undefined) expect(await world.ask('{ me { name } }', { token: old })).toMatchObject({ errors: [{}] });
  }
});
