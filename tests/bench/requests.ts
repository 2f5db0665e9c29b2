import { post, type HttpConnection, type Reply } from '../coherence/http-connection.js';
import { BenchError } from './bench-error.js';

const OK = 200;
const SHOWN_CHARACTERS = 200;
const REFUSED = /"userErrors":\[[^\]]/;

/** A GraphQL operation as it goes over the wire. */
export function graphqlRequest(key: string, query: string, variables: Readonly<Record<string, unknown>> = {}): string {
  return post('/graphql', key, JSON.stringify({ query, variables }));
}

export type BeepMode = 'LOOKUP' | 'SALE' | 'RECEIVE';

/** A beep of a device as it goes over the wire. */
export function beepRequest(deviceKey: string, code: string, mode: BeepMode): string {
  return post('/scan', deviceKey, JSON.stringify({ code, mode }));
}

/** What is wrong with a reply at first sight. */
export function faultOf({ status, body }: Reply): string | undefined {
  if (status === OK && !body.includes('"errors":')) return undefined;
  return `status ${String(status)}: ${body.slice(0, SHOWN_CHARACTERS)}`;
}

/** The data of an operation that must not fail and refuse nothing. */
export async function ask<Data>(connection: HttpConnection, request: string): Promise<Data> {
  const reply = await connection.send(request);
  const fault = faultOf(reply) ?? (REFUSED.test(reply.body) ? reply.body.slice(0, SHOWN_CHARACTERS) : undefined);
  if (fault !== undefined) throw new BenchError(`what had to be done was refused: ${fault}`);
  return (JSON.parse(reply.body) as { data: Data }).data;
}
