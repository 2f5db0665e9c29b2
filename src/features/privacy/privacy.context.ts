import { RequestError } from '../../kernel/errors.js';
import type { AccessContext } from '../access/index.js';
import type { Oneself, PrivacyService } from './privacy.service.js';

/** What this room's resolvers need of a request. */
export interface PrivacyContext extends AccessContext {
  /** Who has signed in, whether or not he has chosen a shop. */
  readonly person?: Oneself | undefined;
  readonly privacy: PrivacyService;
}

/** Refuses (UNAUTHENTICATED) a request by which nobody has signed in: an API key is no person. */
export function requireOneself({ person }: Pick<PrivacyContext, 'person'>): Oneself {
  if (person) return person;
  throw new RequestError('UNAUTHENTICATED', 'Sign in first: this is for people, about themselves.');
}
