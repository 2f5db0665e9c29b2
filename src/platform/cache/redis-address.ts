import { createClient, type RedisClientOptions } from '@keyv/redis';
import { parseRedisUrl, type RedisNode } from './redis-url.js';

/** All keys bear it in braces, so that a cluster keeps them on one server: one round trip, one link. */
export const KEY_TAG = 'stockroom';

/**
 * Where to connect to, as the client takes it. Behind sentinels and in a cluster the address is asked for anew before each connection, and no
 * command is ever sent on to another server by itself: a server that took over may lack the last writes, so it must be another link.
 * Rejects where nobody knows.
 */
export async function findRedis(url: string, timeoutMs: number): Promise<RedisClientOptions> {
  const address = parseRedisUrl(url);
  if (!address) throw new Error('REDIS_URL has no form that is known.');
  const { username, password, tls, nodes } = address;
  const account = { ...(username && { username }), ...(password && { password }) };
  const at = (node: RedisNode): RedisClientOptions => ({ ...account, socket: { ...node, ...(tls && { tls: true as const }) } });
  if (address.kind === 'cluster') return at(await firstAnswer(nodes, (node) => askCluster(at(node), node, timeoutMs)));
  if (address.kind === 'sentinel') {
    // The account is the master's: sentinels have none, as a rule.
    const sentinel = (node: RedisNode): RedisClientOptions => ({ socket: at(node).socket });
    return at(await firstAnswer(nodes, (node) => askSentinel(sentinel(node), address.masterName, timeoutMs)));
  }
  const [server] = nodes;
  if (!server) throw new Error('REDIS_URL names no server.');
  return { ...at(server), database: address.database };
}

async function firstAnswer(nodes: readonly RedisNode[], ask: (node: RedisNode) => Promise<RedisNode>): Promise<RedisNode> {
  const problems: unknown[] = [];
  for (const node of nodes) {
    try {
      return await ask(node);
    } catch (error) {
      problems.push(error);
    }
  }
  throw new AggregateError(problems, 'None of the servers in REDIS_URL knows where the cache is.');
}

async function askSentinel(sentinel: RedisClientOptions, masterName: string, timeoutMs: number): Promise<RedisNode> {
  const reply = await ask(sentinel, ['SENTINEL', 'get-master-addr-by-name', masterName], timeoutMs);
  if (!Array.isArray(reply)) throw new Error(`The sentinel knows no master called ${masterName}.`);
  const [host, port] = reply as string[];
  return { host: host ?? '', port: Number(port) };
}

/** Each range of slots: its first slot, its last, its master, its replicas. */
type SlotRange = readonly [number, number, readonly [string | null, number]];

/** What stands for a host, besides null, that the node does not know or is not to name: it is the one that was asked. */
const NO_HOST = ['', '?'];

async function askCluster(options: RedisClientOptions, asked: RedisNode, timeoutMs: number): Promise<RedisNode> {
  const slot = Number(await ask(options, ['CLUSTER', 'KEYSLOT', KEY_TAG], timeoutMs));
  const ranges = (await ask(options, ['CLUSTER', 'SLOTS'], timeoutMs)) as readonly SlotRange[];
  const range = ranges.find(([from, to]) => from <= slot && slot <= to);
  if (!range) throw new Error('The cluster has no server for the cache: some of its slots are not served.');
  const [host, port] = range[2];
  return { host: host === null || NO_HOST.includes(host) ? asked.host : host, port };
}

async function ask(options: RedisClientOptions, command: string[], timeoutMs: number): Promise<unknown> {
  const socket = { ...options.socket, connectTimeout: timeoutMs, socketTimeout: timeoutMs, reconnectStrategy: false as const };
  const client = createClient({ ...options, socket });
  // What goes wrong rejects the call below as well.
  client.on('error', () => undefined);
  try {
    await client.connect();
    return await client.sendCommand(command);
  } finally {
    if (client.isOpen) client.destroy();
  }
}
