import { spawn, type ChildProcess } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createClient } from '@keyv/redis';
import { expect, inject } from 'vitest';
import { fixedPort } from '../../support/fixed-port.js';
import { PID_FILE } from '../../support/guard.js';
import { PATIENCE } from './cache-fixture.js';

export const MASTER_NAME = 'stock';
const START_TRIES = 5;

/** A real sentinel that decides by itself, watching one master; it knows the master's replicas when the promise resolves. */
export class RedisSentinel {
  private constructor(
    readonly port: number,
    private readonly child: ChildProcess,
  ) {}

  /** The replicas must have found their master already. */
  static async start(masterPort: number, replicas: number): Promise<RedisSentinel> {
    for (let tries = 1; ; tries += 1) {
      const sentinel = RedisSentinel.spawn(fixedPort(), masterPort);
      try {
        await expect.poll(() => sentinel.pidThere(), PATIENCE).toBe(sentinel.child.pid);
        await expect.poll(() => sentinel.knownReplicas(), PATIENCE).toBe(replicas);
        return sentinel;
      } catch (error) {
        await sentinel.kill();
        // Most likely somebody else has the port.
        if (tries >= START_TRIES) throw error;
      }
    }
  }

  private static spawn(port: number, masterPort: number): RedisSentinel {
    const home = join(inject('scratchDir'), `sentinel-${randomUUID()}`);
    mkdirSync(home);
    const file = join(home, 'sentinel.conf');
    // It writes to this file what it learns.
    const lines = [
      `port ${String(port)}`,
      'bind 127.0.0.1',
      `dir ${home}`,
      `logfile ${join(home, 'sentinel.log')}`,
      `pidfile ${join(home, PID_FILE)}`,
      `sentinel monitor ${MASTER_NAME} 127.0.0.1 ${String(masterPort)} 1`,
      `sentinel down-after-milliseconds ${MASTER_NAME} 1000`,
      `sentinel failover-timeout ${MASTER_NAME} 5000`,
    ];
    writeFileSync(file, `${lines.join('\n')}\n`);
    const child = spawn('redis-server', [file, '--sentinel'], { cwd: home, detached: true, stdio: 'ignore' });
    child.on('error', () => undefined);
    return new RedisSentinel(port, child);
  }

  /** The port of the server that it takes for the master now. */
  async masterPort(): Promise<number> {
    const [, port] = (await this.ask('SENTINEL', 'get-master-addr-by-name', MASTER_NAME)) as [string, string];
    return Number(port);
  }

  /** Resolves when another server has taken over. */
  async failOver(): Promise<void> {
    const before = await this.masterPort();
    expect(await this.ask('SENTINEL', 'FAILOVER', MASTER_NAME)).toBe('OK');
    await expect.poll(() => this.masterPort(), { ...PATIENCE, timeout: 2 * PATIENCE.timeout }).not.toBe(before);
  }

  async kill(): Promise<void> {
    if (this.child.pid === undefined || this.child.exitCode !== null || this.child.signalCode !== null) return;
    const ended = once(this.child, 'exit');
    this.child.kill('SIGKILL');
    await ended;
  }

  private async knownReplicas(): Promise<number> {
    const replicas = (await this.ask('SENTINEL', 'replicas', MASTER_NAME)) as string[][];
    return replicas.filter((fields) => fields.join(' ').includes('master-link-status ok')).length;
  }

  /** Of the process that answers on its port. */
  private async pidThere(): Promise<number> {
    const info = await this.ask('INFO', 'server').catch(() => '');
    return Number(/process_id:(\d+)/.exec(String(info))?.[1]);
  }

  private async ask(...words: string[]): Promise<unknown> {
    const client = createClient({ socket: { host: '127.0.0.1', port: this.port, reconnectStrategy: false } });
    client.on('error', () => undefined);
    await client.connect();
    try {
      return await client.sendCommand(words);
    } finally {
      client.destroy();
    }
  }
}
