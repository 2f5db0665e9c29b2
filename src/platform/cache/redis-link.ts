import KeyvRedis, { createClient, type RedisClientOptions, type RedisClientType } from '@keyv/redis';
import { Keyv } from 'keyv';
import { Overdue, OverdueError } from './overdue.js';
import { KEY_TAG } from './redis-address.js';
import { CutOffError, type KeptText } from './shared-tier.js';
import { STAMP_RULES } from './stamps.js';

/** A request reads from the database what Redis does not say in this time, and so do all others until Redis has answered something. */
const READ_TIMEOUT_MS = 30;
/** A writer waits longer, because a link that cannot be written to is broken for everyone. */
const WRITE_TIMEOUT_MS = 60;
/** Where Redis is known not to answer. */
const RESTING_WRITE_TIMEOUT_MS = 30;
/** Nobody waits for a pulse. */
const PULSE_TIMEOUT_MS = 1000;
const CONNECT_TIMEOUT_MS = 1000;
/** A stockPost announces 502 commands, and as many requests may do so at once as the pool has connections: this is many times more. */
const MAX_WAITING_COMMANDS = 100_000;
const PULSE_MS = 250;
const PULSE_TTL_MS = 10_000;

export interface RedisLinkOptions {
  readonly address: RedisClientOptions;
  readonly memberId: string;
  /** Called once, in the turn in which the link breaks; not by `close`. */
  readonly onBreak: (cause: unknown) => void;
  readonly onRoundTrip: () => void;
}

/**
 * One connection to one run of one Redis. It never reconnects and never resends: what is read through it was in that server's memory after the
 * call began, and nothing that this memory has ever forgotten. A call that fails and a write that takes too long break it for good; a read that
 * takes too long only has it rest until Redis answers.
 */
export class RedisLink {
  private works = true;
  private rests = false;
  private pulse: NodeJS.Timeout | undefined;

  private readonly store: LinkStore;
  private readonly keyv: Keyv<string>;

  private constructor(
    private readonly client: RedisClientType,
    /** Names the run of the server (another one after each restart, another server's after a failover), its database, and how it is used. */
    readonly id: string,
    private readonly options: RedisLinkOptions,
  ) {
    this.store = new LinkStore(client, { throwOnErrors: true });
    this.keyv = keyvOver(this.store);
  }

  /** Rejects where the server cannot be reached, or does not let itself be asked for all that will be asked. */
  static async open(options: RedisLinkOptions): Promise<RedisLink> {
    const client = createClient({
      ...options.address,
      socket: { ...options.address.socket, connectTimeout: CONNECT_TIMEOUT_MS, reconnectStrategy: false },
      disableOfflineQueue: true,
      commandsQueueMaxLength: MAX_WAITING_COMMANDS,
    }) as RedisClientType;
    const opened: { link?: RedisLink } = {};
    client.on('error', (error: unknown) => opened.link?.break(error));
    client.on('end', () => opened.link?.break(new Error('The connection ended.')));
    const patience = setTimeout(() => {
      if (client.isOpen) client.destroy();
    }, CONNECT_TIMEOUT_MS);
    try {
      await client.connect();
      opened.link = new RedisLink(client, await linkOf(client, options.address.database ?? 0), options);
      await opened.link.tryAll();
      await opened.link.prove();
      return opened.link;
    } catch (error) {
      if (client.isOpen) client.destroy();
      throw error;
    } finally {
      clearTimeout(patience);
    }
  }

  get isUp(): boolean {
    return this.works;
  }

  /** Redis did not answer in time, and has not since. */
  get isResting(): boolean {
    return this.rests;
  }

  get(names: readonly string[]): Promise<(string | undefined)[]> {
    return this.ask(async () => (await this.keyv.getMany<string>([...names])) as (string | undefined)[]);
  }

  async set(texts: readonly KeptText[], timeoutMs = this.rests ? RESTING_WRITE_TIMEOUT_MS : WRITE_TIMEOUT_MS): Promise<void> {
    try {
      await this.call(() => this.write(texts), timeoutMs);
    } catch (error) {
      this.break(error);
      throw new CutOffError('The link to Redis broke.', { cause: error });
    }
  }

  async offer(texts: readonly KeptText[]): Promise<void> {
    await this.ask(() => this.write(texts));
  }

