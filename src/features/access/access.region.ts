import { formatQuantity, quantity } from '../../kernel/quantity.js';
import type { Region } from '../../platform/cache/region.js';
import { instantOf, revive } from '../../platform/revive.js';
import { ACCESS_STAMP, shopStamp } from './access-stamps.js';
import type { KeyHolder } from './key-holder.js';
import { Location } from './location.entity.js';
import { permissionsOf } from './permissions.js';
import type { Role, ScanMode } from './roles.js';
import { Shop } from './shop.entity.js';

interface HolderJson {
  readonly actorId: string;
  readonly name: string;
  readonly role: Role;
  /** Null: all that the role may. */
  readonly permissions: readonly string[] | null;
  readonly locationId: string | null;
  readonly mode: ScanMode | null;
  readonly lastUsedAt: string | null;
  readonly expiresAt: string | null;
  readonly shop: {
    readonly id: string;
    readonly name: string;
    readonly currency: string;
    readonly timeZone: string;
    readonly stockFloor: string | null;
    readonly variableMeasure: string;
    readonly webhookKinds: readonly string[];
    readonly notifies: boolean;
    readonly createdAt: string;
    readonly updatedAt: string;
  };
}

/** Who holds a key that is not revoked, by the hash of its secret (hex). Whether it has expired is for the reader to see. */
export const KEYS: Region<string, KeyHolder> = {
  name: 'keys',
  version: 5,
  keyOf: (secretHash) => secretHash,
  stampOf: () => ACCESS_STAMP,
  // Whoever guesses secrets would fill the memory.
  remembersUnknown: false,
  loadsOnce: false,
  leadsTo: ({ actor }) => [shopStamp(actor.shopId)],
  codec: {
    encode: ({ actor, lastUsedAt, expiresAt }): HolderJson => {
      const { actorId, name, role, permissions: may, locationId, mode, shop } = actor;
      const permissions = may.size === permissionsOf(role).size ? null : [...may];
      return {
        ...{ actorId, name, role, permissions, locationId: locationId ?? null, mode: mode ?? null },
        lastUsedAt: lastUsedAt?.toISOString() ?? null,
        expiresAt: expiresAt?.toISOString() ?? null,
        shop: {
          ...{ id: shop.id, name: shop.name, currency: shop.currency, timeZone: shop.timeZone },
          stockFloor: shop.stockFloor && formatQuantity(shop.stockFloor),
          variableMeasure: shop.variableMeasure,
          webhookKinds: shop.webhookKinds,
          notifies: shop.notifies,
          createdAt: shop.createdAt.toISOString(),
          updatedAt: shop.updatedAt.toISOString(),
        },
      };
    },
    decode: ({ shop: fields, ...key }: HolderJson): KeyHolder => {
      const shop = revive(Shop, {
        ...fields,
        stockFloor: fields.stockFloor === null ? null : quantity(fields.stockFloor),
        webhookKinds: Object.freeze(fields.webhookKinds),
        createdAt: instantOf(fields.createdAt),
        updatedAt: instantOf(fields.updatedAt),
      });
      const { actorId, name, role } = key;
      const permissions = permissionsOf(role, key.permissions);
      const holder = { actorId, kind: 'KEY', personId: undefined, name, role, permissions } as const;
      const bearings = { locationId: key.locationId ?? undefined, mode: key.mode ?? undefined };
      return {
        actor: Object.freeze({ shop, shopId: shop.id, ...holder, ...bearings }),
        lastUsedAt: instantOf(key.lastUsedAt) ?? undefined,
        expiresAt: instantOf(key.expiresAt) ?? undefined,
      };
    },
  },
};

/** A location by its row id, by its code in the form that codes are compared in, or as the only one in use. */
export type LocationKey = { readonly shopId: string } & (
  { readonly id: string } | { readonly code: string } | { readonly only: true }
);

interface LocationJson {
  readonly shopId: string;
  readonly id: string;
  readonly code: string;
  readonly name: string;
  readonly parentId: string | null;
  readonly archivedAt: string | null;
  readonly createdAt: string;
  readonly updatedAt: string;
}

/** Locations, archived ones too. */
export const LOCATIONS: Region<LocationKey, Location> = {
  name: 'locations',
  version: 1,
  keyOf: (key) => `${key.shopId}/${'id' in key ? key.id : 'code' in key ? `code/${key.code}` : 'only'}`,
  stampOf: ({ shopId }) => shopStamp(shopId),
  remembersUnknown: true,
  loadsOnce: false,
  codec: {
    encode: ({ shopId, id, code, name, parent, archivedAt, createdAt, updatedAt }): LocationJson => ({
      ...{ shopId, id, code, name, parentId: parent?.id ?? null },
      archivedAt: archivedAt?.toISOString() ?? null,
      createdAt: createdAt.toISOString(),
      updatedAt: updatedAt.toISOString(),
    }),
    decode: ({ parentId, ...fields }: LocationJson): Location =>
      revive(Location, {
        ...fields,
        parent: parentId === null ? null : Object.freeze({ id: parentId }),
        archivedAt: instantOf(fields.archivedAt),
        createdAt: instantOf(fields.createdAt),
        updatedAt: instantOf(fields.updatedAt),
      }),
  },
};
