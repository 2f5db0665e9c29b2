/** One request that is out to hurt: whoever it comes from, nothing is to come of it but a refusal. */
export interface Attack {
  readonly name: string;
  readonly method?: 'GET' | 'PUT';
  /** GraphQL's, if not given. */
  readonly path?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Buffer;
  /** Whose credential goes with it: the shop's owner, who is held to the most limits alone, if not given; a text is sent as it is. */
  readonly as?: 'NOBODY' | { readonly authorization: string };
  /** What the refusal says, where it is one limit that has to refuse it. */
  readonly says?: RegExp;
  /** Whether it is so large that the server may hang up before it has come. */
  readonly isCutOff?: true;
}

export const JSON_TYPE = { 'content-type': 'application/json' };

/** One thing after another, of each number from 0. */
export function times(count: number, part: (index: number) => string): string {
  return Array.from({ length: count }, (_, index) => part(index)).join(' ');
}

/** An operation, sent as clients do. */
export function operation(name: string, query: string, variables?: unknown): Attack {
  return { name, headers: JSON_TYPE, body: JSON.stringify({ query, variables }) };
}

/** A body that is not what JSON.stringify would write. */
export function raw(name: string, body: string | Buffer, headers: Readonly<Record<string, string>> = JSON_TYPE): Attack {
  return { name, headers, body };
}

export function byGet(name: string, parameters: readonly (readonly [string, string])[]): Attack {
  const search = new URLSearchParams(parameters.map(([key, value]) => [key, value]));
  return { name, method: 'GET', path: `/graphql?${search.toString()}` };
}

/** The same attacks; those named here have to be refused for what is said here. */
export function saying(says: Readonly<Record<string, RegExp>>, attacks: readonly Attack[]): Attack[] {
  const missing = Object.keys(says).filter((name) => !attacks.some((attack) => attack.name === name));
  if (missing.length > 0) throw new Error(`No attack is called ${missing.join(', ')}.`);
  return attacks.map((attack) => {
    const said = says[attack.name];
    return said ? { ...attack, says: said } : attack;
  });
}

export function fromNobody(attacks: readonly Attack[]): Attack[] {
  return attacks.map((attack) => ({ ...attack, as: 'NOBODY' }));
}
