import { parseArgs } from 'node:util';
import { createTestDatabase } from '../../support/database.js';
import { openTestRun } from '../../support/test-run.js';
import { openPeopleApp } from './people-app.js';
import { median, RARE_Z, rankSumZ, ratioOfMedians } from './rank-sum.js';
import { RoomyLimits } from './roomy-limits.js';

/**
 * Signs in with a wrong password and at an address that nobody has, in pairs, either first by chance, one request at a time over HTTP, and says how long each
 * took: can a stranger tell who has an account? The first request behind each is timed too, since a refusal is noted behind its reply. Fails where the ranks of
 * the times differ as they would once in a thousand checks by chance, and the medians by more than 2 % besides, with 95 of 100 certainty.
 *
 *     npm run check:sign-in-timing -- [--pairs 300]
 */
const USUAL_PAIRS = '300';
const FEWEST_PAIRS = 30;
const MOST_APART = 0.02;
const WARM_UP = 20;
const ROOM = 1_000_000_000;
const KNOWN = 'thandi@example.co.za';
const WRONG = 'wrong horse battery';
const QUERY =
  'mutation ($email: String!, $password: String!) { signIn(email: $email, password: $password) { token userErrors { code } } }';

interface Times {
  /** Of the sign-in, and of the request behind it, in milliseconds. */
  readonly reply: number[];
  readonly next: number[];
}

class Stranger {
  constructor(private readonly url: string) {}

  /** Milliseconds until the refusal was read. */
  async signIn(email: string): Promise<number> {
    const { ms, text } = await this.send({ query: QUERY, variables: { email, password: WRONG } });
    if (!text.includes('"code":"INVALID"')) throw new Error(`not refused as a wrong password is: ${text}`);
    return ms;
  }

  async somethingElse(): Promise<number> {
    return (await this.send({ query: '{ __typename }' })).ms;
  }

  private async send(body: object): Promise<{ ms: number; text: string }> {
    const beganAt = performance.now();
    const response = await fetch(`${this.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    const text = await response.text();
    return { ms: performance.now() - beganAt, text };
  }
}

async function main(): Promise<void> {
  const pairs = readPairs();
  const { run, close } = await openTestRun();
  try {
    const database = await createTestDatabase({}, run);
    const world = await openPeopleApp({
      ...{ database, limits: new RoomyLimits(ROOM) },
      env: { STRANGERS_PER_MINUTE: '1000000', COST_LIMIT: '1000000000', COST_RESTORE_PER_S: '1000000000' },
    });
    try {
      await world.openShop(KNOWN);
      const { url } = await world.app.listen();
      const { known, unknown } = await measure(new Stranger(url), pairs);
      console.log(`${String(pairs)} pairs of a wrong password and an address that nobody has`);
      const told = [compare('the refusal', unknown.reply, known.reply), compare('the next request', unknown.next, known.next)];
      if (told.includes(true)) process.exitCode = 1;
    } finally {
      await world.close();
      await database.drop();
    }
  } finally {
    await close();
  }
}

function readPairs(): number {
  const { values } = parseArgs({ options: { pairs: { type: 'string', default: USUAL_PAIRS } } });
  const pairs = Number(values.pairs);
  if (!Number.isInteger(pairs) || pairs < FEWEST_PAIRS)
    throw new Error(`--pairs takes a whole number from ${String(FEWEST_PAIRS)} on`);
  return pairs;
}

async function measure(stranger: Stranger, pairs: number): Promise<{ known: Times; unknown: Times }> {
  const known: Times = { reply: [], next: [] };
  const unknown: Times = { reply: [], next: [] };
  for (let pair = -WARM_UP; pair < pairs; pair += 1) {
    // As long as the other, and never asked for before.
    const nobody = `n${String(pair + WARM_UP).padStart(5, '0')}@example.co.za`;
    const both = [
      [known, KNOWN],
      [unknown, nobody],
    ] as const;
    for (const [times, email] of Math.random() < 0.5 ? both : both.toReversed()) {
      const reply = await stranger.signIn(email);
      const next = await stranger.somethingElse();
      if (pair < 0) continue;
      times.reply.push(reply);
      times.next.push(next);
    }
  }
  return { known, unknown };
}

/** Whether they can be told apart. */
function compare(what: string, unknown: readonly number[], known: readonly number[]): boolean {
  const z = rankSumZ(unknown, known);
  const { ratio, low, high } = ratioOfMedians(unknown, known);
  const isTold = Math.abs(z) > RARE_Z && (low > 1 + MOST_APART || high < 1 - MOST_APART);
  const medians = `medians ${median(unknown).toFixed(3)} ms (nobody) and ${median(known).toFixed(3)} ms (wrong password)`;
  const interval = `ratio ${ratio.toFixed(4)}, 95 % between ${low.toFixed(4)} and ${high.toFixed(4)}`;
  console.log(
    `${what}: ${medians}; ${interval}; rank sum z ${z.toFixed(2)}: ${isTold ? 'CAN BE TOLD APART' : 'cannot be told apart'}`,
  );
  return isTold;
}

await main();
