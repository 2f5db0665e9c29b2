import type { MikroORM } from '@mikro-orm/postgresql';
import { StartError } from '../start-error.js';
import { acrossShops } from '../tenancy.js';

/** Whom each connection acts as while it serves a shop. It cannot log in, owns nothing, and row-level security binds it. */
export const SERVER_ROLE = 'stockroom_server';
/** The setting in which a connection names the shop that it serves. */
export const SHOP_SETTING = 'stockroom.shop_id';

const ALL = ['DELETE', 'INSERT', 'SELECT', 'UPDATE'] as const;
const KEPT = ['INSERT', 'SELECT', 'UPDATE'] as const;
const APPENDED = ['INSERT', 'SELECT'] as const;
type Right = (typeof ALL)[number];

/**
 * What the role may do with each table of a shop; what is not named it may not even read. Of the ledger nothing is changed, and a shop is neither made nor
 * deleted by whoever serves it.
 */
export const SERVER_RIGHTS: Readonly<Record<string, readonly Right[]>> = {
  alert_notice: ALL,
  api_key: KEPT,
  audit_entry: APPENDED,
  barcode: ALL,
  category: ALL,
  idempotency_key: APPENDED,
  invitation: KEPT,
  location: KEPT,
  membership: KEPT,
  notification: ALL,
  notification_recipient: ALL,
  notification_subscription: ALL,
  outbox_job: KEPT,
  parked_scan: KEPT,
  principal: KEPT,
  product_lookup: KEPT,
  shop: ['SELECT', 'UPDATE'],
  stock_alert: ALL,
  stock_item: KEPT,
  stock_item_searched: ['SELECT'],
  stock_level: KEPT,
  stock_movement: APPENDED,
  stock_reversal: APPENDED,
  stored_file: ALL,
  webhook_delivery: ALL,
  webhook_endpoint: ALL,
};

/** Another has made the role, or given it, at the same moment: roles are the whole server's. */
const MADE_MEANWHILE = new Set(['42710', '23505', 'XX000']);
const NOT_ALLOWED = '42501';
const TRIES = 5;

interface Standing {
  readonly login: string;
  readonly version: number;
  readonly is_superuser: boolean;
  readonly exists: boolean;
  /** Whether the role would not be bound by row-level security. */
  readonly is_unbound: boolean;
}

/** Makes the role, and lets the login assume it, where that is not so yet. Refuses with a StartError that says what an administrator has to run. */
export function ensureServerRole(orm: MikroORM): Promise<void> {
  return acrossShops(async () => {
    for (let attempt = 1; ; attempt += 1) {
      const standing = await standingOf(orm);
      refuseUnbound(standing);
      if (await mayAssume(orm, standing)) return;
      try {
        await makeRole(orm, standing);
      } catch (error) {
        const { code = '' } = error as { code?: string };
        if (code === NOT_ALLOWED) throw roleMissing(standing.login);
        if (!MADE_MEANWHILE.has(code) || attempt >= TRIES) throw error;
      }
    }
  });
}

/**
 * Gives the role its rights on the tables that are there, no more and no fewer. It changes nothing where they are so already, and mends a database that was
 * restored on a server without the role.
 */
export function grantServerRights(orm: MikroORM): Promise<void> {
  return acrossShops(async () => {
    const em = orm.em.fork();
    const [wanted, given] = [await wantedRights(orm), await givenRights(orm)];
    const surplus = [...given].filter((right) => !wanted.has(right)).map((right) => right.split(' '));
    const missing = [...wanted].filter((right) => !given.has(right)).map((right) => right.split(' '));
    for (const [right = '', table = ''] of surplus) await em.execute(`revoke ${right} on "${table}" from ${SERVER_ROLE}`);
    for (const [right = '', table = ''] of missing) await em.execute(`grant ${right} on "${table}" to ${SERVER_ROLE}`);
  });
}

