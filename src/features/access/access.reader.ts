import type { EntityManager } from '@mikro-orm/postgresql';
import DataLoader from 'dataloader';
import { ApiKey } from './api-key.entity.js';
import { inOrder } from './in-order.js';
import { Location } from './location.entity.js';
import { Shop } from './shop.entity.js';
import { isStorable, normalizeCode } from './text-rules.js';

/** Live keys come first, so that only keys revoked long ago can fall off the list. */
const MAX_LISTED_KEYS = 1000;
/** What is only read need not be watched for changes. */
const UNWATCHED = { disableIdentityMap: true } as const;

/** What a request reads of its shop's access. One for each request: what it has loaded it does not load again. */
export class AccessReader {
  private readonly locationById = new DataLoader<string, Location | undefined>(async (ids) => {
    const found = await this.em.find(Location, { shopId: this.shopId, id: { $in: [...ids] } }, UNWATCHED);
    return inOrder(ids, found, ({ id }) => id);
  });
  private readonly locationByNormalizedCode = new DataLoader<string, Location | undefined>(async (codes) => {
    const found = await this.em.find(Location, { shopId: this.shopId, code: { $in: [...codes] } }, UNWATCHED);
    return inOrder(codes, found, ({ code }) => code);
  });
  private readonly apiKeyById = new DataLoader<string, ApiKey | undefined>(async (ids) => {
    const found = await this.em.find(ApiKey, { shopId: this.shopId, id: { $in: [...ids] } }, UNWATCHED);
    return inOrder(ids, found, ({ id }) => id);
  });

  constructor(
    private readonly em: EntityManager,
    private readonly shopId: string,
  ) {}

  shop(): Promise<Shop> {
    return this.em.findOneOrFail(Shop, { id: this.shopId }, UNWATCHED);
  }

  /** By row id, archived ones too. */
  location(id: string): Promise<Location | undefined> {
    return this.locationById.load(id);
  }

  /** By code however it is written, archived ones too. */
  async locationByCode(code: string): Promise<Location | undefined> {
    return isStorable(code) ? this.locationByNormalizedCode.load(normalizeCode(code)) : undefined;
  }

  /** All of the shop, archived ones too, by code. */
  async locations(): Promise<Location[]> {
    const all = await this.em.find(Location, { shopId: this.shopId }, { ...UNWATCHED, orderBy: { code: 'asc' } });
    for (const location of all) this.locationById.prime(location.id, location);
    return all;
  }

  /** By row id, revoked ones too. */
  apiKey(id: string): Promise<ApiKey | undefined> {
    return this.apiKeyById.load(id);
  }

  /** Those that are not revoked first, the newest first; at most MAX_LISTED_KEYS. */
  apiKeys(): Promise<ApiKey[]> {
    const orderBy = [{ revokedAt: 'desc nulls first' }, { id: 'desc' }] as const;
    return this.em.find(ApiKey, { shopId: this.shopId }, { ...UNWATCHED, orderBy: [...orderBy], limit: MAX_LISTED_KEYS });
  }
}
