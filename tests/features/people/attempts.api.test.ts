import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ATTEMPT_RULES } from '../../../src/features/people/index.js';
import { openPeopleApp, PASSWORD, type PeopleApp } from './people-app.js';
import { RoomyLimits } from './roomy-limits.js';

/** As many aliases as one document may have. */
const MOST = 100;
const ROOM = 1_000;

let world: PeopleApp;
let made = 0;
beforeAll(async () => {
  world = await openPeopleApp();
}, 60_000);
afterAll(() => world.close());

interface Answer {
  readonly userErrors: readonly { readonly code: string }[];
}
interface Told {
  /** Of those that were looked at, and found wrong. */
  readonly wrong: number;
  /** Codes and aliases of the others; those behind the first are not run, for then there is no answer to give. */
  readonly refused: readonly string[];
}

/** One request with a sign-in for each of these, a0 and so on. */
async function tryAtOnce(app: PeopleApp, emails: readonly string[], address: string): Promise<Told> {
  const aliases = emails.map(
    (email, n) => `a${String(n)}: signIn(email: "${email}", password: "wrong password") { token userErrors { code } }`,
  );
  const { data, errors = [] } = await app.ask(`mutation { ${aliases.join(' ')} }`, { address });
  const answers = Object.values((data ?? {}) as unknown as Record<string, Answer>);
  const wrong = answers.filter(({ userErrors: [refusal] }) => refusal?.code === 'INVALID').length;
  return { wrong, refused: errors.map(({ extensions, path }) => [extensions.code, ...(path ?? [])].join(' ')) };
}

const times = (count: number, email: string): string[] => Array<string>(count).fill(email);

/** Refused sign-ins that the log of the only shop of the account knows. */
async function refusedSignIns(app: PeopleApp, key: string): Promise<number> {
  await app.app.services.people.signIn.noteNow();
  const { data } = await app.ask('{ auditEntries(first: 100) { nodes { action } } }', { token: key });
  const { nodes } = (data as unknown as { auditEntries: { nodes: { action: string }[] } }).auditEntries;
  return nodes.filter(({ action }) => action === 'SIGN_IN_REFUSED').length;
}

async function openAccount(app = world): Promise<{ email: string; key: string }> {
  made += 1;
  const email = `account-${String(made)}@example.co.za`;
  return { email, key: (await app.openShop(email, `Shop ${String(made)}`)).key };
}

describe('sign-ins in one request', () => {
  test('are looked at as often as one address may try one account; the next is refused, and with it the request', async () => {
    const { email, key } = await openAccount();
    const allowed = ATTEMPT_RULES.byBoth.points;
    const refused = [`TOO_MANY_REQUESTS a${String(allowed)}`];
    expect(await tryAtOnce(world, times(MOST, email), '192.0.2.40')).toEqual({ wrong: 0, refused });
    expect(await refusedSignIns(world, key)).toBe(allowed);
    expect(await tryAtOnce(world, times(MOST, email), '192.0.2.40')).toEqual({ wrong: 0, refused: ['TOO_MANY_REQUESTS a0'] });
    expect(await refusedSignIns(world, key)).toBe(allowed);
  });

  test('are as many where each is of another account', async () => {
    const emails = Array.from({ length: MOST }, (_, n) => `nobody-${String(n)}@example.co.za`);
    const refused = [`TOO_MANY_REQUESTS a${String(ATTEMPT_RULES.byAddress.points)}`];
    expect(await tryAtOnce(world, emails, '192.0.2.42')).toEqual({ wrong: 0, refused });
  });

  test('are refused as a whole where there are more than a document may have, and none of them counts', async () => {
    const { email, key } = await openAccount();
    const all = times(MOST + 1, email);
    expect(await tryAtOnce(world, all, '192.0.2.43')).toEqual({ wrong: 0, refused: ['GRAPHQL_VALIDATION_FAILED'] });
    expect(await refusedSignIns(world, key)).toBe(0);
    const allowed = ATTEMPT_RULES.byBoth.points;
    expect(await tryAtOnce(world, times(allowed, email), '192.0.2.43')).toEqual({ wrong: allowed, refused: [] });
  });
});

test('a hundred one after the other are a hundred: each beyond the limit is refused, and the address may try nobody else', async () => {
  const { email, key } = await openAccount();
  const [allowed, told] = [ATTEMPT_RULES.byBoth.points, [] as Told[]];
  for (let n = 0; n < MOST; n += 1) told.push(await tryAtOnce(world, [email], '192.0.2.44'));
  expect(told.slice(0, allowed)).toEqual(Array(allowed).fill({ wrong: 1, refused: [] }));
  expect(told.slice(allowed)).toEqual(Array(MOST - allowed).fill({ wrong: 0, refused: ['TOO_MANY_REQUESTS a0'] }));
  expect(await refusedSignIns(world, key)).toBe(allowed);
  const other = await openAccount();
  expect(await world.signIn(other.email, PASSWORD, '192.0.2.44')).toBeUndefined();
  expect(await world.signIn(other.email, PASSWORD, '192.0.2.41')).toBeDefined();
});

test('whoever tries from one address does not keep the owner out at another one', async () => {
  const { email } = await openAccount();
  for (let n = 0; n < 10; n += 1) await tryAtOnce(world, times(8, email), '192.0.2.45');
  expect(await world.signIn(email, PASSWORD, '192.0.2.45')).toBeUndefined();
  expect(await world.signIn(email, PASSWORD, '192.0.2.46')).toBeDefined();
});

test('where the limits have room, a hundred in one request are a hundred of the address, of the account and of both', async () => {
  const limits = new RoomyLimits(ROOM);
  const roomy = await openPeopleApp({ limits });
  try {
    const [{ email, key }, address] = [await openAccount(roomy), '192.0.2.47'];
    expect(await tryAtOnce(roomy, times(MOST, email), address)).toEqual({ wrong: MOST, refused: [] });
    const { byAddress, byBoth, byEmail } = ATTEMPT_RULES;
    expect(limits.taken).toMatchObject({
      [`${byAddress.name} ${address}`]: MOST,
      [`${byBoth.name} ${email} ${address}`]: MOST,
      [`${byEmail.name} ${email}`]: MOST,
    });
    expect(await refusedSignIns(roomy, key)).toBe(MOST);
  } finally {
    await roomy.close();
  }
}, 120_000);
