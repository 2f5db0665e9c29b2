import type { Pool, PoolClient } from 'pg';
import { currentTenancy, type Tenancy } from '../tenancy.js';
import { SERVER_ROLE, SHOP_SETTING } from './server-role.js';

/** The role that a connection acts as, and the shop that it names. */
interface Standing {
  readonly role: string;
  readonly shopId: string;
  readonly statementTimeout: string | null;
}

type Told = (error: Error | undefined, client?: PoolClient, release?: (error?: Error | boolean) => void) => void;

/** Whoever asks for a shop asks for pages of it: a statement that takes longer has gone wrong, and would keep its connection from all others. */
const SHOP_STATEMENT_TIMEOUT = '60s';
/** As the database says by itself. */
const DEFAULT_TIMEOUT = null;
const ASSUME = `select set_config('role', $1, false), set_config('${SHOP_SETTING}', $2, false), set_config('statement_timeout', $3, false)`;
const STANDINGS = new WeakMap<PoolClient, Standing>();

/**
 * The second wall: each connection that the pool hands out acts as the role that row-level security binds, and names the one shop whose rows it then sees.
 * Where nobody has said which shop, it names none and sees nothing. Only `acrossShops` has the login's own rights. It costs a statement where the connection
 * served somebody else before. Statements for a shop have a time to be done in; migrations and upkeep have not. One that cannot be told leaves the pool: nobody gets it as it is.
 */
export function confine(pool: Pool): void {
  const connect = pool.connect.bind(pool) as () => Promise<PoolClient>;
  const confined = (told?: Told): Promise<PoolClient> | undefined => {
    // Read here and now, in the caller's own context.
    const client = assumed(connect, standingFor(currentTenancy()));
    if (!told) return client;
    client.then(
      (found) => {
        told(undefined, found, (error) => {
          found.release(error);
        });
      },
      (error: unknown) => {
        told(error as Error);
      },
    );
    return undefined;
  };
  pool.connect = confined as Pool['connect'];
}

async function assumed(connect: () => Promise<PoolClient>, wanted: Standing): Promise<PoolClient> {
  const client = await connect();
  const now = STANDINGS.get(client);
  if (now?.role === wanted.role && now.shopId === wanted.shopId) return client;
  STANDINGS.delete(client);
  try {
    await client.query(ASSUME, [wanted.role, wanted.shopId, wanted.statementTimeout]);
  } catch (error) {
    client.release(error instanceof Error ? error : true);
    throw error;
  }
  STANDINGS.set(client, wanted);
  return client;
}

function standingFor(tenancy: Tenancy | undefined): Standing {
  if (tenancy && !('shopId' in tenancy)) return { role: 'none', shopId: '', statementTimeout: DEFAULT_TIMEOUT };
  return { role: SERVER_ROLE, shopId: tenancy?.shopId ?? '', statementTimeout: SHOP_STATEMENT_TIMEOUT };
}
