import type { EntityManager } from '@mikro-orm/postgresql';
import { EndedTooSoon, ENDINGS, type Ending, type EndingName } from './endings.js';
import { Movements } from './movements.js';
import { playRound, type RoundLimits, type RoundParts } from './round.js';
import { Servers, type ServersOptions } from './servers.js';
import { RevocationShop } from './shop.js';
import { problemsOf, type Observed } from './verdict.js';

/** A busy machine takes its time until a credential is in use: each time it may live twice as long. */
const TRIES = 5;

export interface CheckerOptions extends ServersOptions {
  readonly em: EntityManager;
}

/** All rounds of one ending. */
export interface EndingResult {
  readonly name: EndingName;
  readonly rounds: readonly Observed[];
  readonly problems: readonly string[];
}

/** Two servers and a shop, in which credentials are used and ended one after the other. */
export class RevocationChecker {
  private constructor(
    private readonly servers: Servers,
    private readonly shop: RevocationShop,
    private readonly movements: Movements,
  ) {}

  static async open(options: CheckerOptions): Promise<RevocationChecker> {
    const shop = await RevocationShop.make(options.em);
    const servers = await Servers.start(options);
    return new RevocationChecker(servers, shop, new Movements(shop, servers.urls));
  }

  /** Ends `rounds` credentials, through each server in turn. */
  async run(name: EndingName, rounds: number, limits: RoundLimits): Promise<EndingResult> {
    const ending: Ending = ENDINGS[name];
    const parts = { servers: this.servers, shop: this.shop, movements: this.movements };
    const seen: Observed[] = [];
    const problems: string[] = [];
    for (let round = 0; round < rounds; round += 1) {
      const where = `${name}, round ${String(round + 1)}`;
      try {
        const observed = await playPatiently(parts, ending, { through: round % this.servers.all.length, limits });
        seen.push(observed);
        const promised = { keepsSockets: ending.keepsSockets, boundMs: limits.boundMs };
        problems.push(...problemsOf(observed, promised).map((problem) => `${where}: ${problem}`));
      } catch (error) {
        problems.push(`${where}: ${String(error)}`);
      }
    }
    const failed = this.movements.faults.splice(0).map((fault) => `${name}: a movement was refused: ${fault}`);
    return { name, rounds: seen, problems: [...problems, ...failed] };
  }

  /** What the servers have written, for somebody who looks for a cause. */
  get output(): string {
    return this.servers.output;
  }

  async close(): Promise<void> {
    await this.movements.stop();
    await this.servers.stop();
  }
}

async function playPatiently(parts: RoundParts, ending: Ending, how: Parameters<typeof playRound>[2]): Promise<Observed> {
  for (let [tries, lifeMs] = [1, how.limits.lifeMs]; ; tries += 1, lifeMs *= 2) {
    try {
      return await playRound(parts, ending, { ...how, limits: { ...how.limits, lifeMs } });
    } catch (error) {
      if (!(error instanceof EndedTooSoon) || tries >= TRIES) throw error;
    }
  }
}
