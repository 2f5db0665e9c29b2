import type { AccessContext } from '../access/index.js';
import type { PrivacyService } from './privacy.service.js';

/** What this room's resolvers need of a request. */
export interface PrivacyContext extends AccessContext {
  readonly privacy: PrivacyService;
}
