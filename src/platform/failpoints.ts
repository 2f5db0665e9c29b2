/** What places in the program may be made to fail, and how often: a part of 1 each. For checks; no place fails by itself. */
export type Failpoints = Readonly<Record<string, number>>;

/**
 * Ends this process as `kill -9` would, in as many of the passes as is set for the place: nothing is written, closed or sent any more. What must
 * survive a crash between two steps is checked by crashing there.
 */
export function passFailpoint(failpoints: Failpoints, place: string): void {
  const share = failpoints[place];
  if (share !== undefined && Math.random() < share) process.kill(process.pid, 'SIGKILL');
}
