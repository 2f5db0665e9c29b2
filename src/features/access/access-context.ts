import { RequestError } from '../../kernel/errors.js';
import type { AccessReader } from './access.reader.js';
import type { Actor } from './actor.js';
import type { ApiKeyService } from './api-key.service.js';
import type { LocationService } from './location.service.js';
import type { ShopService } from './shop.service.js';

/** What this room's resolvers need of a request's context. */
export interface AccessContext {
  readonly actor: Actor | undefined;
  readonly access: {
    /** Of this request: it remembers what it has read. */
    readonly reader: AccessReader;
    readonly locations: LocationService;
    readonly apiKeys: ApiKeyService;
    readonly shops: ShopService;
  };
}

/** Who acts. Refuses (UNAUTHENTICATED) a request without a key, and (FORBIDDEN) a person who has not said for which shop. */
export function requireActor({ actor, person }: Pick<AccessContext, 'actor'> & { readonly person?: object | undefined }): Actor {
  if (actor) return actor;
  if (person)
    throw new RequestError('FORBIDDEN', 'Say for which shop: send "Stockroom-Shop: <id>" with an id of { me { shops { id } } }.');
  throw new RequestError('UNAUTHENTICATED', 'Send an API key in the header "Authorization: Bearer <key>".');
}
