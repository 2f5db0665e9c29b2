import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MikroORM } from '@mikro-orm/postgresql';
import { inject } from 'vitest';
import { ormConfig } from '../../mikro-orm.config.js';
import { createApp, type App, type AppOptions } from '../../src/app.js';
import { createAdapters, type Adapters } from '../../src/app/adapters.js';
import { loadConfig, type Config } from '../../src/config/config.js';
import { createLogger } from '../../src/platform/log.js';
import type { TestDatabase } from './database.js';
import { tellSecretsIn, watchedLog } from './secret-watch.js';
import type { GraphQLClient } from './graphql-client.js';

/** Nothing is done in the background unless a test asks for it: by `app.outbox.drain()`, or with OUTBOX=on. */
const TEST_ENV = { NODE_ENV: 'test', PORT: '0', OUTBOX: 'off' };
const SILENT = createLogger({ level: 'silent' });

/** Where the apps of one test file keep files; removed with the run. Checks beside the tests have one in the system's folder. */
export function testDataDir(): string {
  const name = `app-${String(process.pid)}`;
  return process.env.VITEST ? join(inject('scratchDir'), name) : join(tmpdir(), `stockroom-${name}`);
}

/** A configuration for tests, with these settings besides. */
export function testConfig(env: Record<string, string> = {}): Config {
  tellSecretsIn(env);
  return loadConfig({ ...TEST_ENV, DATA_DIR: testDataDir(), ...env });
}

/** The program's own adapters, as they are where nothing is configured. */
export function testAdapters(): Adapters {
  return createAdapters({ config: testConfig(), log: SILENT, registry: undefined });
}

/** The whole program over a test's database, without a port until it is told to listen; then it takes a free one. */
export async function createTestApp(
  { orm: outside }: Pick<TestDatabase, 'orm'>,
  options: Partial<AppOptions> = {},
): Promise<App> {
  const own = options.orm ? undefined : confinedOrm(outside);
  const orm = options.orm ?? own ?? outside;
  const app = await createApp({ config: testConfig(), orm, log: watchedLog(), ...options });
  const close = async (): Promise<void> => {
    await app.close();
    await own?.close();
  };
  return { ...app, inject: watchedInject(app.inject), close };
}

/** What is shown to the server and by it, and is called a secret, must not be in its log: the end of the run looks. */
function watchedInject(inject: App['inject']): App['inject'] {
  const watched = (options: Parameters<App['inject']>[0], ...rest: unknown[]): unknown => {
    tellSecretsIn(options);
    const sent = (inject as (...all: unknown[]) => unknown)(options, ...rest);
    if (sent instanceof Promise) void sent.then(tellReply, () => undefined);
    return sent;
  };
  return watched as App['inject'];
}

function tellReply({ headers, body }: { headers: object; body: string }): void {
  tellSecretsIn(headers);
  if (!body.startsWith('{')) return;
  try {
    tellSecretsIn(JSON.parse(body));
  } catch {
    // No JSON after all.
  }
}

/** On the same database, with the walls between shops. */
function confinedOrm({ config }: MikroORM): MikroORM {
  const { max } = config.get('pool');
  return new MikroORM(ormConfig(String(config.get('clientUrl')), max === undefined ? {} : { poolMax: max }));
}

interface Reply {
  data?: unknown;
  errors?: readonly { message: string; extensions: Record<string, unknown> }[];
}

/** What the server answers, errors and all. */
export async function graphqlReply(
  app: App,
  key: string | undefined,
  query: string,
  variables: Record<string, unknown> = {},
): Promise<Reply> {
  const headers = key === undefined ? {} : { authorization: `Bearer ${key}` };
  const response = await app.inject({ method: 'POST', url: '/graphql', headers, payload: { query, variables } });
  return response.json();
}

/** A client of an app that does not listen; it throws where the reply has top-level errors. */
export function appClient(app: App, key: string): GraphQLClient {
  return async <T>(query: string, variables: Record<string, unknown> = {}): Promise<T> => {
    const reply = await graphqlReply(app, key, query, variables);
    if (reply.errors) throw new Error(JSON.stringify(reply.errors));
    return reply.data as T;
  };
}
