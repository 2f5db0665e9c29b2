import { lookup as systemLookup, type LookupAddress, type LookupOptions } from 'node:dns';
import { Agent as HttpAgent, type AgentOptions } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import { isIP, type LookupFunction } from 'node:net';
import type { Duplex } from 'node:stream';

/** Whether an IP address may be asked. */
export type AddressRule = (address: string) => boolean;

/** The code of the error that a refused look-up ends with. */
export const REFUSED_CODE = 'ERR_REFUSED_ADDRESS';
const NOT_FOUND = 'ENOTFOUND';
const refusedConnections = new WeakSet<object>();

/** Whether the connection was given up because of whom it had reached. (The error of what waited to be sent may come before that one's.) */
export function wasRefused(connection: object): boolean {
  return refusedConnections.has(connection);
}

function refusedAddress(): NodeJS.ErrnoException {
  return Object.assign(new Error('The address may not be asked.'), { code: REFUSED_CODE });
}

/** The IP address that a URL names itself, so that no look-up will see it. */
export function literalAddressOf({ hostname }: URL): string | undefined {
  const bare = hostname.replace(/^\[|\]$/g, '');
  return isIP(bare) === 0 ? undefined : bare;
}

/** A look-up that finds only what the rule allows. A name all of whose addresses are refused is refused itself. */
export function guardedLookup(allows: AddressRule, lookup: LookupFunction = systemLookup): LookupFunction {
  return (hostname, options, callback) => {
    const all: LookupOptions = { ...options, all: true };
    lookup(hostname, all, (error, found) => {
      if (error) {
        callback(error, '', 0);
        return;
      }
      const addresses = found as unknown as readonly LookupAddress[];
      const allowed = addresses.filter(({ address }) => allows(address));
      const [first] = allowed;
      if (first === undefined) {
        const none = Object.assign(new Error('The name has no address.'), { code: NOT_FOUND });
        callback(addresses.length > 0 ? refusedAddress() : none, '', 0);
      } else if (options.all) callback(null, allowed);
      else callback(null, first.address, first.family);
    });
  };
}

/**
 * Agents that keep connections and look at whom they have reached before anything is sent: an address that came by another way than the
 * guarded look-up is refused all the same.
 */
export function guardedAgents(options: AgentOptions, allows: AddressRule | undefined): { http: HttpAgent; https: HttpsAgent } {
  const agents = { http: new HttpAgent(options), https: new HttpsAgent(options) };
  if (allows) for (const agent of [agents.http, agents.https]) guard(agent, allows);
  return agents;
}

function guard(agent: HttpAgent, allows: AddressRule): void {
  const connect = agent.createConnection.bind(agent);
  agent.createConnection = (options, callback) => {
    const made = connect(options, callback);
    if (made) refuseUnlessAllowed(made, allows);
    return made;
  };
}

/** First of all that wait for the connection, so that not even the name of the host is sent. */
function refuseUnlessAllowed(connection: Duplex & { readonly remoteAddress?: string }, allows: AddressRule): void {
  connection.prependOnceListener('connect', () => {
    const { remoteAddress } = connection;
    if (remoteAddress !== undefined && allows(remoteAddress)) return;
    refusedConnections.add(connection);
    connection.destroy(refusedAddress());
  });
}
