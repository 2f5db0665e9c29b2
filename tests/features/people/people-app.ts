import type { App } from '../../../src/app.js';
import type { Actor } from '../../../src/features/access/index.js';
import type { SignedIn } from '../../../src/features/people/index.js';
import type { AccountMail } from '../../../src/features/people/account-mail.port.js';
import type { Limits } from '../../../src/platform/limits/limits.js';
import { createTestApp, testAdapters, testConfig } from '../../support/app.js';
import { createTestDatabase, type TestDatabase } from '../../support/database.js';

export const PASSWORD = 'three green kettles';

interface Reply {
  readonly data?: Record<string, never> | null;
  readonly errors?: readonly { message: string; extensions: Record<string, unknown>; path?: readonly (string | number)[] }[];
}

export interface Asked {
  readonly token?: string | undefined;
  readonly shop?: string | undefined;
  readonly address?: string;
  readonly variables?: Record<string, unknown>;
}

export interface PeopleApp {
  readonly app: App;
  readonly database: TestDatabase;
  /** What was mailed, the last one last. */
  readonly mailed: AccountMail[];
  ask(query: string, asked?: Asked): Promise<Reply>;
  /** A shop with an owner, who is a person; one who has an account already is invited, and accepts. */
  openShop(email: string, name?: string): Promise<{ id: string; key: string }>;
  signIn(email: string, password?: string, address?: string): Promise<string | undefined>;
  /** The secret in the mail that was sent last. */
  mailedSecret(): string;
  close(): Promise<void>;
}

export interface PeopleOptions {
  readonly sendsMail?: boolean;
  readonly env?: Record<string, string>;
  readonly limits?: Limits;
  /** Another's, which is left to it. */
  readonly database?: TestDatabase;
}

/** The whole program with a way out for mail that keeps what it takes. */
export async function openPeopleApp({
  sendsMail = true,
  env = {},
  limits,
  database: shared,
}: PeopleOptions = {}): Promise<PeopleApp> {
  const database = shared ?? (await createTestDatabase());
  const mailed: AccountMail[] = [];
  const adapters = testAdapters();
  const EMAIL = {
    name: 'FAKE',
    send: (mail: AccountMail) => {
      mailed.push(mail);
      return Promise.resolve({ reference: undefined });
    },
  };
  const notifying = { ...adapters.notifying, ways: { ...adapters.notifying.ways, EMAIL: sendsMail ? EMAIL : undefined } };
  const app = await createTestApp(database, { config: testConfig(env), adapters: { notifying }, ...(limits && { limits }) });
  const ask = async (query: string, { token, shop, address, variables = {} }: Asked = {}): Promise<Reply> => {
    const response = await app.inject({
      method: 'POST',
      url: '/graphql',
      remoteAddress: address ?? '192.0.2.1',
      headers: {
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
        ...(shop === undefined ? {} : { 'stockroom-shop': shop }),
      },
      payload: { query, variables },
    });
    return response.json();
  };
  const findPerson = async (email: string): Promise<SignedIn | undefined> => {
    const [row] = await database.orm.em
      .fork()
      .execute<Omit<SignedIn, 'sessionId'>[]>('select id, name, email from person where email = ?', [email.toLowerCase()]);
    return row && { ...row, sessionId: undefined };
  };
  const mailedSecret = (): string => /sr[ip]_[0-9a-z]{39}/.exec(mailed.at(-1)?.text ?? '')?.[0] ?? '';
  /** Who has an account already is not made an owner unasked. */
  const joinInvited = async (actor: Actor, person: SignedIn): Promise<void> => {
    const { secret } = await app.services.people.invitations.invite(actor, { email: person.email, role: 'OWNER' });
    await app.outbox.drain();
    await app.services.people.invitations.accept({ secret: secret ?? mailedSecret(), person });
  };
  const SIGN_IN =
    'mutation ($email: String!, $password: String!) { signIn(email: $email, password: $password) { token userErrors { code message } } }';
  return {
    ...{ app, database, mailed, ask },
    openShop: async (email, name = 'Corner shop') => {
      const { shop, secret, actor } = await app.services.shops.create({ name, currency: 'ZAR', timeZone: 'Africa/Johannesburg' });
      const person = await findPerson(email);
      if (person) await joinInvited(actor, person);
      else await app.services.people.owners.add(shop.id, { email, name: 'Thandi', password: PASSWORD });
      return { id: shop.id, key: secret };
    },
    signIn: async (email, password = PASSWORD, address = '192.0.2.1') => {
      const { data } = await ask(SIGN_IN, { address, variables: { email, password } });
      return (data as { signIn?: { token: string | null } } | null | undefined)?.signIn?.token ?? undefined;
    },
    mailedSecret,
    close: async () => {
      await app.close();
      if (!shared) await database.drop();
    },
  };
}
