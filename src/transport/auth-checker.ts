import type { ResolverData } from 'type-graphql';
import { allows, type Permission } from '../features/access/index.js';
import { RequestError } from '../kernel/errors.js';
import type { TransportContext } from './request-context.js';

/**
 * Guards every field marked `@Authorized(permission)`: the caller's role must be allowed every permission that the field names. It is an
 * arrow function because type-graphql takes whatever has a prototype for a class to be constructed.
 */
export const checkAccess = ({ context }: ResolverData<TransportContext>, permissions: Permission[]): boolean => {
  const { actor } = context;
  if (actor === undefined) {
    throw new RequestError('UNAUTHENTICATED', 'This needs an API key: send the header "Authorization: Bearer <key>".');
  }
  const missing = permissions.find((permission) => !allows(actor.role, permission));
  if (missing === undefined) return true;
  throw new RequestError('FORBIDDEN', `A key of role ${actor.role} may not do this; it needs the right "${missing}".`);
};
