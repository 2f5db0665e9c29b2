import type { Permission } from './permissions.js';
import type { PrincipalKind } from './principal-kind.js';
import type { Role, ScanMode } from './roles.js';
import type { Shop } from './shop.entity.js';

/** Who acts, for which shop: what an API key, or a person who has chosen a shop, stands for while one request runs. */
export interface Actor {
  readonly shop: Shop;
  readonly shopId: string;
  /** Row id of the principal: the API key's own, or that of the person's membership. It is what the ledger keeps. */
  readonly actorId: string;
  readonly kind: PrincipalKind;
  /** Row id of the person; undefined for a key. */
  readonly personId: string | undefined;
  readonly name: string;
  readonly role: Role;
  /** What the actor may do, resolved once. */
  readonly permissions: ReadonlySet<Permission>;
  /** Row id of the location that the key is bound to, if it is. */
  readonly locationId: string | undefined;
  readonly mode: ScanMode | undefined;
}
