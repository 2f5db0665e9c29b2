import type { EntityManager } from '@mikro-orm/postgresql';
import { arrayLiteral, query } from '../../platform/sql.js';
import type { Role } from '../access/index.js';

/** A person's place in a shop, and what an export says of it. */
export interface MemberRecord {
  readonly id: string;
  readonly shopId: string;
  readonly personId: string;
  readonly role: Role;
  readonly hasEnded: boolean;
  readonly data: object;
}

/** An invitation of an address, and what an export says of it. */
export interface InvitationRecord {
  readonly id: string;
  readonly data: object;
}

const MEMBERS = `
  select m.id, m.shop_id as "shopId", m.person_id as "personId", m.role, m.ended_at is not null as "hasEnded",
    jsonb_build_object('name', p.name, 'email', p.email, 'role', m.role, 'memberSince', m.created_at, 'endedAt', m.ended_at) as data
  from membership m join person p on p.id = m.person_id`;
/** In the order in which they go: what refers to the person first. */
const OF_A_PERSON = ['password_reset', 'person_identity', 'person_session'] as const;

/** What is kept of people, for those who export and erase it. It is asked across shops: a person belongs to none. */
export class PersonDataRepository {
  constructor(private readonly em: EntityManager) {}

  /** Of one shop, whether or not he has left; `email` as it is compared. */
  async findMember(shopId: string, email: string): Promise<MemberRecord | undefined> {
    const [member] = await query<MemberRecord>(this.em, `${MEMBERS} where m.shop_id = ? and p.email = ?`, [shopId, email]);
    return member;
  }

  /** In all shops, those that he has left too, in the order in which shops are locked. */
  findMemberships(personId: string): Promise<MemberRecord[]> {
    return query<MemberRecord>(this.em, `${MEMBERS} where m.person_id = ? order by m.shop_id`, [personId]);
  }

  findInvitations(shopId: string, email: string): Promise<InvitationRecord[]> {
    return query<InvitationRecord>(
      this.em,
      `select id, jsonb_build_object('email', email, 'role', role, 'createdAt', created_at, 'expiresAt', expires_at,
         'acceptedAt', accepted_at, 'revokedAt', revoked_at) as data
       from invitation where shop_id = ? and lower(email) = ? order by id`,
      [shopId, email],
    );
  }

  async removeInvitations(shopId: string, email: string): Promise<void> {
    await query(this.em, 'delete from invitation where shop_id = ? and lower(email) = ?', [shopId, email]);
  }

  /** What those may do who accept what the address was invited to, and may still do so. */
  async findInvitedRoles(shopId: string, email: string): Promise<Role[]> {
    const rows = await query<{ role: Role }>(
      this.em,
      `select role from invitation
       where shop_id = ? and lower(email) = ? and accepted_at is null and revoked_at is null and expires_at > now()`,
      [shopId, email],
    );
    return rows.map(({ role }) => role);
  }

  /** Those that he has made and nobody has accepted; gives their ids. */
  async revokeInvitationsOf({ shopId, id }: Pick<MemberRecord, 'shopId' | 'id'>): Promise<string[]> {
    const rows = await query<{ id: string }>(
      this.em,
      `update invitation set revoked_at = now()
       where shop_id = ? and invited_by = ? and accepted_at is null and revoked_at is null returning id`,
      [shopId, id],
    );
    return rows.map(({ id: invitation }) => invitation);
  }

  /** The account itself: by what he is let in, without the secrets. */
  async findAccount(personId: string): Promise<object | undefined> {
    const [row] = await query<{ data: object }>(
      this.em,
      `select jsonb_build_object('name', p.name, 'email', p.email, 'createdAt', p.created_at, 'passwordChangedAt', p.password_changed_at,
         'identities', coalesce((select jsonb_agg(jsonb_build_object('issuer', i.issuer, 'subject', i.subject, 'createdAt', i.created_at)
            order by i.issuer, i.subject) from person_identity i where i.person_id = p.id), '[]'),
         'sessions', coalesce((select jsonb_agg(jsonb_build_object('createdAt', s.created_at, 'lastUsedAt', s.last_used_at,
            'expiresAt', s.expires_at) order by s.id) from person_session s where s.person_id = p.id), '[]')) as data
       from person p where p.id = ?`,
      [personId],
    );
    return row?.data;
  }

  /** The principal stays, for the ledger names it; under which name it acted is forgotten. */
  async removeMember({ shopId, id }: Pick<MemberRecord, 'shopId' | 'id'>, pseudonym: string): Promise<void> {
    await query(this.em, 'delete from membership where shop_id = ? and id = ?', [shopId, id]);
    await query(this.em, 'update principal set name = ? where shop_id = ? and id = ?', [pseudonym, shopId, id]);
  }

  /** From where he acted, and from where somebody did something to these whom the log does not know: joined, or tried to sign in as him. */
  async forgetPlaces({ shopId, id }: Pick<MemberRecord, 'shopId' | 'id'>, subjectIds: readonly string[]): Promise<void> {
    await query(
      this.em,
      `update audit_entry set address = null, request_id = null
       where shop_id = ? and (address is not null or request_id is not null) and id in (
         select id from audit_entry where shop_id = ? and actor_id = ?
         union all select id from audit_entry where shop_id = ? and subject_id = any(?::uuid[]) and actor_id is null)`,
      [shopId, shopId, id, shopId, arrayLiteral(subjectIds)],
    );
  }

  /** Locked until the transaction ends, so that nobody makes him a member meanwhile. */
  async lockPerson(personId: string): Promise<void> {
    await query(this.em, 'select 1 from person where id = ? for update', [personId]);
  }

  /** With all by what he is let in, and the jobs of this task that wait with his address. He must be a member nowhere any more. */
  async removePerson(personId: string, mailTask: string): Promise<void> {
    await query(
      this.em,
      `delete from outbox_job j using person p where p.id = ? and j.task = ? and j.payload ->> 'email' = p.email`,
      [personId, mailTask],
    );
    for (const table of OF_A_PERSON) await query(this.em, `delete from ${table} where person_id = ?`, [personId]);
    await query(this.em, 'delete from person where id = ?', [personId]);
  }
}
