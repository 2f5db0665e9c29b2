import { defaultFieldResolver, type GraphQLSchema } from 'graphql';
import { fromOrigin } from '../platform/request-origin.js';

/** What the audit log is told of a request. */
export interface OriginContext {
  readonly requestId: string;
  /** The client's. */
  readonly address?: string | undefined;
  readonly actor?: { readonly actorId: string; readonly shopId: string; readonly personId?: string | undefined } | undefined;
}

/** Lets whatever a mutation writes know which one it was, who sent it and from where. Changes the schema in place. */
export function nameMutationOrigins(schema: GraphQLSchema): void {
  for (const field of Object.values(schema.getMutationType()?.getFields() ?? {})) {
    const act = field.resolve ?? defaultFieldResolver;
    const operation = field.name;
    field.resolve = (source, args, context: OriginContext, info): unknown => {
      const { requestId, address, actor } = context;
      const by = { shopId: actor?.shopId, actorId: actor?.actorId, personId: actor?.personId };
      return fromOrigin({ operation, requestId, address, ...by }, () => act(source, args, context, info));
    };
  }
}
