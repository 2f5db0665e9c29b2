import { defaultFieldResolver, type GraphQLSchema } from 'graphql';

/** A context that keeps what a request has read. */
export interface ReadingContext {
  /** Later fields read anew. */
  forget(): void;
}

/**
 * Mutations of one request run one after the other, and each one's fields are read after it: what an earlier field has read must not
 * answer a later one. Changes the schema in place.
 */
export function forgetReadsAfterMutations(schema: GraphQLSchema): void {
  for (const field of Object.values(schema.getMutationType()?.getFields() ?? {})) {
    const act = field.resolve ?? defaultFieldResolver;
    field.resolve = async (source, args, context: ReadingContext, info): Promise<unknown> => {
      try {
        return await act(source, args, context, info);
      } finally {
        context.forget();
      }
    };
  }
}
