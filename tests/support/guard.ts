import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

/** Holds the id of a process that ends with the run; in a folder right below the scratch folder. */
export const PID_FILE = 'process.pid';

export interface GuardedRun {
  readonly scratchDir: string;
  readonly databasePrefix: string;
  /** A server that outlives the run, on which the run's databases are to be dropped. */
  readonly serverUrl?: string;
}

export interface Guard {
  cleanUp(): Promise<void>;
}

/**
 * A process beside the run that cleans up when the run's end of a pipe closes: asked for at the end of a run, and by the operating
 * system when the run is interrupted or killed. So nothing is left behind either way, and the one way to clean up is always tried.
 */
export function guard(run: GuardedRun): Guard {
  const script = fileURLToPath(new URL('clean-up.ts', import.meta.url));
  const child = spawn(process.execPath, ['--no-warnings', script, JSON.stringify({ ...run, pidFile: PID_FILE })], {
    detached: true,
    stdio: ['pipe', 'ignore', 'inherit'],
    env: { PATH: process.env.PATH },
  });
  child.unref();
  return {
    cleanUp: async () => {
      // Whoever asks waits for it, also where nothing else keeps the process alive.
      child.ref();
      const ended = once(child, 'exit');
      child.stdin.end();
      const [code] = (await ended) as [number | null];
      if (code !== 0) throw new Error(`the clean-up after the tests ended with ${String(code)}`);
    },
  };
}
