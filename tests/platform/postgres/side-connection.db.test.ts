import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { setImmediate } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { SideConnection } from '../../../src/platform/postgres/side-connection.js';
import { createTestDatabase, type TestDatabase } from '../../support/database.js';

const POLL = { timeout: 10_000, interval: 10 };
const TIMEOUT_MS = 300;

/** What becomes of what the client sends, and of its connection. */
type Judge = (sent: string) => 'forward' | 'reset' | 'swallow';
/** By a word that the client says then. */
const STEPS = [
  ['connects', 'client_encoding'],
  ['asks who it is', 'pg_backend_pid'],
  ['begins to listen', 'listen'],
  ['runs a statement', 'one'],
] as const;
const FORWARD: Judge = () => 'forward';

let database: TestDatabase;
let way: Server;
let judge: Judge;
let callers: Set<Socket>;
let heard: string[];
let side: SideConnection;
const unheard: unknown[] = [];

beforeAll(async () => {
  database = await createTestDatabase();
  process.on('unhandledRejection', note);
});
afterAll(async () => {
  process.off('unhandledRejection', note);
  await database.drop();
});
beforeEach(async () => {
  [judge, callers, heard] = [FORWARD, new Set(), []];
  const { hostname, port } = new URL(database.url);
  way = createServer((caller) => {
    callers.add(caller);
    const server = connect({ port: Number(port || 5432), host: hostname });
    for (const [end, other] of [
      [caller, server],
      [server, caller],
    ] as const) {
      end.on('error', () => undefined);
      end.on('close', () => {
        callers.delete(caller);
        other.destroy();
      });
    }
    server.pipe(caller);
    caller.on('data', (chunk) => {
      const verdict = judge(chunk.toString());
      if (verdict === 'forward') server.write(chunk);
      if (verdict === 'reset') caller.resetAndDestroy();
    });
  }).listen(0, '127.0.0.1');
  await once(way, 'listening');
  const url = new URL(database.url);
  [url.hostname, url.port] = ['127.0.0.1', String((way.address() as AddressInfo).port)];
  const onNotify = (payload: string): void => {
    heard.push(payload);
  };
  side = new SideConnection({ url: url.href, channel: 'test', onNotify, timeoutMs: TIMEOUT_MS });
});
afterEach(async () => {
  await side.close();
  way.close();
  // One turn later it would have been told.
  await setImmediate();
  expect(unheard).toEqual([]);
});

function note(reason: unknown): void {
  unheard.push(reason);
}

async function works(): Promise<boolean> {
  return (await side.query<{ one: number }>('select $1::int as one', [1]).catch(() => []))[0]?.one === 1;
}

/** Here the machine may be busy, and nothing may take longer than TIMEOUT_MS. */
async function untilItWorks(): Promise<void> {
  await expect.poll(works, POLL).toBe(true);
}

describe('a side connection', () => {
  test('hears what others say, and not itself', async () => {
    await untilItWorks();
    await side.query(`select pg_notify('test', $1)`, ['by itself']);
    await database.orm.em.fork().execute(`notify test, 'by another'`);
    await expect.poll(() => heard, POLL).toEqual(['by another']);
  });

  test.each(STEPS)('that is reset while it %s is opened anew by the next statement', async (_, mark) => {
    judge = (sent) => (sent.includes(mark) ? 'reset' : 'forward');
    expect(await works()).toBe(false);
    judge = FORWARD;
    await untilItWorks();
  });

  test.each(STEPS)('that hangs while it %s is given up and closed', async (_, mark) => {
    judge = (sent) => (sent.includes(mark) ? 'swallow' : 'forward');
    expect(await works()).toBe(false);
    await expect.poll(() => callers.size, POLL).toBe(0);
    judge = FORWARD;
    await untilItWorks();
    expect(callers.size).toBe(1);
  });

  test('that is lost while nobody uses it is opened anew', async () => {
    await untilItWorks();
    for (const caller of callers) caller.resetAndDestroy();
    await untilItWorks();
    expect(callers.size).toBe(1);
  });

  test('asks nothing once it is closed', async () => {
    await untilItWorks();
    await side.close();
    await expect(side.query('select 1', [])).rejects.toThrow('closed');
    await expect.poll(() => callers.size, POLL).toBe(0);
  });
});
