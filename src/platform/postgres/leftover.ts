import { spawnSync } from 'node:child_process';
import { readFileSync, readlinkSync, realpathSync, rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { Binaries } from './binaries.js';
import { run } from './run.js';
import type { ServerUser } from './server-user.js';

const PID_LINE = 0;
const PORT_LINE = 3;
const STATUS_LINE = 7;
const STOP_TIMEOUT_SECONDS = '20';

export interface PidFile {
  readonly pid: number;
  readonly port: number;
  readonly ready: boolean;
}

/** What a PostgreSQL server wrote of itself into its folder (postmaster.pid; the eighth line is its state). */
export function readPidFile(cluster: string): PidFile | undefined {
  try {
    const lines = readFileSync(join(cluster, 'postmaster.pid'), 'utf8').split('\n');
    return { pid: Number(lines[PID_LINE]), port: Number(lines[PORT_LINE]), ready: lines[STATUS_LINE]?.trim() === 'ready' };
  } catch {
    return undefined;
  }
}

/**
 * Stops the server that a killed process left on the folder. The caller holds the folder's lock, so nobody else uses it.
 * A pid file whose pid is now some other program's is removed, or PostgreSQL would refuse to start.
 */
export async function stopLeftover(cluster: string, binaries: Binaries, user: ServerUser): Promise<void> {
  const left = readPidFile(cluster);
  if (!left) return;
  if (!isServerOn(left.pid, cluster)) {
    rmSync(join(cluster, 'postmaster.pid'), { force: true });
    return;
  }
  for (const mode of ['fast', 'immediate']) {
    const stopped = await run(binaries.path('pg_ctl'), ['stop', '-D', cluster, '-m', mode, '-w', '-t', STOP_TIMEOUT_SECONDS], {
      user,
    });
    if (stopped.status === 0 || !isServerOn(left.pid, cluster)) return;
  }
  throw new Error(`the PostgreSQL server that was left on ${cluster} (process ${String(left.pid)}) does not stop`);
}

/** Whether the pid is a PostgreSQL server that works in this folder, and not a program that got the number since. */
export function isServerOn(pid: number, cluster: string): boolean {
  if (!Number.isSafeInteger(pid) || pid <= 0) return false;
  if (process.platform === 'linux') return isServerByProc(pid, cluster);
  const ask =
    process.platform === 'win32'
      ? ['tasklist', '/NH', '/FI', `PID eq ${String(pid)}`]
      : ['ps', '-o', 'command=', '-p', String(pid)];
  const [command = '', ...args] = ask;
  const shown = spawnSync(command, args, { encoding: 'utf8' }).stdout;
  return shown.includes('postgres') && (process.platform === 'win32' || shown.includes(cluster));
}

function isServerByProc(pid: number, cluster: string): boolean {
  try {
    const [program = ''] = readFileSync(`/proc/${String(pid)}/cmdline`, 'utf8').split('\0');
    return basename(program).startsWith('postgres') && readlinkSync(`/proc/${String(pid)}/cwd`) === realpathSync(cluster);
  } catch {
    return false;
  }
}
