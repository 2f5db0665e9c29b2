import type { EntityManager } from '@mikro-orm/postgresql';
import { acrossShops } from '../../platform/tenancy.js';
import { Invitation } from './invitation.entity.js';
import { Membership } from './membership.entity.js';

const MAX_LISTED = 1000;
const UNWATCHED = { disableIdentityMap: true } as const;

/** Who works in the shop, and who is asked to. Across shops, because a person's row is no shop's; each statement names the shop. */
export class PeopleReader {
  constructor(
    private readonly em: EntityManager,
    private readonly shopId: string,
  ) {}

  /** Who has not left first, the oldest first; with their persons. */
  members(): Promise<Membership[]> {
    const orderBy = [{ endedAt: 'desc nulls first' }, { id: 'asc' }] as const;
    return acrossShops(() =>
      this.em.find(
        Membership,
        { shopId: this.shopId },
        { ...UNWATCHED, populate: ['person'], orderBy: [...orderBy], limit: MAX_LISTED },
      ),
    );
  }

  /** Neither accepted nor revoked, the newest first. */
  invitations(): Promise<Invitation[]> {
    const where = { shopId: this.shopId, acceptedAt: null, revokedAt: null };
    return acrossShops(() => this.em.find(Invitation, where, { ...UNWATCHED, orderBy: { id: 'desc' }, limit: MAX_LISTED }));
  }
}
