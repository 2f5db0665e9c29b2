import { parseArgs } from 'node:util';
import { conclude } from '../support/conclude.js';
import { createTestDatabase } from '../support/database.js';
import { redisAvailable } from '../support/redis-server.js';
import { buildServer, killStarted } from '../support/server-process.js';
import { openTestRun } from '../support/test-run.js';
import { Checker, type PhaseResult } from './checker.js';
import { PHASE_NAMES, PHASES, type PhaseName } from './phases.js';
import { problemsOf, table } from './report.js';

const USAGE = `usage: npm run check:coherence -- [--seconds 60] [--phase ${PHASE_NAMES.join(',')}] [--clients 32] [--writes 0.1]`;
/** How soon both servers are to hit their cache again after a fault. */
const PATIENCE_MS = 2_000;

const SHOWN_LINES = 40;

interface Arguments {
  readonly seconds: number;
  readonly phases: readonly PhaseName[];
  readonly clients: number | undefined;
  readonly writeShare: number | undefined;
}

function readArguments(): Arguments | undefined {
  const options = {
    seconds: { type: 'string', default: '60' },
    phase: { type: 'string', default: PHASE_NAMES.join(',') },
    clients: { type: 'string' },
    writes: { type: 'string' },
  } as const;
  try {
    const { values } = parseArgs({ options, strict: true });
    const number = (text: string | undefined) => (text === undefined ? undefined : Number(text));
    const phases = values.phase.split(',').filter((name): name is PhaseName => name in PHASES);
    const read = { seconds: Number(values.seconds), phases, clients: number(values.clients), writeShare: number(values.writes) };
    const isRead = [read.seconds, read.clients ?? 1, read.writeShare ?? 0].every((value) => value >= 0);
    return isRead && phases.length === values.phase.split(',').length ? read : undefined;
  } catch {
    return undefined;
  }
}

/** Gives what is wrong, a line each. */
async function check({ seconds, phases, clients, writeShare }: Arguments): Promise<string[]> {
  buildServer();
  const { run, close } = await openTestRun();
  try {
    const database = await createTestDatabase({}, run);
    const options = { databaseUrl: database.url, em: database.orm.em, scratchDir: run.scratchDir, clients, writeShare };
    const checker = await Checker.open(options);
    try {
      const results: PhaseResult[] = [];
      for (const name of phases) {
        console.log(`${name}: ${PHASES[name].title}, ${String(seconds)} s`);
        results.push(await checker.run(name, seconds, PATIENCE_MS));
      }
      console.log(`\n${table(results)}\n`);
      const problems = [...results.flatMap(problemsOf), ...(await checker.faults())];
      if (problems.length > 0) console.log(`The servers wrote last:\n${lastLines(checker.output)}\n`);
      return problems;
    } finally {
      await checker.close();
      await database.drop();
    }
  } finally {
    killStarted();
    await close();
  }
}

function lastLines(text: string): string {
  return text.split('\n').slice(-SHOWN_LINES).join('\n');
}

const args = readArguments();
if (!args || !redisAvailable()) {
  console.error(args ? 'redis-server is not installed' : USAGE);
  process.exitCode = 2;
} else {
  conclude(
    await check(args),
    'Coherent: nothing stale, no errors, every acknowledged write once in the ledger, every level the sum of its lines.',
  );
}
