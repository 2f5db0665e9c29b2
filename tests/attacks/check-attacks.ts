import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import type { Stage } from './attack-server.js';
import { operation, type Attack } from './attack.js';
import { credentialAttacks } from './credential-attacks.js';
import { DOCUMENT_ATTACKS } from './document-attacks.js';
import { REQUEST_ATTACKS } from './request-attacks.js';
import { SCHEMA_ATTACKS } from './schema-attacks.js';
import { send } from './send.js';

/**
 * Sends each attack to a server in production mode and takes the time until it is refused; then asks the usual things, calmly and with ten attacks a second
 * beside it. Fails where an attack takes 100 ms at its best of three, where the 99th percentile of the usual is more than twice the calm one, or where the
 * server has kept 100 MiB more than it began with.
 *
 *     npm run check:attacks -- [--seconds 20]
 */
const MOST_MS = 100;
const TRIES = 3;
const MOST_TIMES_CALM = 2;
const MOST_KEPT_BYTES = 100 * 1_048_576;
const BETWEEN_ATTACKS_MS = 100;
const CLIENTS = 8;
const MS_PER_S = 1_000;
const HTTP_OK = 200;
const USUAL = operation(
  'a page',
  '{ stockItems(first: 20) { nodes { id sku name onHand category { name } levels { onHand location { code } } } } }',
);

class Check {
  private constructor(
    private readonly child: ChildProcess,
    private readonly stage: Stage,
    private readonly attacks: readonly Attack[],
  ) {}

  static async open(): Promise<Check> {
    const execArgv = [...process.execArgv, '--expose-gc'];
    const child = fork(join(import.meta.dirname, 'attack-server.ts'), [], { execArgv });
    const [stage] = (await once(child, 'message')) as [Stage];
    const attacks = [...DOCUMENT_ATTACKS, ...SCHEMA_ATTACKS, ...REQUEST_ATTACKS, ...credentialAttacks(stage.secret)];
    return new Check(child, stage, attacks);
  }

  async close(): Promise<void> {
    this.child.disconnect();
    await once(this.child, 'exit');
  }

  async keptBytes(): Promise<number> {
    this.child.send('memory');
    const [bytes] = (await once(this.child, 'message')) as [number];
    return bytes;
  }

  /** The attacks that are not refused in time, each with how long it took. */
  async slowOnes(): Promise<string[]> {
    const took: (readonly [string, number])[] = [];
    for (const attack of this.attacks) {
      let best = Infinity;
      for (let n = 0; n < TRIES; n += 1) best = Math.min(best, (await this.send(attack)).ms);
      took.push([attack.name, best]);
    }
    took.sort(([, one], [, other]) => other - one);
    for (const [name, ms] of took.slice(0, 5)) console.log(`  ${ms.toFixed(0).padStart(5)} ms  ${name}`);
    return took.filter(([, ms]) => ms >= MOST_MS).map(([name, ms]) => `${name}: refused after ${ms.toFixed(0)} ms`);
  }

  /** The 99th percentile of the usual, in ms. */
  async usual(seconds: number, isAttacked: boolean): Promise<number> {
    const until = performance.now() + seconds * MS_PER_S;
    const times: number[] = [];
    const client = async (): Promise<void> => {
      while (performance.now() < until) {
        const { status, ms } = await this.send(USUAL);
        if (status !== HTTP_OK) throw new Error(`The usual was answered with ${String(status)}.`);
        times.push(ms);
      }
    };
    const attacker = isAttacked ? this.attackUntil(until) : Promise.resolve();
    await Promise.all([...Array.from({ length: CLIENTS }, client), attacker]);
    times.sort((one, other) => one - other);
    return times[Math.floor(times.length * 0.99)] ?? 0;
  }

  private async attackUntil(until: number): Promise<void> {
    const sent: Promise<unknown>[] = [];
    for (let n = 0; performance.now() < until; n += 1) {
      const attack = this.attacks[n % this.attacks.length];
      if (attack) sent.push(this.send(attack));
      await sleep(BETWEEN_ATTACKS_MS);
    }
    await Promise.all(sent);
  }

  private send(attack: Attack): ReturnType<typeof send> {
    return send(this.stage.url, attack, this.stage.secret);
  }
}

async function main(): Promise<string[]> {
  const { values } = parseArgs({ options: { seconds: { type: 'string', default: '20' } } });
  const seconds = Number(values.seconds);
  const check = await Check.open();
  try {
    await check.usual(seconds, false);
    const before = await check.keptBytes();
    const problems = await check.slowOnes();
    const calm = await check.usual(seconds, false);
    const attacked = await check.usual(seconds, true);
    const kept = (await check.keptBytes()) - before;
    console.log(`99th percentile of the usual: ${calm.toFixed(1)} ms calm, ${attacked.toFixed(1)} ms under attack`);
    console.log(`memory kept: ${String(Math.round(kept / 1_048_576))} MiB`);
    if (attacked > MOST_TIMES_CALM * calm) problems.push('under attack the usual takes more than twice as long');
    if (kept > MOST_KEPT_BYTES) problems.push('the server has kept more than 100 MiB');
    return problems;
  } finally {
    await check.close();
  }
}

const problems = await main();
for (const problem of problems) console.error(problem);
process.exitCode = problems.length > 0 ? 1 : 0;
