import type { EntityManager } from '@mikro-orm/postgresql';
import { CacheWatch } from './cache-watch.js';
import { Client } from './client.js';
import { Cluster, type ClusterOptions } from './cluster.js';
import { HttpConnection } from './http-connection.js';
import { checkKeys } from './key-checks.js';
import { Ledger } from './ledger.js';
import { PHASES, type Phase, type PhaseName } from './phases.js';
import { allReads, type Read } from './reads.js';
import { furnish, makeShop, type Shop } from './shop.js';
import { Stage } from './stage.js';
import { Traffic } from './traffic.js';
import { pick, Writes } from './writes.js';

const CLIENTS = 32;
const WRITE_SHARE = 0.1;
const RENAME_SHARE = 0.04;

export interface CheckerOptions extends ClusterOptions {
  readonly em: EntityManager;
  readonly clients?: number;
  /** Of all that the clients do, from 0 to 1. */
  readonly writeShare?: number;
}

export interface PhaseResult {
  readonly name: PhaseName;
  readonly traffic: Traffic;
  /** Of the reads of levels, server by server; undefined where a server tells of none. */
  readonly hitShares: readonly (number | undefined)[];
  /** Whether both servers hit their cache again after the last fault; undefined where there is no cache to hit. */
  readonly hitsAgain: boolean | undefined;
  readonly worstRecoveryMs: number;
}

/** Clients that write and read the same few things through two servers, and compare what they read with what was acknowledged before. */
export class Checker {
  private readonly reads: readonly Read[];
  private readonly writes: Writes;
  private readonly clients: readonly Client[];
  private traffic: Traffic | undefined;

  private constructor(
    private readonly cluster: Cluster,
    private readonly shop: Shop,
    private readonly ledger: Ledger,
    private readonly options: CheckerOptions,
  ) {
    this.reads = allReads(shop);
    this.writes = new Writes(shop, ledger);
    this.clients = Array.from({ length: options.clients ?? CLIENTS }, () => this.newClient());
  }

  /** Starts Redis and the servers, and makes a shop. */
  static async open(options: CheckerOptions): Promise<Checker> {
    const fixture = await makeShop(options.em);
    const cluster = await Cluster.start(options);
    try {
      const shop = await furnish(fixture, cluster.servers[0].url);
      return new Checker(cluster, shop, await Ledger.open(shop.shopId, options.databaseUrl), options);
    } catch (error) {
      await cluster.stop();
      throw error;
    }
  }

  /** One phase; `patienceMs`: how long both servers may take after the last fault until they hit their cache again. */
  async run(name: PhaseName, seconds: number, patienceMs: number): Promise<PhaseResult> {
    const phase: Phase = PHASES[name];
    const watch = new CacheWatch(this.cluster);
    try {
      const traffic = this.begin(new Stage(this.cluster, watch, seconds * 1000), phase);
      for (const write of this.writes.first()) await pick(this.clients).write(write);
      const goesOn = { is: true };
      const work = Promise.all([...this.clients.map((client) => this.work(client, phase, goesOn)), this.checkKeys(traffic)]);
      await phase.disturb(traffic.stage);
      const hitsAgain = await watch.hitsAgain(patienceMs);
      goesOn.is = false;
      await work;
      const isCached = watch.isKnown;
      return {
        name,
        traffic,
        hitShares: watch.hitShares,
        hitsAgain: isCached ? hitsAgain : undefined,
        worstRecoveryMs: watch.worstRecoveryMs,
      };
    } finally {
      await watch.stop();
    }
  }

  /** What the database says otherwise than the clients were told, in all phases so far. */
  faults(): Promise<string[]> {
    return this.ledger.faults();
  }

  /** What the servers have written, for somebody who looks for a cause. */
  get output(): string {
    return this.cluster.servers.map(({ output }) => output).join('\n');
  }

  async close(): Promise<void> {
    for (const client of this.clients) client.close();
    await this.ledger.close();
    await this.cluster.stop();
  }

  private begin(stage: Stage, { killsServers = false }: Phase): Traffic {
    this.traffic = new Traffic(stage, killsServers);
    return this.traffic;
  }

  private newClient(): Client {
    const links = this.cluster.servers.map(({ httpPort }) => new HttpConnection(httpPort));
    return new Client(links, () => {
      if (!this.traffic) throw new Error('no phase runs');
      return this.traffic;
    });
  }

  private async work(client: Client, { renameShare = RENAME_SHARE }: Phase, goesOn: { readonly is: boolean }): Promise<void> {
    const { writeShare = WRITE_SHARE } = this.options;
    while (goesOn.is) {
      if (Math.random() < writeShare) await client.write(this.writes.next(renameShare));
      else await client.read(pick(this.reads));
    }
  }

  private async checkKeys(traffic: Traffic): Promise<void> {
    const [client, user] = [this.newClient(), this.newClient()];
    try {
      await checkKeys({ client, user, traffic, ownerKey: this.shop.ownerKey, servers: this.cluster.servers.length });
    } finally {
      client.close();
      user.close();
    }
  }
}
