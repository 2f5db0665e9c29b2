/** A client of one running server with one key: gives the data of an operation that must not fail at the top level. */
export type GraphQLClient = <T = Record<string, unknown>>(operation: string, variables?: Record<string, unknown>) => Promise<T>;

interface Reply {
  data?: unknown;
  errors?: readonly { message: string; extensions?: Record<string, unknown> }[];
}

export function graphqlClient(url: string, key: string): GraphQLClient {
  return async <T>(query: string, variables: Record<string, unknown> = {}): Promise<T> => {
    const response = await fetch(`${url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${key}` },
      body: JSON.stringify({ query, variables }),
    });
    const reply = (await response.json()) as Reply;
    if (reply.errors) throw new Error(`${String(response.status)}: ${JSON.stringify(reply.errors)}`);
    return reply.data as T;
  };
}
