import type { Clock } from '../../kernel/clock.js';
import { DuplicateError } from '../../kernel/errors.js';
import { newId } from '../../kernel/ids.js';
import { EVERY_SHOP } from '../../platform/tenancy.js';
import type { Transaction, UnitOfWork } from '../../platform/unit-of-work.js';
import { requireLine, ShopRepository } from '../access/index.js';
import { requireEmail } from './email.js';
import { join } from './member.service.js';
import type { Membership } from './membership.entity.js';
import type { PasswordHasher } from './password-hash.js';
import { requirePassword } from './password-rules.js';
import { PERSON_RACED_KEYS, PersonRepository } from './person.repository.js';

/** Makes owners where there is nobody yet who could invite them: for whoever runs the server. */
export class OwnerService {
  constructor(
    private readonly work: UnitOfWork,
    private readonly clock: Clock,
    private readonly hasher: PasswordHasher,
  ) {}

  /**
   * A new person who owns the shop. Refuses INVALID texts, and (DUPLICATE) an address of an account that is there: nothing says that whoever made it has that
   * address, which is proved by accepting an invitation. So he is invited instead.
   */
  async add(shopId: string, draft: { email: string; name: string; password: string }): Promise<Membership> {
    const [email, name] = [requireEmail(draft.email, ['email']), requireLine(draft.name, ['name'])];
    const passwordHash = await this.hasher.hash(requirePassword(draft.password, ['password'], [email, name]));
    const addTo = async (transaction: Transaction): Promise<Membership> => {
      const { em } = transaction;
      await new ShopRepository(em).lock(shopId);
      const now = this.clock.now();
      const people = new PersonRepository(em);
      const stamps = { passwordChangedAt: now, createdAt: now, updatedAt: now };
      if (await people.findByEmail(email)) throw new DuplicateError('This address has an account: invite it.', ['email']);
      const person = people.add({ id: newId(), email, name, passwordHash, ...stamps });
      await transaction.flush();
      return join(transaction, person, { shopId, role: 'OWNER', now });
    };
    return this.work.run(EVERY_SHOP, addTo, { racedKeys: PERSON_RACED_KEYS });
  }

  /** Whether a password that was given out is still that of whoever has the address. Counts as no attempt, so it is for no request of anybody's. */
  async judge({ email, password }: { email: string; password: string }): Promise<'RIGHT' | 'CHANGED' | 'UNKNOWN'> {
    const person = await this.work.run(EVERY_SHOP, ({ em }) => new PersonRepository(em).findByEmail(email));
    if (!person) return 'UNKNOWN';
    return (await this.hasher.verify(person.passwordHash, password)) ? 'RIGHT' : 'CHANGED';
  }
}
