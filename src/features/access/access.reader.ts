import type { EntityManager } from '@mikro-orm/postgresql';
import DataLoader from 'dataloader';
import { UNCACHED, type CacheSession } from '../../platform/cache/cache-session.js';
import { LOCATIONS } from './access.region.js';
import { ApiKey } from './api-key.entity.js';
import { selectRows } from '../../platform/read-rows.js';
import { arrayLiteral } from '../../platform/sql.js';
import { inOrder } from './in-order.js';
import { Location } from './location.entity.js';
import { Principal } from './principal.entity.js';
import { Shop } from './shop.entity.js';
import { soughtCode } from './text-rules.js';

/** Live keys come first, so that only keys revoked long ago can fall off the list. */
const MAX_LISTED_KEYS = 1000;
/** What is only read need not be watched for changes. */
const UNWATCHED = { disableIdentityMap: true } as const;

/** What a request reads of its shop's access. One for each request: what it has loaded it does not load again. */
export class AccessReader {
  private readonly locationById = new DataLoader<string, Location | undefined>((ids) => {
    const keys = ids.map((id) => ({ shopId: this.shopId, id }));
    return this.cache.getMany(LOCATIONS, keys, (missing) => this.findById(missing.map(({ id }) => id)));
  });
  private readonly locationByNormalizedCode = new DataLoader<string, Location | undefined>((codes) => {
    const keys = codes.map((code) => ({ shopId: this.shopId, code }));
    return this.cache.getMany(LOCATIONS, keys, (missing) => this.findByCode(missing.map(({ code }) => code)));
  });
  private readonly apiKeyById = new DataLoader<string, ApiKey | undefined>(async (ids) => {
    const found = await this.em.find(ApiKey, { shopId: this.shopId, id: { $in: [...ids] } }, UNWATCHED);
    return inOrder(ids, found, ({ id }) => id);
  });
  private readonly principalById = new DataLoader<string, Principal | undefined>(async (ids) => {
    const found = await this.em.find(Principal, { shopId: this.shopId, id: { $in: [...ids] } }, UNWATCHED);
    return inOrder(ids, found, ({ id }) => id);
  });

  constructor(
    private readonly em: EntityManager,
    private readonly shopId: string,
    private readonly cache: CacheSession = UNCACHED,
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
    const sought = soughtCode(code);
    return sought === undefined ? undefined : this.locationByNormalizedCode.load(sought);
  }

  /** All of the shop, archived ones too, by code. */
  async locations(): Promise<Location[]> {
    const all = await this.em.find(Location, { shopId: this.shopId }, { ...UNWATCHED, orderBy: { code: 'asc' } });
    for (const location of all) this.locationById.prime(location.id, location);
    return all;
  }

  /** The shop's only location in use, if it has just one. */
  async onlyLocation(): Promise<Location | undefined> {
    const [only] = await this.cache.getMany(LOCATIONS, [{ shopId: this.shopId, only: true }], async () => {
      const where = { shopId: this.shopId, archivedAt: null };
      const [first, another] = await this.em.find(Location, where, { ...UNWATCHED, orderBy: { id: 'asc' }, limit: 2 });
      return [another ? undefined : first];
    });
    return only;
  }

  /** Who acts or acted, by row id. */
  principal(id: string): Promise<Principal | undefined> {
    return this.principalById.load(id);
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

  private async findById(ids: readonly string[]): Promise<(Location | undefined)[]> {
    const byIds = 'select * from location where shop_id = ? and id = any(?::uuid[])';
    const found = await selectRows(this.em, Location, [byIds, this.shopId, arrayLiteral(ids)]);
    return inOrder(ids, found, ({ id }) => id);
  }

  private async findByCode(codes: readonly string[]): Promise<(Location | undefined)[]> {
    const byCodes = 'select * from location where shop_id = ? and code = any(?::text[])';
    const found = await selectRows(this.em, Location, [byCodes, this.shopId, arrayLiteral(codes)]);
    return inOrder(codes, found, ({ code }) => code);
  }
}
