import { spawn } from 'node:child_process';
import type { ServerUser } from './server-user.js';

export interface Finished {
  readonly status: number | null;
  readonly output: string;
}

/** PostgreSQL's programs get no more of our environment than they need; messages come in English, so that they can be recognised. */
export const SERVER_ENV = process.platform === 'win32' ? undefined : { PATH: '/usr/bin:/bin', LC_ALL: 'C' };

/** Runs a program to its end in a session of its own, so that Ctrl-C in the terminal does not reach it. */
export function run(program: string, args: readonly string[], options: { user: ServerUser; input?: string }): Promise<Finished> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { ...options.user, cwd: '/', env: SERVER_ENV, detached: true, windowsHide: true });
    let output = '';
    const keep = (chunk: Buffer): void => {
      output += chunk.toString();
    };
    child.stdout.on('data', keep);
    child.stderr.on('data', keep);
    child.once('error', reject);
    child.once('close', (status) => {
      resolve({ status, output });
    });
    child.stdin.end(options.input ?? '');
  });
}
