import { setTimeout as sleep } from 'node:timers/promises';
import type { Server } from './cluster.js';
import type { Stage } from './stage.js';

export interface Phase {
  readonly title: string;
  /** Servers die in it, so a client sends again, through the other one, what it got no answer to. */
  readonly killsServers?: boolean;
  /** Of the writes: what is a change of a name or a code. Few, if not given, since each has a whole shop's names read anew. */
  readonly renameShare?: number;
  /** Makes faults until the stage's time is over, and leaves everything well. */
  readonly disturb: (stage: Stage) => Promise<void>;
}

const LEAD_MS = 500;
const REDIS_DOWN_MS = 500;
const REDIS_KILL_EVERY_MS = 3_000;
const FROZEN_MS = 1_500;
const FREEZE_EVERY_MS = 3_000;
const UNLINKED_MS = 1_500;
const UNLINK_EVERY_MS = 4_000;
const SNAPSHOT_AGE_MS = 1_000;
const RESTORE_EVERY_MS = 4_000;
const SERVERS_UP_MS = 1_500;
/** The process ends between a commit and its announcement, after a few writes. */
const DIES_ANNOUNCING = { FAILPOINTS: 'cache.announce=0.2' };
const DIES_WITHIN_MS = 10_000;

/** A name that was set before the server died is set again to what it is already: that must be announced as well. */
const RENAMES_OF_THE_KILLED = 0.4;

/** What happens to the servers and to Redis while the clients write and read. */
export const PHASES = {
  calm: { title: 'nothing happens', disturb: calm },
  'redis-killed': { title: 'Redis is killed and starts again, empty', disturb: killRedis },
  'redis-frozen': { title: 'Redis is stopped and goes on', disturb: freezeRedis },
  'link-cut': { title: 'one server cannot reach Redis', disturb: cutLink },
  'server-killed': {
    title: 'a server is killed between commit and announcement',
    killsServers: true,
    renameShare: RENAMES_OF_THE_KILLED,
    disturb: killServers,
  },
  'redis-restored': { title: 'Redis is killed and starts with what it once held', disturb: restoreRedis },
} as const satisfies Record<string, Phase>;
export type PhaseName = keyof typeof PHASES;
export const PHASE_NAMES = Object.keys(PHASES) as PhaseName[];

async function calm(stage: Stage): Promise<void> {
  while (stage.goesOn()) await stage.pause(Infinity);
}

async function killRedis(stage: Stage): Promise<void> {
  const { redis } = stage.cluster;
  await stage.pause(LEAD_MS);
  while (stage.goesOn()) {
    stage.faultBegins('Redis killed');
    await redis.kill();
    await stage.pause(REDIS_DOWN_MS);
    await redis.restart();
    stage.faultIsOver();
    await stage.pause(REDIS_KILL_EVERY_MS - REDIS_DOWN_MS);
  }
}

async function freezeRedis(stage: Stage): Promise<void> {
  const { redis } = stage.cluster;
  await stage.pause(LEAD_MS);
  while (stage.goesOn()) {
    stage.faultBegins('Redis frozen');
    redis.freeze();
    await stage.pause(FROZEN_MS);
    redis.thaw();
    stage.faultIsOver();
    await stage.pause(FREEZE_EVERY_MS - FROZEN_MS);
  }
}

/** The hardest first, for a short phase has time for one. */
const CUTS = ['blackhole', 'cut', 'stall'] as const;

async function cutLink(stage: Stage): Promise<void> {
  const [, { redisLink }] = stage.cluster.servers;
  await stage.pause(LEAD_MS);
  for (let turn = 0; stage.goesOn(); turn += 1) {
    const how = CUTS[turn % CUTS.length] ?? 'cut';
    stage.faultBegins(`link ${how}`);
    redisLink[how]();
    await stage.pause(UNLINKED_MS);
    redisLink.heal();
    stage.faultIsOver();
    await stage.pause(UNLINK_EVERY_MS - UNLINKED_MS);
  }
}

/** At the worst moment, which only the server itself can find, and at any. At least once each, however short the phase is. */
async function killServers(stage: Stage): Promise<void> {
  const [first, second] = stage.cluster.servers;
  do {
    await killAndStart(stage, second, DIES_ANNOUNCING);
    const hasDied = await Promise.race([second.ended.then(() => true), sleep(DIES_WITHIN_MS, false, { ref: false })]);
    await killAndStart(stage, second, {}, hasDied ? 'killed before announcing' : undefined);
    await stage.pause(SERVERS_UP_MS);
    await killAndStart(stage, first, {});
    await stage.pause(SERVERS_UP_MS);
  } while (stage.goesOn());
}

async function killAndStart(
  stage: Stage,
  server: Server,
  env: Readonly<Record<string, string>>,
  how = 'killed at any time',
): Promise<void> {
  stage.faultBegins(how);
  await server.kill();
  await server.start(env);
  stage.faultIsOver();
}

/** It is down as shortly as can be: what it held a second ago is there again before anybody may have noticed. */
async function restoreRedis(stage: Stage): Promise<void> {
  const { redis } = stage.cluster;
  await stage.pause(LEAD_MS);
  while (stage.goesOn()) {
    await redis.snapshot();
    await stage.pause(SNAPSHOT_AGE_MS);
    stage.faultBegins('Redis restored');
    await redis.restart();
    stage.faultIsOver();
    await stage.pause(RESTORE_EVERY_MS - SNAPSHOT_AGE_MS);
  }
}