  setIfAbsent(texts: readonly KeptText[]): Promise<string[]> {
    const keys = texts.map(({ name }) => this.store.createKeyPrefix(name, this.store.namespace));
    return this.ask(async () => {
      // All are written to the connection at once.
      const setting = texts.map(({ text, ttlMs }, index) => this.client.set(keys[index] ?? '', text, { NX: true, PX: ttlMs }));
      const [standing] = await Promise.all([this.client.mGet(keys), ...setting]);
      return texts.map(({ text }, index) => standing[index] ?? text);
    });
  }

  close(): void {
    this.works = false;
    clearTimeout(this.pulse);
    if (this.client.isOpen) this.client.destroy();
  }

  /** Each kind of question once: an account that lacks a right finds it out here, not by a link that breaks under each request. */
  private async tryAll(): Promise<void> {
    const trial = { name: `trial/${this.options.memberId}`, text: '1', ttlMs: PULSE_TTL_MS };
    await this.call(() => Promise.all([this.write([trial, trial]), this.keyv.getMany([trial.name])]), PULSE_TIMEOUT_MS);
  }

  /** Writes a little now and then: a link that nobody uses has to be known to be broken too. */
  private async prove(): Promise<void> {
    await this.set([{ name: `pulse/${this.options.memberId}`, text: '1', ttlMs: PULSE_TTL_MS }], PULSE_TIMEOUT_MS);
    this.pulse = setTimeout(() => {
      // Where it fails the link is broken, and whoever uses it knows.
      this.prove().catch(() => undefined);
    }, PULSE_MS);
    this.pulse.unref();
  }

  private write(texts: readonly KeptText[]): Promise<unknown> {
    const [only] = texts;
    if (only && texts.length === 1) return this.keyv.set(only.name, only.text, only.ttlMs);
    return this.keyv.setMany(texts.map(({ name, text, ttlMs }) => ({ key: name, value: text, ttl: ttlMs })));
  }

  /** For what may also be left unanswered. */
  private async ask<T>(act: () => Promise<T>): Promise<T> {
    try {
      return await this.call(act, READ_TIMEOUT_MS);
    } catch (error) {
      if (!(error instanceof OverdueError)) this.break(error);
      throw new CutOffError('Redis does not answer.', { cause: error });
    }
  }

  /** An answer that comes in a reader's time, as this process counts it, ends a rest, of whatever call. */
  private async call<T>(act: () => Promise<T>, timeoutMs: number): Promise<T> {
    if (!this.works) throw new CutOffError('There is no link to Redis.');
    this.options.onRoundTrip();
    const overdue = new Overdue(timeoutMs);
    const late = timeoutMs <= READ_TIMEOUT_MS ? overdue : new Overdue(READ_TIMEOUT_MS);
    const answered = act().then((answer) => {
      if (!late.isOver) this.rests = false;
      late.cancel();
      return answer;
    });
    try {
      return await Promise.race([answered, overdue.rejection]);
    } catch (error) {
      this.rests ||= error instanceof OverdueError;
      throw error;
    } finally {
      overdue.cancel();
    }
  }

  private break(cause: unknown): void {
    if (!this.works) return;
    this.close();
    this.options.onBreak(cause);
  }
}

/** Connects never by itself: Keyv's store would open a connection again that was given up, to a server that may be another run. */
class LinkStore extends KeyvRedis<string> {
  override getClient() {
    if (!this.client.isOpen) return Promise.reject(new CutOffError('The link to Redis is closed.'));
    return Promise.resolve(this.client);
  }
}

/** Texts as they are: time to live is Redis' own matter. */
function keyvOver(store: LinkStore): Keyv<string> {
  const keyv = new Keyv<string>({
    store,
    namespace: `{${KEY_TAG}}`,
    useKeyPrefix: false,
    throwOnErrors: true,
    serialize: ({ value }) => value as unknown as string,
    deserialize: (text) => ({ value: text as never, expires: undefined }),
  });
  // Each failure rejects its call as well.
  keyv.on('error', () => undefined);
  return keyv;
}

async function linkOf(client: RedisClientType, database: number): Promise<string> {
  const run = /run_id:(\w+)/.exec(await client.info('server'))?.[1];
  if (run === undefined)
    throw new Error('Redis does not say which run it is: INFO must be allowed, and no proxy may stand before it.');
  // A replica that can be written to may be told at any moment to become what its master is.
  if (!(await client.info('replication')).includes('role:master')) throw new Error('This Redis is a replica: name its master.');
  return `redis:${run}/${String(database)}/rules${String(STAMP_RULES)}`;
}
