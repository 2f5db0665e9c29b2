import { afterAll, beforeAll, expect, test } from 'vitest';
import { openPeopleApp, PASSWORD, type PeopleApp } from '../people/people-app.js';

let world: PeopleApp;
let shop: { id: string; key: string };
let token: string;
beforeAll(async () => {
  world = await openPeopleApp();
  shop = await world.openShop('owner@example.co.za');
  await world.app.services.people.owners.add(shop.id, { email: 'sipho@example.co.za', name: 'Sipho', password: PASSWORD });
  token = (await world.signIn('sipho@example.co.za')) ?? '';
}, 60_000);
afterAll(() => world.close());

interface Key {
  readonly id: string;
  readonly name: string;
  readonly issuedBy: string | null;
}

async function ask<T>(query: string, by: string, variables: Record<string, unknown> = {}): Promise<T> {
  const { data, errors } = await world.ask(query, { token: by, variables });
  expect(errors).toBeUndefined();
  return data as T;
}

async function issuers(): Promise<Record<string, string | null>> {
  const { apiKeys } = await ask<{ apiKeys: Key[] }>('{ apiKeys { id name issuedBy } }', shop.key);
  return Object.fromEntries(apiKeys.map(({ name, issuedBy }) => [name, issuedBy]));
}

async function make(name: string, by: string): Promise<string> {
  const { apiKeyCreate } = await ask<{ apiKeyCreate: { apiKey: Key } }>(
    'mutation ($name: String!) { apiKeyCreate(input: { name: $name, role: CLERK }) { apiKey { id } } }',
    by,
    { name },
  );
  return apiKeyCreate.apiKey.id;
}

test('of each key it is said to whom its secret was shown, also when he has left and is forgotten', async () => {
  await make('Till 1', token);
  await make('Till 2', shop.key);
  const rotated = await make('Till 3', token);
  const ROTATE = 'mutation ($id: ID!) { apiKeyRotate(id: $id, overlapMinutes: 0) { userErrors { code } } }';
  await ask(ROTATE, shop.key, { id: rotated });
  expect(await issuers()).toEqual({ Owner: null, 'Till 1': 'Sipho', 'Till 2': 'Owner', 'Till 3': 'Owner' });
  const { members } = await ask<{ members: { id: string; name: string }[] }>('{ members { id name } }', shop.key);
  const id = members.find(({ name }) => name === 'Sipho')?.id;
  await ask('mutation ($id: ID!) { memberEnd(id: $id) { userErrors { code } } }', shop.key, { id });
  expect(await issuers()).toMatchObject({ 'Till 1': 'Sipho' });
  await ask('mutation { personalDataErase(address: "sipho@example.co.za") { erased } }', shop.key);
  expect(await issuers()).toEqual({ Owner: null, 'Till 1': '(forgotten)', 'Till 2': 'Owner', 'Till 3': 'Owner' });
});

test('of keys that were there before, what the audit log says of the last secret', async () => {
  const id = await make('Till 4', shop.key);
  await make('Till 5', shop.key);
  await world.app.services.people.owners.add(shop.id, { email: 'thabo@example.co.za', name: 'Thabo', password: PASSWORD });
  const thabo = (await world.signIn('thabo@example.co.za')) ?? '';
  await ask('mutation ($id: ID!) { apiKeyRotate(id: $id) { userErrors { code } } }', thabo, { id });
  const { migrator } = world.database.orm;
  await migrator.down({ to: 'Migration20261124000015_sign_outs_checked' });
  await migrator.up();
  expect(await issuers()).toMatchObject({ Owner: null, 'Till 4': 'Thabo', 'Till 5': 'Owner' });
});
