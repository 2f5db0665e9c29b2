import { randomUUID } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { inject } from 'vitest';
import type { S3Settings } from '../../src/adapters/files/s3-file-store.js';
import { cephAvailable, startCeph, type CephGateway } from './ceph-server.js';
import { s3ServedBy } from './s3-served-by.js';
import { startS3rver } from './s3rver-server.js';
import { TcpProxy } from './tcp-proxy.js';

const POLL_MS = 50;
const SHARED_TIMEOUT_MS = 80_000;
const REGION = 'us-east-1';

export interface S3Server {
  /** Of a bucket of its own, which does not exist yet. */
  readonly settings: S3Settings;
  /** No request is answered from now on, and none is refused. */
  freeze(): void;
  thaw(): void;
  /** How many requests are waiting for an answer. */
  held(): number;
  stop(): Promise<void>;
}

/** A real server where the machine has one; S3_TEST_SERVER=s3rver takes the other nevertheless. */
export const isCeph = process.env.S3_TEST_SERVER !== 's3rver' && cephAvailable();

/** How a suite is called that runs on it: the end of the run says which it was. */
export const S3 = s3ServedBy(isCeph ? 'Ceph' : 's3rver behind a door');

export async function startS3(): Promise<S3Server> {
  return isCeph ? startOnCeph(await sharedCeph()) : startS3rver();
}

/** One for all files of a run: the first that asks starts it, the others wait. It ends with the run. */
async function sharedCeph(): Promise<CephGateway> {
  const folder = join(inject('scratchDir'), 'ceph-shared');
  const said = join(folder, 'gateway.json');
  try {
    mkdirSync(folder);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    return waitFor(said);
  }
  const answer = await startCeph(inject('scratchDir')).catch((error: unknown) => ({ failure: String(error) }));
  // Renamed, so that nobody reads half of it.
  writeFileSync(`${said}.new`, JSON.stringify(answer));
  renameSync(`${said}.new`, said);
  return waitFor(said);
}

async function waitFor(said: string): Promise<CephGateway> {
  const deadline = Date.now() + SHARED_TIMEOUT_MS;
  for (;;) {
    try {
      const answer = JSON.parse(readFileSync(said, 'utf8')) as CephGateway | { failure: string };
      if ('failure' in answer) throw new Error(`Ceph did not start (S3_TEST_SERVER=s3rver does without): ${answer.failure}`);
      return answer;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT' || Date.now() > deadline) throw error;
    }
    await sleep(POLL_MS);
  }
}

/** A way of one's own to the gateway that all share: it changes no byte, and can be held up. */
async function startOnCeph({ port, accessKey, secretKey }: CephGateway): Promise<S3Server> {
  const door = await TcpProxy.open(port);
  const endpoint = `http://127.0.0.1:${String(door.port)}`;
  const settings = { endpoint, publicEndpoint: endpoint, bucket: `files-${randomUUID()}`, region: REGION, accessKey, secretKey };
  return {
    settings,
    freeze: () => {
      door.stall();
    },
    thaw: () => {
      door.heal();
    },
    // The store makes a connection for each request.
    held: () => door.waiting,
    stop: () => door.close(),
  };
}
