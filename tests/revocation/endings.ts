import { setTimeout as sleep } from 'node:timers/promises';
import { idOf } from '../../src/graphql/global-id.js';
import { ask, type Asking } from './ask.js';
import { PASSWORD, type RevocationShop } from './shop.js';

const ANY_USE = '{ shop { currency } }';
const MANAGERS_USE = '{ notificationRecipients { id } }';
const NEW_PASSWORD = 'seven loud harbours';
/** Whoever reads a clock in whole milliseconds may be so much behind one that counts parts of them. */
const CLOCK_STEP_MS = 1;

export interface Credential {
  /** An API key's secret, or a session's token. */
  readonly secret: string;
  /** Ends it through this server, or waits until it ends by itself; gives when that was acknowledged, by performance.now(). */
  readonly end: (url: string) => Promise<number>;
}

/** What ends by itself was not in use by then: it has to live longer. */
export class EndedTooSoon extends Error {
  override readonly name = 'EndedTooSoon';
}

export interface Opening {
  readonly shop: RevocationShop;
  /** Of the server through which the credential is made. */
  readonly url: string;
  /** How long a credential lives that ends by itself. */
  readonly lifeMs: number;
}

export interface Ending {
  readonly title: string;
  /** What the credential is used for, and may not be from its end on. */
  readonly use: string;
  /** Who may do less may still listen. */
  readonly keepsSockets: boolean;
  readonly open: (opening: Opening) => Promise<Credential>;
}

/** How a credential can end. */
export const ENDINGS = {
  'key-revoked': ending('apiKeyRevoke', async (opening) => {
    const { id, secret } = await makeKey(opening);
    return { secret, end: (url) => act(opening, url, ['apiKeyRevoke(id: $id)', id]) };
  }),
  'key-rotated': ending('apiKeyRotate without an overlap', async (opening) => {
    const { id, secret } = await makeKey(opening);
    return { secret, end: (url) => act(opening, url, ['apiKeyRotate(id: $id, overlapMinutes: 0)', id]) };
  }),
  'overlap-over': ending('the overlap after apiKeyRotate is over', async (opening) => {
    const { shop, url, lifeMs } = opening;
    const { id, secret } = await makeKey(opening);
    await act(opening, url, ['apiKeyRotate(id: $id, overlapMinutes: 1)', id]);
    const endsAt = new Date(Date.now() + lifeMs);
    await shop.setOverlapEnd(idOf('ApiKey', id) ?? '', endsAt);
    return { secret, end: () => endOf(endsAt) };
  }),
  'key-expired': ending('a key has an expiresAt', async (opening) => {
    const expiresAt = new Date(Date.now() + opening.lifeMs);
    const { secret } = await makeKey(opening, expiresAt);
    return { secret, end: () => endOf(expiresAt) };
  }),
  'signed-out': ending('signOut', async ({ shop, url }) => {
    const token = await shop.signIn(url, await shop.addMember('CLERK'));
    return { secret: token, end: (at) => asPerson(at, { token }, 'mutation { signOut { userErrors { code } } }') };
  }),
  'signed-out-everywhere': ending('signOut of everything, by another session', async ({ shop, url }) => {
    const member = await shop.addMember('CLERK');
    const [secret, other] = [await shop.signIn(url, member), await shop.signIn(url, member)];
    return {
      secret,
      end: (at) => asPerson(at, { token: other }, 'mutation { signOut(everywhere: true) { userErrors { code } } }'),
    };
  }),
  'password-changed': ending('passwordChange, by another session', async ({ shop, url }) => {
    const member = await shop.addMember('CLERK');
    const [secret, other] = [await shop.signIn(url, member), await shop.signIn(url, member)];
    const change =
      'mutation ($current: String!, $next: String!) { passwordChange(current: $current, next: $next) { userErrors { code } } }';
    return {
      secret,
      end: (at) => asPerson(at, { token: other, address: member.address }, change, { current: PASSWORD, next: NEW_PASSWORD }),
    };
  }),
  'role-lowered': {
    ...ending('memberUpdate from MANAGER to CLERK', async (opening) => {
      const member = await opening.shop.addMember('MANAGER');
      const secret = await opening.shop.signIn(opening.url, member);
      return { secret, end: (url) => act(opening, url, ['memberUpdate(id: $id, role: CLERK)', member.id]) };
    }),
    use: MANAGERS_USE,
    keepsSockets: true,
  },
  'membership-ended': ending('memberEnd', async (opening) => {
    const member = await opening.shop.addMember('CLERK');
    const secret = await opening.shop.signIn(opening.url, member);
    return { secret, end: (url) => act(opening, url, ['memberEnd(id: $id)', member.id]) };
  }),
  'account-erased': ending('myDataErase', async ({ shop, url }) => {
    const member = await shop.addMember('CLERK');
    const token = await shop.signIn(url, member);
    const erase = 'mutation ($email: String!) { myDataErase(email: $email) { userErrors { code } } }';
    return { secret: token, end: (at) => asPerson(at, { token }, erase, { email: member.email }) };
  }),
} as const satisfies Record<string, Ending>;
export type EndingName = keyof typeof ENDINGS;
export const ENDING_NAMES = Object.keys(ENDINGS) as EndingName[];

function ending(title: string, open: Ending['open']): Ending {
  return { title, use: ANY_USE, keepsSockets: false, open };
}

async function makeKey({ shop, url }: Opening, expiresAt?: Date): Promise<{ id: string; secret: string }> {
  const query = 'mutation ($input: ApiKeyInput!) { apiKeyCreate(input: $input) { apiKey { id } secret userErrors { code } } }';
  const { data } = await shop.asOwner(url, query, { input: { name: 'Used often', role: 'CLERK', expiresAt } });
  const { apiKey, secret } = data.apiKeyCreate as { readonly apiKey: { readonly id: string }; readonly secret: string };
  return { id: apiKey.id, secret };
}

/** A mutation of the owner's that names one id. */
async function act({ shop }: Opening, url: string, [call, id]: readonly [string, string]): Promise<number> {
  const { at } = await shop.asOwner(url, `mutation ($id: ID!) { ${call} { userErrors { code message } } }`, { id });
  return at;
}

/** As whoever has the token. */
async function asPerson(url: string, asking: Asking, query: string, variables: object = {}): Promise<number> {
  const { at } = await ask(url, query, variables, asking);
  return at;
}

async function endOf(endsAt: Date): Promise<number> {
  const leftMs = endsAt.getTime() - Date.now();
  if (leftMs <= 0) throw new EndedTooSoon('It had ended before it was in use.');
  const at = performance.now() + leftMs + CLOCK_STEP_MS;
  await sleep(leftMs);
  return at;
}
