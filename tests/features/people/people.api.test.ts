import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { toGlobalId } from '../../../src/graphql/global-id.js';
import { openPeopleApp, PASSWORD, type PeopleApp } from './people-app.js';

let world: PeopleApp;
let shop: { id: string; key: string };
beforeAll(async () => {
  world = await openPeopleApp();
  shop = await world.openShop('Thandi@Example.co.za');
}, 60_000);
afterAll(() => world.close());

const ME = '{ me { name email shops { name role } sessions { isCurrent } } }';

describe('signing in', () => {
  test('gives a token by which the person acts in his only shop', async () => {
    const token = await world.signIn('thandi@EXAMPLE.co.za');
    expect(await world.ask(ME, { token })).toMatchObject({
      data: { me: { name: 'Thandi', email: 'thandi@example.co.za', shops: [{ name: 'Corner shop', role: 'OWNER' }] } },
    });
    const posted = await world.ask(
      'mutation { stockItemCreate(input: { sku: "A-1", name: "Bread" }) { stockItem { id } } stockReceive(input: { key: "1", stockItem: { sku: "A-1" }, quantity: 3 }) { movement { actor } } }',
      { token },
    );
    expect(posted).toMatchObject({ data: { stockReceive: { movement: { actor: 'Thandi' } } } });
  });

  test('ends at once, and only where it is meant to', async () => {
    const [token, other] = [await world.signIn('thandi@example.co.za'), await world.signIn('thandi@example.co.za')];
    expect(await world.ask('mutation { signOut { done } }', { token })).toMatchObject({ data: { signOut: { done: true } } });
    expect(await world.ask(ME, { token })).toMatchObject({ errors: [{ extensions: { code: 'UNAUTHENTICATED' } }] });
    expect((await world.ask(ME, { token: other })).errors).toBeUndefined();
    await world.ask('mutation { signOut(everywhere: true) { done } }', { token: other });
    expect(await world.ask(ME, { token: other })).toMatchObject({ errors: [{ extensions: { code: 'UNAUTHENTICATED' } }] });
  });

  test('is over for who does not come back in time, and at the latest after its term', async () => {
    const em = world.database.orm.em.fork();
    for (const aged of ["last_used_at = now() - interval '8 days'", "expires_at = now() - interval '1 second'"]) {
      const token = await world.signIn('thandi@example.co.za', PASSWORD, '192.0.2.9');
      expect((await world.ask(ME, { token })).errors).toBeUndefined();
      await em.execute(`update person_session set ${aged}`);
      expect(await world.ask(ME, { token })).toMatchObject({ errors: [{ extensions: { code: 'UNAUTHENTICATED' } }] });
      await em.execute('delete from person_session');
    }
  });

  test('says the same of an unknown address and a wrong password, and keeps neither secret in the clear', async () => {
    const tries = ['nobody@example.co.za', 'thandi@example.co.za', 'no address'].map((email) =>
      world.ask(
        'mutation ($email: String!) { signIn(email: $email, password: "wrong password") { token userErrors { code message path } } }',
        {
          address: '192.0.2.20',
          variables: { email },
        },
      ),
    );
    const [unknown, wrong, none] = await Promise.all(tries);
    expect(unknown?.data).toMatchObject({ signIn: { token: null, userErrors: [{ code: 'INVALID' }] } });
    const said = [unknown, wrong, none].map((reply) => JSON.stringify(reply?.data));
    expect(new Set(said).size).toBe(1);
    const rows = JSON.stringify(await world.database.orm.em.fork().execute('select * from person'));
    expect(rows).toContain('$argon2id$v=19$m=19456,t=2,p=1$');
    expect(rows).not.toContain(PASSWORD);
  });
});

describe('a person of two shops', () => {
  let token: string | undefined;
  let second: { id: string; key: string };
  beforeAll(async () => {
    second = await world.openShop('thandi@example.co.za', 'Second shop');
    token = await world.signIn('thandi@example.co.za', PASSWORD, '192.0.2.30');
  });

  test('says for which', async () => {
    expect(await world.ask('{ shop { name } }', { token })).toMatchObject({ errors: [{ extensions: { code: 'FORBIDDEN' } }] });
    for (const [id, name] of [
      [shop.id, 'Corner shop'],
      [second.id, 'Second shop'],
    ] as const) {
      expect(await world.ask('{ shop { name } }', { token, shop: toGlobalId('Shop', id) })).toEqual(
        expect.objectContaining({ data: { shop: { name } } }),
      );
    }
  });

  test("is told the same of another one's shop as of none", async () => {
    const stranger = await world.openShop('sipho@example.co.za', 'Not his');
    const replies = await Promise.all(
      [toGlobalId('Shop', stranger.id), toGlobalId('Shop', '01900000-0000-7000-8000-000000000000'), 'x'].map((id) =>
        world.ask('{ shop { name } }', { token, shop: id }),
      ),
    );
    for (const { errors } of replies) expect(errors).toMatchObject([{ extensions: { code: 'FORBIDDEN' } }]);
    expect(new Set(replies.map(({ errors }) => errors?.[0]?.message)).size).toBe(1);
  });

  test('is refused in the shop that he was sent away from, from the next request on', async () => {
    const { data } = await world.ask('{ members { id email role } }', { token: second.key });
    const [member] = (data as unknown as { members: { id: string }[] }).members;
    const end = 'mutation ($id: ID!) { memberEnd(id: $id) { member { endedAt } userErrors { code } } }';
    expect(await world.ask(end, { token: second.key, variables: { id: member?.id } })).toMatchObject({
      data: { memberEnd: { member: null, userErrors: [{ code: 'IN_USE' }] } },
    });
    await world.app.services.people.owners.add(second.id, {
      email: 'lindiwe@example.co.za',
      name: 'Lindiwe',
      password: PASSWORD,
    });
    expect(await world.ask(end, { token: second.key, variables: { id: member?.id } })).toMatchObject({
      data: { memberEnd: { userErrors: [] } },
    });
    expect(await world.ask('{ shop { name } }', { token, shop: toGlobalId('Shop', second.id) })).toMatchObject({
      errors: [{ extensions: { code: 'FORBIDDEN' } }],
    });
    expect(await world.ask('{ shop { name } }', { token })).toMatchObject({ data: { shop: { name: 'Corner shop' } } });
  });
});
