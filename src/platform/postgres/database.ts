import { MikroORM, type Options } from '@mikro-orm/postgresql';
import { startEmbeddedPostgres, type EmbeddedPostgres } from './embedded.js';
import { checkServer } from './server.js';

export interface DatabaseOptions {
  /** A server of the operator's own; undefined starts the embedded one in `dataDir`. */
  readonly url: string | undefined;
  readonly dataDir: string;
  /** How long to wait for a server of the operator's own that does not answer yet. */
  readonly waitMs: number;
  readonly ormConfig: (url: string) => Options;
}

export interface Database {
  readonly orm: MikroORM;
  /** Undefined where the server is the operator's own. */
  readonly embedded: EmbeddedPostgres | undefined;
  readonly close: () => Promise<void>;
}

/** A database that answers, and the ORM on it. It is not migrated here. Refuses with a StartError what a setting can mend. */
export async function openDatabase({ url, dataDir, waitMs, ormConfig }: DatabaseOptions): Promise<Database> {
  const embedded = url === undefined ? await startEmbeddedPostgres({ dataDir }) : undefined;
  try {
    if (url !== undefined) await checkServer(url, waitMs);
    const options = ormConfig(embedded?.url ?? url ?? '');
    // What was migrated is said in the caller's own words, not on standard output.
    const orm = new MikroORM({ ...options, migrations: { ...options.migrations, silent: true } });
    const close = async (): Promise<void> => {
      await orm.close();
      await embedded?.stop();
    };
    return { orm, embedded, close };
  } catch (error) {
    await embedded?.stop();
    throw error;
  }
}
