import pg from 'pg';

export interface SideConnectionOptions {
  readonly url: string;
  readonly channel: string;
  /** Told of each NOTIFY of others on the channel, with its payload. */
  readonly onNotify: (payload: string) => void;
  /** A statement and a connection that take longer are given up, and the connection with them. */
  readonly timeoutMs: number;
}

/**
 * One connection beside the pool, for what must not wait for a pool that is used up. It is opened by the first statement and opened anew by the
 * first one after it was lost; what was notified in between is missed, so its user asks for the state with each statement.
 */
export class SideConnection {
  private client: Promise<pg.Client> | undefined;
  private isClosed = false;

  constructor(private readonly options: SideConnectionOptions) {}

  /** Rejects when the connection fails on the way; the statement may have been run nevertheless. */
  async query<Row extends object>(sql: string, parameters: readonly unknown[]): Promise<Row[]> {
    if (this.isClosed) throw new Error('The side connection is closed.');
    this.client ??= this.open();
    const opening = this.client;
    try {
      const { rows } = await (await opening).query<Row>(sql, [...parameters]);
      return rows;
    } catch (error) {
      // After a time-out nobody knows what the connection will say next.
      this.drop(opening);
      throw error;
    }
  }

  async close(): Promise<void> {
    this.isClosed = true;
    const opening = this.client;
    this.client = undefined;
    await opening?.then((client) => client.end()).catch(() => undefined);
  }

  private async open(): Promise<pg.Client> {
    const { url, timeoutMs } = this.options;
    const client = new pg.Client({
      connectionString: url,
      query_timeout: timeoutMs,
      connectionTimeoutMillis: timeoutMs,
      keepAlive: true,
    });
    // A connection that is lost while nobody uses it says so here, and would end the process if nobody listened.
    client.on('error', () => {
      const forget = (current: pg.Client): void => {
        if (current === client) this.client = undefined;
      };
      // Where it was being opened still, whoever opens it hears of that.
      this.client?.then(forget, () => undefined);
    });
    try {
      await client.connect();
      await this.listen(client);
      return client;
    } catch (error) {
      void client.end().catch(() => undefined);
      throw error;
    }
  }

  private async listen(client: pg.Client): Promise<void> {
    const { rows } = await client.query<{ pid: number }>(`select pg_backend_pid() as pid`);
    client.on('notification', ({ payload, processId }) => {
      // What this connection said itself it knows from the answer to its statement.
      if (processId !== rows[0]?.pid) this.options.onNotify(payload ?? '');
    });
    // A database may have another default, under which its own statements would fail each other.
    await client.query("set default_transaction_isolation = 'read committed'");
    await client.query(`listen ${client.escapeIdentifier(this.options.channel)}`);
  }

  private drop(opening: Promise<pg.Client>): void {
    if (this.client === opening) this.client = undefined;
    void opening.then((client) => client.end()).catch(() => undefined);
  }
}
