import { parseArgs } from 'node:util';
import { ormConfig } from '../../mikro-orm.config.js';
import { createAdapters } from '../app/adapters.js';
import { createServices } from '../app/services.js';
import { ConfigError, loadConfig } from '../config/config.js';
import { readEnv } from '../config/env.js';
import type { Actor } from '../features/access/index.js';
import { requireEmail, type InvitationService } from '../features/people/index.js';
import { DomainError } from '../kernel/errors.js';
import { createLogger, redactText } from '../platform/log.js';
import { openDatabase } from '../platform/postgres/database.js';
import { pendingMigrations } from '../platform/postgres/migrate.js';
import { StartError } from '../platform/start-error.js';

const USAGE =
  'usage: npm run shop:create -- --name "Corner shop" [--currency ZAR] [--time-zone Africa/Johannesburg] [--owner-email thandi@example.co.za]';

interface ShopArguments {
  readonly name: string;
  readonly currency: string;
  readonly timeZone: string;
  /** Who is invited to own it. */
  readonly ownerEmail: string | undefined;
}

function readArguments(args: readonly string[]): ShopArguments {
  const options = {
    name: { type: 'string' },
    currency: { type: 'string', default: 'ZAR' },
    'time-zone': { type: 'string', default: 'Africa/Johannesburg' },
    'owner-email': { type: 'string' },
  } as const;
  try {
    const { values } = parseArgs({ args: [...args], options, strict: true });
    const { name, currency, 'time-zone': timeZone, 'owner-email': ownerEmail } = values;
    if (name !== undefined) return { name, currency, timeZone, ownerEmail };
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    throw new StartError(`${error.message}\n${USAGE}`);
  }
  throw new StartError(USAGE);
}

/** Gives the lines to print. */
async function createShop(args: readonly string[]): Promise<string[]> {
  const { ownerEmail, ...draft } = readArguments(args);
  // Before a shop is made that would be there in spite of it.
  if (ownerEmail !== undefined) requireEmail(ownerEmail, ['owner-email']);
  const config = loadConfig(readEnv());
  const { database: settings, dataDir, logLevel } = config;
  const database = await openDatabase({ url: settings.url, waitMs: settings.waitMs, dataDir, ormConfig });
  try {
    if ((await pendingMigrations(database.orm)).length > 0) {
      throw new StartError('the database is behind: run npm run migrate first');
    }
    const log = createLogger({ level: logLevel });
    const adapters = createAdapters({ config, log, registry: undefined });
    const { shops, people } = createServices(database.orm.em, { log, adapters });
    const { shop, location, secret, actor } = await shops.create(draft);
    return [
      `shop: ${shop.name} (${shop.currency}, ${shop.timeZone})`,
      `location: ${location.code}`,
      `owner key (shown once): ${secret}`,
      ...(ownerEmail === undefined ? [] : [await invited(people.invitations, actor, ownerEmail)]),
    ];
  } finally {
    await database.close();
  }
}

/** What to do next, as a line. */
async function invited(invitations: InvitationService, actor: Actor, email: string): Promise<string> {
  const { invitation, secret } = await invitations.invite(actor, { email, role: 'OWNER' });
  if (secret === undefined) return `${invitation.email} is mailed an invitation as soon as a server runs`;
  return `invitation of ${invitation.email} (shown once; mutation invitationAccept): ${secret}`;
}

/** What the caller can mend, as a line; undefined for a fault of the program. */
function explain(error: unknown): string | undefined {
  if (error instanceof DomainError) return `${error.path.join('.')}: ${error.message}`;
  return error instanceof StartError || error instanceof ConfigError ? error.message : undefined;
}

try {
  for (const line of await createShop(process.argv.slice(2))) console.log(line);
} catch (error) {
  const text = explain(error) ?? (error instanceof Error ? error.stack : undefined) ?? String(error);
  console.error(`stockroom: ${redactText(text)}`);
  process.exitCode = 1;
}
