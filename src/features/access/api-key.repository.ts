import { LockMode } from '@mikro-orm/core';
import type { EntityManager, RequiredEntityData } from '@mikro-orm/postgresql';
import { readRows } from '../../platform/read-rows.js';
import { query } from '../../platform/sql.js';
import type { Actor } from './actor.js';
import { ApiKey } from './api-key.entity.js';
import type { KeyHolder } from './key-holder.js';
import { permissionsOf } from './permissions.js';
import type { Role, ScanMode } from './roles.js';
import { Shop } from './shop.entity.js';

interface KeyRow {
  key_id: string;
  key_name: string;
  role: Role;
  permissions: string[] | null;
  location_id: string | null;
  mode: ScanMode | null;
  last_used_at: Date | string | null;
  expires_at: Date | string | null;
  /** When the secret that was shown ends, where it is not the key's own any more. */
  secret_ends_at: Date | string | null;
}

export class ApiKeyRepository {
  constructor(private readonly em: EntityManager) {}

  add(data: RequiredEntityData<ApiKey>): ApiKey {
    const key = this.em.create(ApiKey, data);
    this.em.persist(key);
    return key;
  }

  async findForUpdate(shopId: string, id: string): Promise<ApiKey | undefined> {
    return (await this.em.findOne(ApiKey, { shopId, id }, { lockMode: LockMode.PESSIMISTIC_WRITE })) ?? undefined;
  }

  countLive(shopId: string): Promise<number> {
    return this.em.count(ApiKey, { shopId, revokedAt: null });
  }

  /** How many OWNER keys that may do all, this one apart, are neither revoked nor will ever expire. */
  countOtherLastingOwners(shopId: string, id: string): Promise<number> {
    return this.em.count(ApiKey, { shopId, role: 'OWNER', permissions: null, revokedAt: null, expiresAt: null, id: { $ne: id } });
  }

  /** Who holds the key of this hash, if it is not revoked: the key and its shop in one statement. */
  async findHolder(secretHash: Buffer): Promise<KeyHolder | undefined> {
    const [row] = await query<KeyRow>(
      this.em,
      `select s.*, k.id as key_id, k.name as key_name, k.role, k.permissions, k.location_id, k.mode, k.last_used_at, k.expires_at,
         case when k.secret_hash = ? then null else k.previous_secret_ends_at end as secret_ends_at
       from api_key k join shop s on s.id = k.shop_id
       where (k.secret_hash = ? or k.previous_secret_hash = ?) and k.revoked_at is null`,
      [secretHash, secretHash, secretHash],
    );
    return row && holderOf(row, this.em);
  }

  /** Notes a use, unless one was noted after `unlessSince`. */
  async touch(shopId: string, id: string, { at, unlessSince }: { at: Date; unlessSince: Date }): Promise<void> {
    await query(
      this.em,
      'update api_key set last_used_at = ? where shop_id = ? and id = ? and (last_used_at is null or last_used_at <= ?)',
      [at, shopId, id, unlessSince],
    );
  }
}

function holderOf(
  { key_id, key_name, role, permissions, location_id, mode, last_used_at, expires_at, secret_ends_at, ...shopRow }: KeyRow,
  em: EntityManager,
): KeyHolder {
  const [shop] = readRows(em, Shop, [shopRow]);
  if (!shop) throw new Error('A key was found without its shop.');
  const actor: Actor = {
    shop,
    shopId: shop.id,
    actorId: key_id,
    kind: 'KEY',
    personId: undefined,
    name: key_name,
    role,
    permissions: permissionsOf(role, permissions),
    locationId: location_id ?? undefined,
    mode: mode ?? undefined,
  };
  return { actor, lastUsedAt: instant(last_used_at), expiresAt: earliest(instant(expires_at), instant(secret_ends_at)) };
}

function earliest(...instants: readonly (Date | undefined)[]): Date | undefined {
  return instants.filter((each) => each !== undefined).sort((a, b) => a.getTime() - b.getTime())[0];
}

function instant(column: Date | string | null): Date | undefined {
  return column === null ? undefined : new Date(column);
}
