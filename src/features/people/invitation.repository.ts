import { LockMode } from '@mikro-orm/core';
import type { EntityManager, RequiredEntityData } from '@mikro-orm/postgresql';
import { Principal } from '../access/index.js';
import { Invitation } from './invitation.entity.js';

export class InvitationRepository {
  constructor(private readonly em: EntityManager) {}

  add(data: Omit<RequiredEntityData<Invitation>, 'invitedBy'>, invitedBy: string): Invitation {
    const principal = this.em.getReference(Principal, [data.shopId as string, invitedBy]);
    const invitation = this.em.create(Invitation, { ...data, invitedBy: principal } as RequiredEntityData<Invitation>);
    this.em.persist(invitation);
    return invitation;
  }

  /** Locked until the transaction ends. */
  async findForUpdate(shopId: string, id: string): Promise<Invitation | undefined> {
    return (await this.em.findOne(Invitation, { shopId, id }, { lockMode: LockMode.PESSIMISTIC_WRITE })) ?? undefined;
  }

  /** Of any shop, locked until the transaction ends: the secret says which. */
  async findBySecret(secretHash: Buffer): Promise<Invitation | undefined> {
    return (await this.em.findOne(Invitation, { secretHash }, { lockMode: LockMode.PESSIMISTIC_WRITE })) ?? undefined;
  }

  /** Neither accepted nor revoked, expired ones too; locked. */
  async findPending(shopId: string, email: string): Promise<Invitation | undefined> {
    const where = { shopId, email, acceptedAt: null, revokedAt: null };
    return (await this.em.findOne(Invitation, where, { lockMode: LockMode.PESSIMISTIC_WRITE })) ?? undefined;
  }

  /** What this principal has made of those that are pending; locked. */
  findPendingOf(shopId: string, invitedBy: string): Promise<Invitation[]> {
    const where = { shopId, invitedBy: { shopId, id: invitedBy }, acceptedAt: null, revokedAt: null };
    return this.em.find(Invitation, where, { lockMode: LockMode.PESSIMISTIC_WRITE, orderBy: { id: 'asc' } });
  }

  countPending(shopId: string): Promise<number> {
    return this.em.count(Invitation, { shopId, acceptedAt: null, revokedAt: null });
  }
}
