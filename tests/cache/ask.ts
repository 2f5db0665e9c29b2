import type { MikroORM } from '@mikro-orm/postgresql';
import { execute, parse, type DocumentNode } from 'graphql';
import { stockroomSchema, type App } from '../../src/app.js';
import { RequestScope } from '../../src/app/request-scope.js';
import { createServices } from '../../src/app/services.js';
import { NO_CACHE } from '../../src/platform/cache/cache.js';
import { UNCACHED } from '../../src/platform/cache/cache-session.js';
import { createLogger } from '../../src/platform/log.js';
import { graphqlReply, testAdapters } from '../support/app.js';

/** Sends an operation with a key; throws where the reply has top-level errors. */
export type Ask = <T = Record<string, unknown>>(key: string, query: string, variables?: Record<string, unknown>) => Promise<T>;

/** What the server answers, and what with where it does not: the code of its first error. */
export class RefusedError extends Error {
  override readonly name = 'RefusedError';

  constructor(
    readonly code: unknown,
    message: string,
  ) {
    super(message);
  }
}

export function askApp(app: App): Ask {
  return async <T>(key: string, query: string, variables: Record<string, unknown> = {}): Promise<T> => {
    const { data, errors } = await graphqlReply(app, key, query, variables);
    if (errors) throw new RefusedError(errors[0]?.extensions.code, JSON.stringify(errors));
    return data as T;
  };
}

/** What the database says: the same schema, resolvers and readers, and no cache on the way. */
export function askDatabase({ em }: MikroORM): Ask {
  const schema = stockroomSchema();
  const log = createLogger({ level: 'silent' });
  const services = createServices(em, { log, adapters: testAdapters() });
  const documents = new Map<string, DocumentNode>();
  return async <T>(key: string, source: string, variableValues: Record<string, unknown> = {}): Promise<T> => {
    const actor = await services.authenticator.authenticate(key);
    if (!actor) throw new RefusedError('UNAUTHENTICATED', 'The key is not valid.');
    const scope = { em, services, cache: NO_CACHE, session: UNCACHED, actor, requestId: 'database', log };
    const document = documents.get(source) ?? parse(source);
    documents.set(source, document);
    const { data, errors } = await execute({ schema, document, variableValues, contextValue: new RequestScope(scope) });
    if (errors) throw new RefusedError(errors[0]?.extensions.code, JSON.stringify(errors));
    // As it would have come over HTTP.
    return JSON.parse(JSON.stringify(data)) as T;
  };
}
