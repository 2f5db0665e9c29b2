import { afterAll, beforeAll, expect, test } from 'vitest';
import { toGlobalId } from '../../../src/graphql/global-id.js';
import { AUDIENCE, makeSigner, OidcProvider, type Signer } from '../../adapters/oidc/oidc-provider.js';
import { openPeopleApp, type PeopleApp } from './people-app.js';

let provider: OidcProvider;
let signer: Signer;
let world: PeopleApp;
let shop: { id: string; key: string };
beforeAll(async () => {
  provider = await OidcProvider.open();
  signer = await makeSigner('one');
  provider.published = [signer];
  world = await openPeopleApp({ env: { OIDC_ISSUER: provider.issuer, OIDC_AUDIENCE: AUDIENCE } });
  shop = await world.openShop('thandi@example.co.za');
}, 60_000);
afterAll(async () => {
  await world.close();
  await provider.close();
});

const ACCEPT =
  'mutation ($secret: String!) { invitationAccept(secret: $secret) { token me { email shops { name role } } userErrors { code path } } }';
const UNAUTHENTICATED = { errors: [{ extensions: { code: 'UNAUTHENTICATED' } }] };

async function invited(email: string): Promise<string> {
  const invite = 'mutation ($email: String!) { memberInvite(input: { email: $email, role: CLERK }) { userErrors { code } } }';
  const { data, errors } = await world.ask(invite, { token: shop.key, variables: { email } });
  expect({ data, errors }).toMatchObject({ data: { memberInvite: { userErrors: [] } } });
  await world.app.outbox.drain();
  return world.mailedSecret();
}

test('a token lets in whoever has accepted an invitation by it, and nobody else', async () => {
  const [his, others] = await Promise.all([
    provider.token(signer, { sub: 'sipho', email: 'Sipho@Example.co.za', email_verified: true, name: 'Sipho' }),
    provider.token(signer, { sub: 'stranger', email: 'stranger@example.co.za', email_verified: true }),
  ]);
  // Also one with the owner's own address is nobody: an address links nothing by itself.
  const owners = await provider.token(signer, { sub: 'x', email: 'thandi@example.co.za', email_verified: true });
  for (const token of [his, others, owners]) {
    expect(await world.ask('{ me { name } }', { token })).toMatchObject(UNAUTHENTICATED);
    expect(await world.ask('{ shop { name } }', { token })).toMatchObject(UNAUTHENTICATED);
  }
  const secret = await invited('sipho@example.co.za');
  const unverified = await provider.token(signer, { sub: 'sipho', email: 'sipho@example.co.za', email_verified: 'true' });
  for (const token of [others, unverified]) {
    expect(await world.ask(ACCEPT, { token, variables: { secret } })).toMatchObject({
      data: { invitationAccept: { me: null, userErrors: [{ code: 'INVALID', path: ['secret'] }] } },
    });
  }
  const me = { email: 'sipho@example.co.za', shops: [{ name: 'Corner shop', role: 'CLERK' }] };
  expect(await world.ask(ACCEPT, { token: his, variables: { secret } })).toMatchObject({
    data: { invitationAccept: { token: null, me, userErrors: [] } },
  });
  expect(await world.ask('{ shop { name } }', { token: his })).toMatchObject({ data: { shop: { name: 'Corner shop' } } });
  expect(await world.ask('{ shop { name } }', { token: his, shop: toGlobalId('Shop', shop.id) })).toMatchObject({
    data: { shop: { name: 'Corner shop' } },
  });
  // By issuer and subject, whatever the provider says of his address from then on.
  expect(await world.ask('{ me { email } }', { token: unverified })).toMatchObject({ data: { me: { email: me.email } } });
  expect(await world.ask('{ me { email } }', { token: others })).toMatchObject(UNAUTHENTICATED);
});

test('whoever had made himself an account for the address of another is out once its holder comes by his provider', async () => {
  const email = 'lindiwe@example.co.za';
  const password = 'borrowed blue ladder';
  const secret = await invited(email);
  const first =
    'mutation ($secret: String!, $password: String) { invitationAccept(secret: $secret, name: "L", password: $password) { token userErrors { code } } }';
  const { data } = await world.ask(first, { address: '198.51.100.7', variables: { secret, password } });
  const token = (data as unknown as { invitationAccept: { token: string } }).invitationAccept.token;
  const other = await world.openShop('other-owner@example.co.za', 'Other shop');
  const invite = `mutation { memberInvite(input: { email: "${email}", role: OWNER }) { userErrors { code } } }`;
  await world.ask(invite, { token: other.key });
  await world.app.outbox.drain();
  const hers = await provider.token(signer, { sub: 'lindiwe', email, email_verified: true });
  const accepted = await world.ask(ACCEPT, { token: hers, variables: { secret: world.mailedSecret() } });
  expect(accepted).toMatchObject({ data: { invitationAccept: { me: { email }, userErrors: [] } } });
  expect(await world.ask('{ shop { name } }', { token: hers, shop: toGlobalId('Shop', other.id) })).toMatchObject({
    data: { shop: { name: 'Other shop' } },
  });
  expect(await world.ask('{ me { name } }', { token })).toMatchObject(UNAUTHENTICATED);
  expect(await world.signIn(email, password, '198.51.100.8')).toBeUndefined();
});

test('a forged token is refused, and so is each where no provider is set', async () => {
  const forged = await provider.token({ ...(await makeSigner('two')), kid: 'one' });
  expect(await world.ask('{ me { name } }', { token: forged })).toMatchObject(UNAUTHENTICATED);
  const closed = await openPeopleApp();
  try {
    expect(await closed.ask('{ me { name } }', { token: await provider.token(signer) })).toMatchObject(UNAUTHENTICATED);
  } finally {
    await closed.close();
  }
});
