import { defineEntity, p } from '@mikro-orm/core';
import { declaredTrigger, instantColumn } from '../../platform/columns.js';
import { Location } from './location.entity.js';
import type { Role, ScanMode } from './roles.js';
import { Shop } from './shop.entity.js';

const ApiKeySchema = defineEntity({
  name: 'ApiKey',
  tableName: 'api_key',
  properties: {
    shopId: () => p.manyToOne(Shop).primary().mapToPk().fieldName('shop_id').deleteRule('restrict').updateRule('restrict'),
    id: p.uuid().primary(),
    name: p.text(),
    role: p.text().$type<Role>(),
    location: () =>
      p
        .manyToOne(Location)
        .joinColumns('shop_id', 'location_id')
        .ownColumns('location_id')
        .nullable()
        .deleteRule('restrict')
        .updateRule('restrict')
        .index('api_key_location_index'),
    mode: p.text().nullable().$type<ScanMode>(),
    /** What it may do of what its role may; null: all of it. */
    permissions: p.array().$type<string[]>().columnType('text[]').nullable(),
    /** SHA-256 of the secret. The secret has 160 random bits, so that a slow hash would add nothing but time. */
    secretHash: p.blob().hidden(),
    /** Of the secret before, which is let in as well until then. */
    previousSecretHash: p.blob().nullable().hidden(),
    previousSecretEndsAt: instantColumn().nullable(),
    createdAt: instantColumn(),
    lastUsedAt: instantColumn().nullable(),
    expiresAt: instantColumn().nullable(),
    revokedAt: instantColumn().nullable(),
  },
  // Makes its principal: whoever adds a key cannot forget that, nor can the version before.
  triggers: [declaredTrigger('api_key_principal', 'before', ['insert'])],
  uniques: [
    { name: 'api_key_secret_hash_unique', properties: ['secretHash'] },
    { name: 'api_key_previous_secret_hash_unique', properties: ['previousSecretHash'] },
  ],
  checks: [
    { name: 'api_key_role_check', expression: "role in ('OWNER', 'MANAGER', 'CLERK', 'READER', 'DEVICE')" },
    { name: 'api_key_device_check', expression: "role <> 'DEVICE' or (location_id is not null and mode is not null)" },
    {
      name: 'api_key_previous_secret_check',
      expression: '(previous_secret_hash is null) = (previous_secret_ends_at is null)',
    },
    {
      name: 'api_key_permissions_check',
      expression: 'cardinality(permissions) > 0 and array_position(permissions, null) is null',
    },
    { name: 'api_key_mode_check', expression: "mode in ('LOOKUP', 'RECEIVE', 'ISSUE', 'SALE', 'COUNT')" },
  ],
});

/** What a machine or a person shows to act for a shop. Only a hash of its secret is kept. */
export class ApiKey extends ApiKeySchema.class {
  declare location: Location | null;
  declare secretHash: Buffer;
  declare previousSecretHash: Buffer | null;
  declare previousSecretEndsAt: Date | null;

  isLive(now: Date): boolean {
    return !this.revokedAt && (!this.expiresAt || this.expiresAt > now);
  }

  /** Revoking twice keeps the first time. */
  revoke(now: Date): void {
    this.revokedAt ??= now;
  }

  /**
   * From now on the key has this secret, and until `overlapEndsAt` the one before as well. While an earlier overlap lasts, the secret of before that goes
   * on and the one between ends: it may have been lost on its way, and the other is what is in use. An overlap that has ended already ends all but the new one.
   */
  rotateSecret(secretHash: Buffer, overlapEndsAt: Date, now: Date): void {
    const isOverlapping = this.previousSecretEndsAt !== null && this.previousSecretEndsAt > now;
    const former = isOverlapping ? this.previousSecretHash : this.secretHash;
    [this.previousSecretHash, this.previousSecretEndsAt] = overlapEndsAt > now ? [former, overlapEndsAt] : [null, null];
    this.secretHash = secretHash;
  }
}
ApiKeySchema.setClass(ApiKey);
