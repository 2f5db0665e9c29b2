import { describe, test } from 'vitest';
import { leftOutName } from './left-out.js';

/**
 * A suite that needs something a machine may lack. Where it is absent the suite is left out, and the end of the run says so and why; with
 * CI set, where everything is to be there, leaving it out is a failure.
 *
 *     requireOrSkip('the playground in a browser', existsSync(CHROMIUM), 'chromium is not installed')(() => { test(…) });
 */
export function requireOrSkip(name: string, available: boolean, reason: string): (suite: () => void) => void {
  return (suite) => {
    if (available) describe(name, suite);
    else if (isCi())
      describe(name, () => {
        test('can run here', () => Promise.reject(new Error(`${reason}: with CI set this suite must run`)));
      });
    else describe.skip(leftOutName(name, reason), suite);
  };
}

function isCi(): boolean {
  return !['', '0', 'false'].includes(process.env.CI ?? '');
}
