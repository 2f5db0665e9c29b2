import type { Reporter, TestModule } from 'vitest/node';
import { LEFT_OUT } from './left-out.js';

/** Says at the end which suites were left out and why, so that a green run on a bare machine does not look like a whole one. */
export class LeftOutReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    for (const testModule of modules) {
      for (const suite of testModule.children.allSuites()) {
        const reason = LEFT_OUT.exec(suite.name)?.[1];
        if (reason === undefined) continue;
        console.log(`Left out: ${suite.name.replace(LEFT_OUT, '')} (${testModule.relativeModuleId}): ${reason}`);
      }
    }
  }
}
