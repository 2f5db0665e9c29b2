import { LockMode } from '@mikro-orm/core';
import type { EntityManager, RequiredEntityData } from '@mikro-orm/postgresql';
import { Membership } from './membership.entity.js';
import { Person } from './person.entity.js';

/** Two who are new under one address at once: the later finds the earlier. */
export const PERSON_RACED_KEYS = ['person_email_unique'];

/** People belong to no shop: these are asked across shops. */
export class PersonRepository {
  constructor(private readonly em: EntityManager) {}

  add(data: RequiredEntityData<Person>): Person {
    const person = this.em.create(Person, data);
    this.em.persist(person);
    return person;
  }

  addMembership(data: RequiredEntityData<Membership>): Membership {
    const membership = this.em.create(Membership, data);
    this.em.persist(membership);
    return membership;
  }

  async findByEmail(email: string): Promise<Person | undefined> {
    return (await this.em.findOne(Person, { email })) ?? undefined;
  }

  /** Locked until the transaction ends. */
  async findForUpdate(id: string): Promise<Person | undefined> {
    return (await this.em.findOne(Person, { id }, { lockMode: LockMode.PESSIMISTIC_WRITE })) ?? undefined;
  }

  /** Memberships of a person that have not ended, at most `limit`. */
  memberships(personId: string, limit: number): Promise<Membership[]> {
    return this.em.find(Membership, { person: { id: personId }, endedAt: null }, { orderBy: { id: 'asc' }, limit });
  }

  /** Ended or not. */
  async findMembership(shopId: string, personId: string): Promise<Membership | undefined> {
    return (await this.em.findOne(Membership, { shopId, person: { id: personId } })) ?? undefined;
  }

  /** With its person, locked until the transaction ends. */
  async findMemberForUpdate(shopId: string, id: string): Promise<Membership | undefined> {
    const found = await this.em.findOne(Membership, { shopId, id }, { lockMode: LockMode.PESSIMISTIC_WRITE });
    if (found) await this.em.populate(found, ['person']);
    return found ?? undefined;
  }

  /** Owners of the shop who have not left, this one apart. */
  countOtherOwners(shopId: string, id: string): Promise<number> {
    return this.em.count(Membership, { shopId, role: 'OWNER', endedAt: null, id: { $ne: id } });
  }

  countMembers(shopId: string): Promise<number> {
    return this.em.count(Membership, { shopId, endedAt: null });
  }
}
