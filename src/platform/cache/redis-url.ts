/** What a REDIS_URL says: one server, the sentinels that know a master, or some nodes of a cluster. */
export type RedisAddress = RedisServer | RedisSentinels | RedisCluster;

interface RedisAccess {
  /** Whether connections are encrypted (the schemes that begin with rediss). */
  readonly tls: boolean;
  readonly username: string | undefined;
  readonly password: string | undefined;
  /** At least one; of a single server exactly one. */
  readonly nodes: readonly RedisNode[];
}

export interface RedisNode {
  /** A name or an address, an IPv6 address without its brackets. */
  readonly host: string;
  readonly port: number;
}

export interface RedisServer extends RedisAccess {
  readonly kind: 'server';
  readonly database: number;
}

export interface RedisSentinels extends RedisAccess {
  readonly kind: 'sentinel';
  readonly masterName: string;
}

export interface RedisCluster extends RedisAccess {
  readonly kind: 'cluster';
}

const DEFAULT_PORT = 6379;
const DEFAULT_SENTINEL_PORT = 26_379;
const MAX_PORT = 65_535;
const MAX_NODES = 64;
/** A list of hosts is no URL of the standard's, whose parser would refuse it. */
const FORM =
  /^redis(?<tls>s?)(?:\+(?<kind>sentinel|cluster))?:\/\/(?:(?<access>[^@/?#\s]*)@)?(?<hosts>[^@/?#\s]+)(?:\/(?<path>[^/?#\s]*))?$/i;
const NODE = /^(?:\[(?<ipv6>[\da-f:.]+)\]|(?<host>\w[\w.-]*))(?::(?<port>\d{1,5}))?$/i;
const DATABASE = /^\d{1,4}$/;
const MASTER_NAME = /^\w[\w.-]*$/;

/**
 * Reads redis://user:password@host:6379/0, redis+sentinel://user:password@host:26379,host2:26379/master-name and
 * redis+cluster://user:password@host:7000,host2:7001, each with rediss too. Ports, database and access may be left out; signs that mean
 * something in a URL stand percent-encoded in user and password. Undefined where the text has none of these forms. Pure.
 */
export function parseRedisUrl(text: string): RedisAddress | undefined {
  const form = FORM.exec(text)?.groups;
  if (form === undefined) return undefined;
  const kind = form.kind?.toLowerCase() ?? 'server';
  const login = readLogin(form.access ?? '');
  const nodes = readNodes(form.hosts ?? '', kind === 'sentinel' ? DEFAULT_SENTINEL_PORT : DEFAULT_PORT);
  if (login === undefined || nodes === undefined) return undefined;
  const access = { tls: form.tls !== '', ...login, nodes };
  const path = form.path ?? '';
  if (kind === 'sentinel') return MASTER_NAME.test(path) ? { kind, ...access, masterName: path } : undefined;
  if (kind === 'cluster') return path === '' ? { kind, ...access } : undefined;
  if (nodes.length > 1 || !(path === '' || DATABASE.test(path))) return undefined;
  return { kind: 'server', ...access, database: Number(path) };
}

function readLogin(access: string): Pick<RedisAccess, 'username' | 'password'> | undefined {
  const [username = '', ...rest] = access.split(':');
  try {
    return { username: decodeURIComponent(username) || undefined, password: decodeURIComponent(rest.join(':')) || undefined };
  } catch {
    // A lone % is not the beginning of an encoded sign.
    return undefined;
  }
}

function readNodes(hosts: string, defaultPort: number): RedisNode[] | undefined {
  const texts = hosts.split(',');
  if (texts.length > MAX_NODES) return undefined;
  const nodes = texts.map((text) => readNode(text, defaultPort));
  return nodes.every((node) => node !== undefined) ? nodes : undefined;
}

function readNode(text: string, defaultPort: number): RedisNode | undefined {
  const { ipv6, host = ipv6, port } = NODE.exec(text)?.groups ?? {};
  const number = port === undefined ? defaultPort : Number(port);
  return host === undefined || number < 1 || number > MAX_PORT ? undefined : { host, port: number };
}