/** Refuses with a StartError a database in which the walls between shops do not stand, or the login would not see over them. It changes nothing. */
export function checkServerRole(orm: MikroORM): Promise<void> {
  return acrossShops(async () => {
    const standing = await standingOf(orm);
    refuseUnbound(standing);
    if (!(await mayAssume(orm, standing))) throw roleMissing(standing.login);
    const [wanted, given] = [await wantedRights(orm), await givenRights(orm)];
    if (wanted.size !== given.size || [...wanted].some((right) => !given.has(right))) {
      throw new StartError(`the role ${SERVER_ROLE} has not the rights that it should have here: run npm run migrate`);
    }
    const [bound] = await orm.em
      .fork()
      .execute<{ name: string }[]>(
        `select relname as name from pg_class where relnamespace = current_schema()::regnamespace and relkind = 'r' and row_security_active(oid) limit 1`,
      );
    if (!bound) return;
    throw new StartError(
      `the user ${standing.login} of DATABASE_URL sees no rows of ${bound.name}: let it own the tables (run npm run migrate as it), or give it BYPASSRLS`,
    );
  });
}

async function standingOf(orm: MikroORM): Promise<Standing> {
  const [standing] = await orm.em.fork().execute<Standing[]>(
    `select current_user as login, current_setting('server_version_num')::int as version,
       (select rolsuper from pg_roles where rolname = current_user) as is_superuser,
       exists (select 1 from pg_roles where rolname = ?) as exists,
       exists (select 1 from pg_roles where rolname = ? and (rolsuper or rolbypassrls)) as is_unbound`,
    [SERVER_ROLE, SERVER_ROLE],
  );
  if (!standing) throw new Error('The server does not say who is connected.');
  return standing;
}

const SET_OPTION_VERSION = 160_000;

async function mayAssume(orm: MikroORM, { version, exists }: Standing): Promise<boolean> {
  if (!exists) return false;
  const kind = version >= SET_OPTION_VERSION ? 'SET' : 'MEMBER';
  const [row] = await orm.em
    .fork()
    .execute<{ may: boolean }[]>('select pg_has_role(current_user, ?, ?) as may', [SERVER_ROLE, kind]);
  return row?.may === true;
}

async function makeRole(orm: MikroORM, { login, exists, version }: Standing): Promise<void> {
  const em = orm.em.fork();
  if (!exists) await em.execute(`create role ${SERVER_ROLE} nologin`);
  const options = version >= SET_OPTION_VERSION ? ' with set true, inherit false' : '';
  const user = `"${login.replaceAll('"', '""')}"`;
  if (!(await mayAssume(orm, { ...(await standingOf(orm)) }))) await em.execute(`grant ${SERVER_ROLE} to ${user}${options}`);
}

function refuseUnbound({ is_unbound: isUnbound }: Standing): void {
  if (!isUnbound) return;
  throw new StartError(
    `the role ${SERVER_ROLE} sees the rows of every shop: run "alter role ${SERVER_ROLE} nosuperuser nobypassrls" as an administrator of the database`,
  );
}

function roleMissing(login: string): StartError {
  return new StartError(
    `the user ${login} may not act as ${SERVER_ROLE}, which keeps shops apart: as an administrator of the database, run\n` +
      `  create role ${SERVER_ROLE} nologin;\n  grant ${SERVER_ROLE} to "${login.replaceAll('"', '""')}";`,
  );
}

/** As "RIGHT table", of the tables that are there. */
async function wantedRights(orm: MikroORM): Promise<Set<string>> {
  const rows = await orm.em
    .fork()
    .execute<{ name: string }[]>(
      `select relname as name from pg_class where relnamespace = current_schema()::regnamespace and relkind in ('r', 'v')`,
    );
  return new Set(rows.flatMap(({ name }) => (SERVER_RIGHTS[name] ?? []).map((right) => `${right} ${name}`)));
}

async function givenRights(orm: MikroORM): Promise<Set<string>> {
  const rows = await orm.em.fork().execute<{ entry: string }[]>(
    `select acl.privilege_type || ' ' || c.relname as entry from pg_class c cross join lateral aclexplode(c.relacl) acl
     join pg_roles r on r.oid = acl.grantee where r.rolname = ? and c.relnamespace = current_schema()::regnamespace and c.relkind in ('r', 'v')`,
    [SERVER_ROLE],
  );
  return new Set(rows.map(({ entry }) => entry));
}
