import { parseArgs } from 'node:util';
import { conclude } from '../support/conclude.js';
import { createTestDatabase } from '../support/database.js';
import { redisAvailable } from '../support/redis-server.js';
import { buildServer, killStarted } from '../support/server-process.js';
import { openTestRun } from '../support/test-run.js';
import { RevocationChecker, type CheckerOptions, type EndingResult } from './checker.js';
import { ENDING_NAMES, ENDINGS, type EndingName } from './endings.js';
import { table } from './report.js';
import type { RoundLimits } from './round.js';

const SETTINGS = ['redis', 'alone'] as const;
type Setting = (typeof SETTINGS)[number];
const USAGE = `usage: npm run check:revocation -- [--rounds 20] [--settings ${SETTINGS.join(',')}] [--endings ${ENDING_NAMES.join(',')}]`;
const LIMITS: RoundLimits = { leadMs: 500, lifeMs: 2_000, afterMs: 1_200, boundMs: 1_000 };
const SHOWN_LINES = 40;

interface Arguments {
  readonly rounds: number;
  readonly settings: readonly Setting[];
  readonly endings: readonly EndingName[];
}

function readArguments(): Arguments | undefined {
  const options = {
    rounds: { type: 'string', default: '20' },
    settings: { type: 'string', default: SETTINGS.join(',') },
    endings: { type: 'string', default: ENDING_NAMES.join(',') },
  } as const;
  try {
    const { values } = parseArgs({ options, strict: true });
    const rounds = Number(values.rounds);
    const settings = values.settings.split(',').filter((name): name is Setting => SETTINGS.includes(name as Setting));
    const endings = values.endings.split(',').filter((name): name is EndingName => Object.hasOwn(ENDINGS, name));
    const areKnown = settings.length === values.settings.split(',').length && endings.length === values.endings.split(',').length;
    return Number.isSafeInteger(rounds) && rounds > 0 && areKnown ? { rounds, settings, endings } : undefined;
  } catch {
    return undefined;
  }
}

/** Gives what is wrong, a line each. */
async function check({ rounds, settings, endings }: Arguments): Promise<string[]> {
  buildServer();
  const { run, close } = await openTestRun();
  try {
    const database = await createTestDatabase({}, run);
    const problems: string[] = [];
    try {
      for (const setting of settings) {
        const withRedis = setting === 'redis';
        console.log(`\nTwo servers ${withRedis ? 'that share a Redis' : 'without Redis'}`);
        const options = { databaseUrl: database.url, em: database.orm.em, scratchDir: run.scratchDir, withRedis };
        const results = await checkSetting(options, endings, rounds);
        console.log(`\n${table(results)}`);
        problems.push(...results.flatMap((result) => result.problems).map((problem) => `${setting}: ${problem}`));
      }
    } finally {
      await database.drop();
    }
    return problems;
  } finally {
    killStarted();
    await close();
  }
}

async function checkSetting(
  options: CheckerOptions,
  endings: readonly EndingName[],
  rounds: number,
): Promise<readonly EndingResult[]> {
  const checker = await RevocationChecker.open(options);
  try {
    const results: EndingResult[] = [];
    for (const name of endings) {
      console.log(`${name}: ${ENDINGS[name].title}`);
      results.push(await checker.run(name, rounds, LIMITS));
    }
    if (results.some(({ problems }) => problems.length > 0)) {
      console.log(`The servers wrote last:\n${checker.output.split('\n').slice(-SHOWN_LINES).join('\n')}\n`);
    }
    return results;
  } finally {
    await checker.close();
  }
}

const args = readArguments();
if (!args || (args.settings.includes('redis') && !redisAvailable())) {
  console.error(args ? 'redis-server is not installed' : USAGE);
  process.exitCode = 2;
} else {
  conclude(
    await check(args),
    '\nRefused everywhere from the acknowledgement on, told of nothing later, and every socket closed within 1 s.',
  );
}
