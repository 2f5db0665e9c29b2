const HTTP_OK = 200;

export interface Asking {
  readonly token?: string;
  /** What the client's address is to be: the servers believe a proxy on their own machine. */
  readonly address?: string;
}

export interface Answer {
  /** Of each field that was asked for. */
  readonly data: Readonly<Record<string, Payload>>;
  /** When the reply began to come, by performance.now(). */
  readonly at: number;
}

interface Payload {
  readonly userErrors?: readonly unknown[];
  readonly [field: string]: unknown;
}

/** Rejects where the operation was refused in any way. */
export async function ask(url: string, query: string, variables: object, { token, address }: Asking): Promise<Answer> {
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      ...(address === undefined ? {} : { 'x-forwarded-for': address }),
    },
    body: JSON.stringify({ query, variables }),
  });
  const at = performance.now();
  const text = await response.text();
  const { data, errors } = JSON.parse(text) as { readonly data?: Answer['data'] | null; readonly errors?: unknown };
  if (response.status !== HTTP_OK || errors !== undefined || !data) throw new Error(text);
  if (Object.values(data).some(({ userErrors = [] }) => userErrors.length > 0)) throw new Error(text);
  return { data, at };
}
