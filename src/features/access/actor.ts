import type { Role, ScanMode } from './roles.js';
import type { Shop } from './shop.entity.js';

/** Who acts, for which shop: what an API key stands for while one request runs. */
export interface Actor {
  readonly shop: Shop;
  readonly shopId: string;
  /** Row id of the API key. */
  readonly keyId: string;
  readonly name: string;
  readonly role: Role;
  /** Row id of the location that the key is bound to, if it is. */
  readonly locationId: string | undefined;
  readonly mode: ScanMode | undefined;
}
