import { randomUUID } from 'node:crypto';
import type { EntityManager } from '@mikro-orm/postgresql';
import type { Role } from '../../src/features/access/index.js';
import { Membership, PasswordHasher, Person } from '../../src/features/people/index.js';
import { toGlobalId } from '../../src/graphql/global-id.js';
import { newId } from '../../src/kernel/ids.js';
import { createShop, type ShopFixture } from '../support/shop-fixture.js';
import { ask, type Answer } from './ask.js';

export const PASSWORD = 'nine quiet lanterns';
const BYTE = 256;

/** Somebody who works in the shop, and has never signed in yet. */
export interface Member {
  readonly email: string;
  /** Global id of his membership. */
  readonly id: string;
  /** Attempts to sign in are counted by address: each has his own. */
  readonly address: string;
}

/** The shop in which credentials are made, used and ended. */
export class RevocationShop {
  private made = 0;

  private constructor(
    private readonly em: EntityManager,
    private readonly passwordHash: string,
    readonly fixture: ShopFixture,
  ) {}

  static async make(em: EntityManager): Promise<RevocationShop> {
    return new RevocationShop(em, await new PasswordHasher().hash(PASSWORD), await createShop(em));
  }

  /** As the owner, with a key of his own. */
  asOwner(url: string, query: string, variables: object): Promise<Answer> {
    return ask(url, query, variables, { token: this.fixture.secret });
  }

  async addMember(role: Role): Promise<Member> {
    this.made += 1;
    const em = this.em.fork();
    const [email, now] = [`${randomUUID()}@example.co.za`, new Date()];
    const stamps = { passwordChangedAt: now, createdAt: now, updatedAt: now };
    const person = em.create(Person, {
      id: newId(),
      email,
      name: `Member ${String(this.made)}`,
      passwordHash: this.passwordHash,
      ...stamps,
    });
    const { id: shopId } = this.fixture.shop;
    const membership = em.create(Membership, { shopId, id: newId(), person, role, createdAt: now });
    await em.persist([person, membership]).flush();
    const address = `10.1.${String(Math.floor(this.made / BYTE))}.${String(this.made % BYTE)}`;
    return { email, id: toGlobalId('Membership', membership.id), address };
  }

  /** Gives the session's token. */
  async signIn(url: string, { email, address }: Member): Promise<string> {
    const query = `mutation ($email: String!, $password: String!) {
      signIn(email: $email, password: $password) { token userErrors { code message } }
    }`;
    const { data } = await ask(url, query, { email, password: PASSWORD }, { address });
    return String(data.signIn?.token);
  }

  /** Moves the end of a secret's overlap, which the API counts in minutes. Nobody may have shown that secret since it was rotated: a cache would not know. */
  async setOverlapEnd(keyId: string, endsAt: Date): Promise<void> {
    await this.em
      .fork()
      .getConnection()
      .execute('update api_key set previous_secret_ends_at = ? where shop_id = ? and id = ?', [
        endsAt,
        this.fixture.shop.id,
        keyId,
      ]);
  }
}
